// How a status comes about, in plain words: for who sees one for the first time.
import type { ReactNode } from "react";
import type { CorroborationStatus } from "#generated/types.ts";
import { StatusMark } from "../parts/status.tsx";
import { Page } from "../shell/shell.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";

const STATUSES = Object.keys(say.rule.status) as CorroborationStatus[];

export function RulePage(): ReactNode {
  const { rule } = say;
  return (
    <Page title={rule.title}>
      <article className={styles.rule}>
        <h1>{rule.title}</h1>
        <p className={styles.lead}>{rule.lead}</p>
        <Part title={rule.linesTitle} words={rule.lines} />
        <Part title={rule.weakestTitle} words={[rule.weakest]} />
        <Part title={rule.sidesTitle} words={rule.sides} />
        <section>
          <h2>{rule.statusTitle}</h2>
          <dl className={styles.statuses}>
            {STATUSES.map((status) => (
              <div key={status}>
                <dt>
                  <StatusMark status={status} />
                </dt>
                <dd>{rule.status[status]}</dd>
              </div>
            ))}
          </dl>
        </section>
        <Part title={rule.pastTitle} words={[rule.past]} />
      </article>
    </Page>
  );
}

function Part({ title, words }: { title: string; words: readonly string[] }): ReactNode {
  return (
    <section>
      <h2>{title}</h2>
      {words.map((paragraph) => (
        <p key={paragraph}>{paragraph}</p>
      ))}
    </section>
  );
}
