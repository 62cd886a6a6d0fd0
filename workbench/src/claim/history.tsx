// Every change to a claim, with who, when and why; and what its status was.
import type { ReactNode } from "react";
import { day, minute } from "../parts/moment.ts";
import { StatusMark } from "../parts/status.tsx";
import { say } from "../strings.ts";
import type { Claim } from "./claim.ts";
import { findChanges } from "./diff.ts";
import styles from "./page.module.css";

export function History({ claim }: { claim: Claim }): ReactNode {
  const changes = claim.corroboration.changes.edges.map(({ node }) => node);
  const revisions = claim.history.edges.map(({ node }) => node);
  return (
    <>
      <section>
        <h2>{say.claim.statusHistory}</h2>
        <ol className={styles.timeline}>
          {changes.map((change) => (
            <li key={change.id}>
              <StatusMark status={change.status} /> {say.forAgainst(change.linesFor, change.linesAgainst)}
              <time dateTime={change.since}>{minute(change.since)}</time>
            </li>
          ))}
        </ol>
      </section>
      <section>
        <h2>{say.claim.history}</h2>
        <ol className={styles.timeline}>
          {revisions.map((revision) => (
            <li key={revision.id}>
              <details>
                <summary>
                  {say.claim.revision[revision.operation]} {say.claim.table(revision.table)}
                  {" · "}
                  {revision.actor?.name ?? say.claim.pastTheApi} · {day(revision.at)}
                </summary>
                {revision.reason !== null && <p>{revision.reason}</p>}
                <dl className={styles.diff}>
                  {findChanges(revision.before, revision.after).map((change) => (
                    <div key={change.field}>
                      <dt>{change.field}</dt>
                      <dd>
                        {change.before !== "" && <del>{change.before}</del>}{" "}
                        {change.after !== "" && <ins>{change.after}</ins>}
                      </dd>
                    </div>
                  ))}
                </dl>
              </details>
            </li>
          ))}
        </ol>
      </section>
    </>
  );
}
