import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import styles from "./chosen.module.css";

/** What was chosen in a field that finds things: it stands in the field's place until it is removed. */
export function Chosen({
  label,
  remove,
  onRemove,
  problem,
  children,
}: {
  label: string;
  remove: string;
  onRemove: () => void;
  problem?: ReactNode;
  children: ReactNode;
}): ReactNode {
  return (
    <div className={styles.chosen}>
      <span className={styles.label}>{label}</span>
      <p>{children}</p>
      <Button look="quiet" onClick={onRemove}>
        {remove}
      </Button>
      {problem !== undefined && problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
    </div>
  );
}
