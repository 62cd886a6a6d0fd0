// The front page: what was recorded, by event and question, and the newest sources.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { Home } from "#generated/documents.ts";
import type { HomeQuery } from "#generated/types.ts";
import { Answer, useRead } from "../data/read.tsx";
import { useRights } from "../data/rights.tsx";
import { QuestionRow } from "../event/question-row.tsx";
import { Notice } from "../parts/notice.tsx";
import { RuleLink } from "../parts/rule-link.tsx";
import { Page } from "../shell/shell.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";

type EventNode = HomeQuery["events"]["edges"][number]["node"];
type SourceNode = HomeQuery["sources"]["edges"][number]["node"];

export function HomePage(): ReactNode {
  const reading = useRead(Home, {});
  const { record } = useRights();
  return (
    <Page title={say.nav.home}>
      <h1>{say.home.title}</h1>
      <p className={styles.rule}>
        {say.home.lead} <RuleLink />
      </p>
      <Answer reading={reading}>
        {({ events, sources }) => (
          <div className={styles.columns}>
            <section aria-label={say.home.events} className={styles.events}>
              {events.edges.map(({ node }) => (
                <EventPart key={node.id} event={node} />
              ))}
              {events.edges.length === 0 && (
                <Notice title={say.home.noEvents}>
                  {record && (
                    <>
                      <p>{say.home.noEventsWords}</p>
                      <Link to="/paste">{say.nav.paste}</Link>
                    </>
                  )}
                </Notice>
              )}
            </section>
            <section aria-labelledby="sources">
              <h2 id="sources">{say.home.sources}</h2>
              <ul className={styles.sources}>
                {sources.edges.map(({ node }) => (
                  <SourcePart key={node.id} source={node} />
                ))}
              </ul>
              {sources.edges.length === 0 && (
                <p className={styles.muted}>
                  {say.home.noSources} {record && say.home.pasteOne}
                </p>
              )}
            </section>
          </div>
        )}
      </Answer>
    </Page>
  );
}

function EventPart({ event }: { event: EventNode }): ReactNode {
  const when = [event.startsOn, event.endsOn].filter(
    (day, index, all) => day !== null && all.indexOf(day) === index,
  );
  return (
    <article className={styles.event}>
      <h2>
        <Link to={`/events/${event.id}`}>{event.title}</Link>
      </h2>
      <p className={styles.muted}>{[when.join(" – "), event.place].filter(Boolean).join(" · ")}</p>
      <ul className={styles.questions}>
        {event.questions.edges.map(({ node }) => (
          <QuestionRow key={node.id} question={node} />
        ))}
      </ul>
      {event.questions.edges.length === 0 && <p className={styles.muted}>{say.home.noQuestions}</p>}
    </article>
  );
}

function SourcePart({ source }: { source: SourceNode }): ReactNode {
  const by = source.publisher?.name ?? say.unknownPublisher;
  return (
    <li>
      <Link to={`/sources/${source.id}`}>{source.title}</Link>
      <p className={styles.muted}>
        {by} · {source.published?.text ?? say.undated} · {say.claims(source.claims.totalCount)}
      </p>
    </li>
  );
}
