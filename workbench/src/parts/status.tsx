import type { ReactNode } from "react";
import type { CorroborationStatus } from "#generated/types.ts";
import { say } from "../strings.ts";
import styles from "./status.module.css";

/** The shape of a status: two circles agree, one stands alone, half against half, crossed out, worn, struck. */
const SHAPES: Record<CorroborationStatus, ReactNode> = {
  CORROBORATED: (
    <>
      <circle cx="5.5" cy="8" r="4.25" fill="currentColor" />
      <circle cx="10.5" cy="8" r="4.25" fill="currentColor" fillOpacity="0.55" />
    </>
  ),
  UNCORROBORATED: <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.75" />,
  DISPUTED: (
    <>
      <circle cx="8" cy="8" r="5" fill="none" stroke="currentColor" strokeWidth="1.75" />
      <path d="M8 3a5 5 0 0 1 0 10z" fill="currentColor" />
    </>
  ),
  CONTRADICTED: (
    <path d="M4 4l8 8M12 4l-8 8" stroke="currentColor" strokeWidth="2.25" strokeLinecap="round" />
  ),
  OUTDATED: (
    <>
      <circle
        cx="8"
        cy="8"
        r="5"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.5"
        strokeDasharray="2.2 1.9"
      />
      <path d="M8 5.25V8l2 1.5" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" />
    </>
  ),
  RETRACTED: (
    <>
      <circle cx="8" cy="8" r="4.5" fill="none" stroke="currentColor" strokeWidth="1.5" />
      <path d="M2 8h12" stroke="currentColor" strokeWidth="1.75" strokeLinecap="round" />
    </>
  ),
};

/** The shape alone. Whatever stands beside it has to say the word. */
export function StatusShape({ status }: { status: CorroborationStatus }): ReactNode {
  return (
    <svg className={styles.shape} data-status={status} viewBox="0 0 16 16" aria-hidden="true">
      {SHAPES[status]}
    </svg>
  );
}

/** The status of a claim, never without its word: hue alone says nothing. */
export function StatusMark({
  status,
  size = "small",
}: {
  status: CorroborationStatus;
  size?: "small" | "large";
}) {
  return (
    <span className={styles.mark} data-status={status} data-size={size}>
      <StatusShape status={status} />
      {say.status[status]}
    </span>
  );
}
