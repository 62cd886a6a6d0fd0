import { type ReactNode, useRef } from "react";
import { Button } from "./button.tsx";
import styles from "./chosen.module.css";
import { FieldLabel } from "./field.tsx";
import { handOver, useHandedFocus } from "./focus.ts";

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
  const button = useRef<HTMLButtonElement>(null);
  useHandedFocus(button);
  return (
    <div className={styles.chosen}>
      <span className={styles.label}>{label}</span>
      <p>{children}</p>
      <Button ref={button} look="quiet" onClick={() => handOver(onRemove)}>
        {remove}
      </Button>
      {problem !== undefined && problem !== null && (
        <p role="alert" className={styles.problem}>
          <FieldLabel value={label}>{problem}</FieldLabel>
        </p>
      )}
    </div>
  );
}
