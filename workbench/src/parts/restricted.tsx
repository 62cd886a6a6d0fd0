import type { ReactNode } from "react";
import { say } from "../strings.ts";
import styles from "./restricted.module.css";

/** Says of a source or a claim that outsiders do not see it, and why; nothing where they do. */
export function RestrictedBadge({
  node: { hidden, restricted },
  because,
}: {
  node: { readonly hidden: boolean; readonly restricted: boolean };
  /** Why it is hidden where it is not restricted itself. */
  because: string;
}): ReactNode {
  if (!hidden) return null;
  return (
    <p className={styles.badge}>
      <strong>{say.restricted.label}</strong> <span>{restricted ? say.restricted.hidden : because}</span>
    </p>
  );
}
