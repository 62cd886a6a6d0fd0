// What wants attention. The choice stands in the address; the list asks again by itself while it is looked at.
import { type ReactNode, useRef } from "react";
import { Link, useSearchParams } from "react-router";
import { Queue, QueueCounts, QueueEvents } from "#generated/documents.ts";
import type { QueueQuery } from "#generated/types.ts";
import { Live } from "../data/live.tsx";
import { Answer, useRead } from "../data/read.tsx";
import { Button } from "../parts/button.tsx";
import { Chain, QuantityWords } from "../parts/facts.tsx";
import { Field } from "../parts/field.tsx";
import { LiveState } from "../parts/live-state.tsx";
import { Notice } from "../parts/notice.tsx";
import { StatusMark } from "../parts/status.tsx";
import { useListKeys } from "../shell/list-keys.ts";
import { Page } from "../shell/shell.tsx";
import { say } from "../strings.ts";
import { filterOf, KINDS, type Kind, readKind } from "./kinds.ts";
import styles from "./page.module.css";

type QueuedClaim = QueueQuery["claims"]["edges"][number]["node"];

export function QueuePage(): ReactNode {
  const [parameters, setParameters] = useSearchParams();
  const kind = readKind(parameters.get("kind"));
  const event = parameters.get("event");
  const change = (changed: { kind?: Kind; event?: string }): void => {
    const next = new URLSearchParams({ kind, ...(event === null ? {} : { event }), ...changed });
    if (next.get("event") === "") next.delete("event");
    setParameters(next, { replace: true });
  };
  return (
    <Page title={say.nav.queue}>
      <Live filter={event === null ? {} : { event: [event] }}>
        <h1>{say.queue.title}</h1>
        <div className={styles.filters}>
          <Kinds kind={kind} event={event} onChange={(chosen) => change({ kind: chosen })} />
          <EventChoice event={event} onChange={(chosen) => change({ event: chosen })} />
        </div>
        <div className={styles.about}>
          <p className={styles.muted}>{say.queue.about[kind]}</p>
          <LiveState />
        </div>
        <Waiting key={`${kind} ${event}`} kind={kind} event={event} />
      </Live>
    </Page>
  );
}

function Kinds({
  kind,
  event,
  onChange,
}: {
  kind: Kind;
  event: string | null;
  onChange: (kind: Kind) => void;
}): ReactNode {
  const filters = Object.fromEntries(KINDS.map((name) => [name, filterOf(name, event)]));
  const reading = useRead(QueueCounts, filters, { live: true });
  return (
    <fieldset className={styles.kinds}>
      <legend className="only-read">{say.queue.kinds}</legend>
      {KINDS.map((name) => (
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

function EventChoice({
  event,
  onChange,
}: {
  event: string | null;
  onChange: (event: string) => void;
}): ReactNode {
  const { data } = useRead(QueueEvents, {});
  return (
    <Field label={say.queue.event}>
      {(wiring) => (
        <select {...wiring} value={event ?? ""} onChange={({ target }) => onChange(target.value)}>
          <option value="">{say.queue.allEvents}</option>
          {data?.events.edges.map(({ node }) => (
            <option key={node.id} value={node.id}>
              {node.title}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}

function Waiting({ kind, event }: { kind: Kind; event: string | null }): ReactNode {
  const [parameters, setParameters] = useSearchParams();
  const after = parameters.get("after");
  const reading = useRead(Queue, { filter: filterOf(kind, event), after }, { live: true });
  const list = useRef<HTMLOListElement>(null);
  useListKeys(list);
  const turn = (cursor: string | null): void => {
    const next = new URLSearchParams(parameters);
    if (cursor === null) next.delete("after");
    else next.set("after", cursor);
    setParameters(next);
  };
  return (
    <Answer reading={reading}>
      {({ claims }) => (
        <>
          {claims.edges.length === 0 && (
            <Notice title={say.queue.nothing}>{say.queue.nothingWords[kind]}</Notice>
          )}
          <ol ref={list} className={styles.list}>
            {claims.edges.map(({ node }) => (
              <li key={node.id}>
                <QueuedItem claim={node} />
              </li>
            ))}
          </ol>
          <p className={styles.pages}>
            {after !== null && <Button onClick={() => turn(null)}>{say.search.first}</Button>}
            {claims.pageInfo.hasNextPage && (
              <Button onClick={() => turn(claims.pageInfo.endCursor)}>{say.search.next}</Button>
            )}
          </p>
        </>
      )}
    </Answer>
  );
}

function QueuedItem({ claim }: { claim: QueuedClaim }): ReactNode {
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
      </div>
    </>
  );
}
