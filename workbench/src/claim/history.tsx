// Every change to a claim, with who, when and why; and what its status was. The newest first.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { MoreChanges, MoreHistory } from "#generated/documents.ts";
import type { MoreChangesQuery, MoreHistoryQuery } from "#generated/types.ts";
import { useRights } from "../data/rights.tsx";
import { day, minute } from "../parts/moment.ts";
import { newestFirst, Rows } from "../parts/rows.tsx";
import { StatusMark } from "../parts/status.tsx";
import { say } from "../strings.ts";
import type { Claim } from "./claim.ts";
import { findChanges } from "./diff.ts";
import styles from "./page.module.css";

type Revision = Claim["history"]["edges"][number]["node"];

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

export function History({ claim }: { claim: Claim }): ReactNode {
  return (
    <>
      <section>
        <h2>{say.claim.statusHistory}</h2>
        <ol className={styles.timeline}>
          <Rows
            page={newestFirst(claim.corroboration.changes)}
            more={{ document: MoreChanges, variables: { id: claim.id }, pick: pickChanges }}
            keyOf={({ id }) => id}
          >
            {(change, newer) => (
              <>
                <StatusMark status={change.status} /> {say.forAgainst(change.linesFor, change.linesAgainst)}
                <Then claim={claim.id} until={newer?.since}>
                  {say.claim.stoodThen}
                </Then>
                <time dateTime={change.since}>{minute(change.since)}</time>
              </>
            )}
          </Rows>
        </ol>
      </section>
      <section>
        <h2>{say.claim.history}</h2>
        <ol className={styles.timeline}>
          <Rows
            page={newestFirst(claim.history)}
            more={{ document: MoreHistory, variables: { id: claim.id }, pick: pickHistory }}
            keyOf={({ id }) => id}
          >
            {(revision) => <RevisionItem claim={claim} revision={revision} />}
          </Rows>
        </ol>
      </section>
    </>
  );
}

const pickChanges = ({ claim }: MoreChangesQuery) => claim && newestFirst(claim.corroboration.changes);
const pickHistory = ({ claim }: MoreHistoryQuery) => claim && newestFirst(claim.history);

function RevisionItem({ claim, revision }: { claim: Claim; revision: Revision }): ReactNode {
  return (
    <details>
      <summary>
        {say.claim.revision[revision.operation]} {say.claim.table(revision.table)}
        {" · "}
        {revision.actor?.name ?? say.claim.pastTheApi} · {day(revision.at)}
      </summary>
      {/* Before the act that recorded it there was nothing to look at. */}
      {revision.at !== claim.recordedAt && (
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
  );
}
