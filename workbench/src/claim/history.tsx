// Every change to a claim, with who, when and why; and what its status was.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { useRights } from "../data/rights.tsx";
import { day, minute } from "../parts/moment.ts";
import { StatusMark } from "../parts/status.tsx";
import { say } from "../strings.ts";
import type { Claim } from "./claim.ts";
import { findChanges } from "./diff.ts";
import styles from "./page.module.css";

/** To the claim as it stood until a moment; nothing if that has not come. */
function Then({
  claim,
  until,
  children,
}: {
  claim: string;
  until: string | undefined;
  children: ReactNode;
}): ReactNode {
  const { record } = useRights();
  if (until === undefined || !record) return null;
  return (
    <>
      {" "}
      <Link to={`/claims/${claim}?asOf=${encodeURIComponent(until)}`}>{children}</Link>
    </>
  );
}

function Earlier(): ReactNode {
  return <p className={styles.muted}>{say.claim.earlier}</p>;
}

export function History({ claim }: { claim: Claim }): ReactNode {
  const changes = claim.corroboration.changes.edges.map(({ node }) => node);
  const revisions = claim.history.edges.map(({ node }) => node);
  const earlier = claim.history.pageInfo.hasPreviousPage;
  return (
    <>
      <section>
        <h2>{say.claim.statusHistory}</h2>
        {claim.corroboration.changes.pageInfo.hasPreviousPage && <Earlier />}
        <ol className={styles.timeline}>
          {changes.map((change, at) => (
            <li key={change.id}>
              <StatusMark status={change.status} /> {say.forAgainst(change.linesFor, change.linesAgainst)}
              <Then claim={claim.id} until={changes[at + 1]?.since}>
                {say.claim.stoodThen}
              </Then>
              <time dateTime={change.since}>{minute(change.since)}</time>
            </li>
          ))}
        </ol>
      </section>
      <section>
        <h2>{say.claim.history}</h2>
        {earlier && <Earlier />}
        <ol className={styles.timeline}>
          {revisions.map((revision, at) => (
            <li key={revision.id}>
              <details>
                <summary>
                  {say.claim.revision[revision.operation]} {say.claim.table(revision.table)}
                  {" · "}
                  {revision.actor?.name ?? say.claim.pastTheApi} · {day(revision.at)}
                </summary>
                {(earlier || at > 0) && (
                  <p>
                    <Then claim={claim.id} until={revision.at}>
                      {say.claim.stoodBefore}
                    </Then>
                  </p>
                )}
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
