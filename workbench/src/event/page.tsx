// An event: what is asked about it, with the strongest answers, and its claims that want attention.
import { type ReactNode, useState } from "react";
import { useParams } from "react-router";
import { EventPage as EventPageDocument, EventQuestions } from "#generated/documents.ts";
import type { EventPageQuery, EventQuestionsQuery } from "#generated/types.ts";
import { useEvery } from "../data/every.ts";
import { Live } from "../data/live.tsx";
import { useRead } from "../data/read.tsx";
import { useRights } from "../data/rights.tsx";
import { CopyLink } from "../parts/copy-link.tsx";
import { LiveState } from "../parts/live-state.tsx";
import { Notice } from "../parts/notice.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { Kinds, useFirstWaiting, WaitingClaims } from "../queue/claims.tsx";
import { EVENT_KINDS, findKind } from "../queue/kinds.ts";
import { useAddress } from "../shell/address.ts";
import { Found } from "../shell/found.tsx";
import { Page } from "../shell/shell.tsx";
import { Tools } from "../shell/tools.tsx";
import { say } from "../strings.ts";
import { AmendEventDialog } from "./amend.tsx";
import styles from "./page.module.css";
import { QuestionRow } from "./question-row.tsx";

type Event = NonNullable<EventPageQuery["event"]>;

export function EventPage(): ReactNode {
  const { id = "" } = useParams();
  const reading = useRead(EventPageDocument, { id, all: { event: [id] } });
  return (
    <Found id={id} reading={reading} pick={({ event, claims }) => event && { event, claims }}>
      {({ event, claims }) => (
        <Page title={event.title}>
          <Live filter={{ event: [event.id] }} onChange={reading.refresh}>
            <EventBody key={event.id} event={event} claims={claims.totalCount} />
          </Live>
        </Page>
      )}
    </Found>
  );
}

function EventBody({ event, claims }: { event: Event; claims: number }): ReactNode {
  const [parameters, setParameters] = useAddress();
  const first = useFirstWaiting(EVENT_KINDS, event.id);
  const kind = findKind(parameters.get("kind")) ?? first;
  const [amending, setAmending] = useState(false);
  const { amend } = useRights();
  return (
    <>
      <Head event={event} claims={claims} />
      <Tools tools={[{ keys: "e", label: say.amend.title, run: () => setAmending(true), offered: amend }]}>
        <CopyLink path={`/events/${event.id}`} />
      </Tools>
      <Questions event={event.id} />
      <section className={styles.claims}>
        <h2>{say.event.attention}</h2>
        {claims === 0 ? (
          <Notice title={say.event.noClaims}>{say.event.noClaimsWords}</Notice>
        ) : (
          <>
            <Kinds
              kinds={EVENT_KINDS}
              kind={kind}
              event={event.id}
              onChange={(chosen) =>
                setParameters({ kind: chosen }, { replace: true, preventScrollReset: true })
              }
            />
            {kind === undefined ? (
              <Waiting />
            ) : (
              <>
                <p className={styles.muted}>{say.queue.about[kind]}</p>
                <WaitingClaims key={kind} kind={kind} event={event.id} />
              </>
            )}
          </>
        )}
      </section>
      {amending && <AmendEventDialog event={event} onClose={() => setAmending(false)} />}
    </>
  );
}

function Head({ event, claims }: { event: Event; claims: number }): ReactNode {
  const days = [event.startsOn, event.endsOn].filter(
    (day, at, all) => day !== null && all.indexOf(day) === at,
  );
  return (
    <header className={styles.head}>
      <p className={styles.muted}>{[days.join(" – "), event.place].filter(Boolean).join(" · ")}</p>
      <h1>{event.title}</h1>
      {event.description !== null && <p>{event.description}</p>}
      <div className={styles.figures}>
        <p>
          {say.event.questions(event.questions.totalCount)} · {say.claims(claims)}
        </p>
        <LiveState />
      </div>
    </header>
  );
}

const pickQuestions = (data: EventQuestionsQuery) => data.event?.questions;

function Questions({ event }: { event: string }): ReactNode {
  const { nodes, complete } = useEvery(EventQuestions, event, pickQuestions);
  return (
    <section>
      <h2>{say.event.asked}</h2>
      {complete && nodes.length === 0 && (
        <Notice title={say.home.noQuestions}>{say.event.noQuestionsWords}</Notice>
      )}
      <ul className={styles.questions}>
        {nodes.map((node) => (
          <QuestionRow key={node.id} question={node} />
        ))}
      </ul>
    </section>
  );
}
