// What wants attention. The choice stands in the address; the list asks again by itself while it is looked at.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { QueueEvents } from "#generated/documents.ts";
import { Live } from "../data/live.tsx";
import { useRead } from "../data/read.tsx";
import { Field } from "../parts/field.tsx";
import { LiveState } from "../parts/live-state.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { useAddress } from "../shell/address.ts";
import { Page } from "../shell/shell.tsx";
import { say } from "../strings.ts";
import { Kinds, useFirstWaiting, WaitingClaims } from "./claims.tsx";
import { findKind, KINDS, type Kind } from "./kinds.ts";
import styles from "./page.module.css";

export function QueuePage(): ReactNode {
  const [parameters, setParameters] = useAddress();
  const event = parameters.get("event");
  const first = useFirstWaiting(KINDS, event);
  const kind = findKind(parameters.get("kind")) ?? first;
  const change = (changed: { kind?: Kind; event?: string }): void => {
    const next = new URLSearchParams({
      ...(kind === undefined ? {} : { kind }),
      ...(event === null ? {} : { event }),
      ...changed,
    });
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
          <p className={styles.muted}>
            {kind !== undefined && say.queue.about[kind]}{" "}
            {event !== null && <Link to={`/events/${event}`}>{say.event.open}</Link>}
          </p>
          <LiveState />
        </div>
        {kind === undefined ? (
          <Waiting />
        ) : (
          <WaitingClaims key={`${kind} ${event}`} kind={kind} event={event} />
        )}
      </Live>
    </Page>
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
