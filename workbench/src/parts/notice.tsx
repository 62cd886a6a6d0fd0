import type { ReactNode } from "react";
import { Button } from "./button.tsx";
import styles from "./notice.module.css";

/** Something to be told: an empty list that teaches, a failure and what to do about it. */
export function Notice({
  tone = "calm",
  title,
  children,
  action,
}: {
  tone?: "calm" | "danger";
  title: string;
  children?: ReactNode;
  action?: { readonly label: string; readonly run: () => void };
}): ReactNode {
  return (
    <div className={styles.notice} data-tone={tone} role={tone === "danger" ? "alert" : undefined}>
      <p className={styles.title}>{title}</p>
      {children !== undefined && children !== "" && <div className={styles.words}>{children}</div>}
      {action !== undefined && (
        <p>
          <Button onClick={action.run}>{action.label}</Button>
        </p>
      )}
    </div>
  );
}
