import type { ReactNode } from "react";
import { Link } from "react-router";
import { say } from "../strings.ts";
import styles from "./rule-link.module.css";

/** To the rule by which statuses come about; `version`: of the rule by which this one did. */
export function RuleLink({ version }: { version?: number }): ReactNode {
  return (
    <Link
      to="/rule"
      className={styles.link}
      title={version === undefined ? undefined : say.rule.version(version)}
    >
      {say.rule.link}
    </Link>
  );
}
