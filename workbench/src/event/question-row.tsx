import type { ReactNode } from "react";
import { Link } from "react-router";
import type { QuestionRowFragment } from "#generated/types.ts";
import { StatusMark } from "../parts/status.tsx";
import { say } from "../strings.ts";
import styles from "./question-row.module.css";

/** A question in a list, with its strongest answer. */
export function QuestionRow({ question }: { question: QuestionRowFragment }): ReactNode {
  const best = question.claims.edges[0]?.node;
  return (
    <li className={styles.row}>
      <Link to={`/questions/${question.id}`} className={styles.question}>
        {question.text}
      </Link>
      {best === undefined ? (
        <p className={styles.muted}>{say.question.nothing}</p>
      ) : (
        <p className={styles.best}>
          <StatusMark status={best.corroboration.status} />
          <span>{best.statement}</span>
          <span className={styles.muted}>
            {say.reportsAndLines(
              best.corroboration.reportsFor,
              best.corroboration.linesFor,
              best.corroboration.linesExact,
            )}
            {" · "}
            {say.claims(question.claims.totalCount)}
          </span>
        </p>
      )}
    </li>
  );
}
