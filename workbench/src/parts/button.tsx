import type { ComponentProps, ReactNode } from "react";
import styles from "./button.module.css";

/** `main`: the one thing to do next; `plain`: an action among others; `quiet`: looks like text until it is needed. */
export function Button({
  look = "plain",
  keys,
  children,
  ...rest
}: ComponentProps<"button"> & { look?: "main" | "plain" | "quiet" | "danger"; keys?: string }): ReactNode {
  return (
    <button type="button" className={styles.button} data-look={look} {...rest}>
      {children}
      {keys !== undefined && <kbd aria-hidden="true">{keys}</kbd>}
    </button>
  );
}
