// Claims that want attention, newest first; and the choice of what kind of attention.
import { type ReactNode, useRef, useState } from "react";
import { Link } from "react-router";
import { Queue, QueueCounts } from "#generated/documents.ts";
import type { QueueQuery } from "#generated/types.ts";
import { Answer, useRead } from "../data/read.tsx";
import { Chain, QuantityWords } from "../parts/facts.tsx";
import { Notice } from "../parts/notice.tsx";
import { Paging, usePages } from "../parts/paging.tsx";
import { StatusMark } from "../parts/status.tsx";
import { useListKeys } from "../shell/list-keys.ts";
import { say } from "../strings.ts";
import { filterOf, filtersOf, firstWaiting, KINDS, type Kind } from "./kinds.ts";
import styles from "./page.module.css";

type QueuedClaim = QueueQuery["claims"]["edges"][number]["node"];

export function Kinds({
  kinds = KINDS,
  kind,
  event,
  onChange,
}: {
  kinds?: readonly Kind[];
  /** None before one is chosen. */
  kind: Kind | undefined;
  event: string | null;
  onChange: (kind: Kind) => void;
}): ReactNode {
  const reading = useRead(QueueCounts, filtersOf(event), { live: true });
  return (
    <fieldset className={styles.kinds}>
      <legend className="only-read">{say.queue.kinds}</legend>
      {kinds.map((name) => (
        <label key={name}>
          <input type="radio" name="kind" checked={name === kind} onChange={() => onChange(name)} />
          <span>
            {say.queue.kind[name]} <strong>{reading.data?.[name].totalCount}</strong>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/**
 * The kind on which a list opens that nobody chose one for: the first that something waits in. It stays, whatever
 * others record meanwhile. Undefined until the counts are there.
 */
export function useFirstWaiting(kinds: readonly Kind[], event: string | null): Kind | undefined {
  const [first, setFirst] = useState<Kind | undefined>(undefined);
  const { data, error, refreshing } = useRead(QueueCounts, filtersOf(event));
  if (first === undefined && !refreshing && (data !== undefined || error !== undefined)) {
    setFirst(firstWaiting(kinds, data));
  }
  return first;
}

export function WaitingClaims({ kind, event }: { kind: Kind; event: string | null }): ReactNode {
  const pages = usePages();
  const reading = useRead(Queue, { filter: filterOf(kind, event), after: pages.after }, { live: true });
  const list = useRef<HTMLOListElement>(null);
  useListKeys(list);
  return (
    <Answer reading={reading}>
      {({ claims }) => (
        <>
          {claims.edges.length === 0 && (
            <Notice title={say.queue.nothing}>{say.queue.nothingWords[kind]}</Notice>
          )}
          <ol ref={list} className={styles.list}>
            {claims.edges.map(({ node }, index) => (
              <li key={node.id} ref={pages.refAt(index)}>
                <QueuedItem claim={node} event={event} />
              </li>
            ))}
          </ol>
          <Paging pages={pages} pageInfo={claims.pageInfo} of={{ kind }} />
        </>
      )}
    </Answer>
  );
}

/** `event`: the one that the list is of. */
function QueuedItem({ claim, event }: { claim: QueuedClaim; event: string | null }): ReactNode {
  const { corroboration } = claim;
  return (
    <>
      <p className={styles.statement}>
        <Link to={`/claims/${claim.id}`}>{claim.statement}</Link>
      </p>
      <div className={styles.facts}>
        <StatusMark status={corroboration.status} />
        <span>
          {say.reportsAndLines(corroboration.reportsFor, corroboration.linesFor, corroboration.linesExact)}
          {corroboration.linesAgainst > 0 && `; ${say.against(corroboration.linesAgainst)}`}
        </span>
        {claim.quantity !== null && <QuantityWords quantity={claim.quantity} />}
        <Chain hops={claim.attribution} basis={claim.basis} />
        <Link to={`/sources/${claim.source.id}?claim=${claim.id}`}>{claim.source.title}</Link>
        {claim.question !== null && <Link to={`/questions/${claim.question.id}`}>{claim.question.text}</Link>}
        {event === null && claim.question?.event != null && (
          <Link to={`/events/${claim.question.event.id}`}>{claim.question.event.title}</Link>
        )}
      </div>
    </>
  );
}
