// A claim as it stood at a moment, out of the log: what was recorded, and the status it had.
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { ClaimThen } from "#generated/documents.ts";
import type { ClaimThenQuery } from "#generated/types.ts";
import { Answer, useRead } from "../data/read.tsx";
import { useRights } from "../data/rights.tsx";
import { Button } from "../parts/button.tsx";
import { CopyLink } from "../parts/copy-link.tsx";
import { Field } from "../parts/field.tsx";
import { day, instant, minute } from "../parts/moment.ts";
import { Notice } from "../parts/notice.tsx";
import { RuleLink } from "../parts/rule-link.tsx";
import { StatusMark } from "../parts/status.tsx";
import { useAddress } from "../shell/address.ts";
import { Page } from "../shell/shell.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";
import { Quoted, SaidFacts } from "./recorded.tsx";

type Then = NonNullable<ClaimThenQuery["claim"]>;

export function PastPage({ id, asOf }: { id: string; asOf: string }): ReactNode {
  const moment = instant(asOf);
  const { access, record } = useRights();
  const told = moment !== null && access !== undefined && record;
  const reading = useRead(ClaimThen, { id, asOf: moment ?? "" }, { pause: !told });
  return (
    <Page title={reading.data?.claim?.statement ?? say.claim.asOfTitle}>
      {reading.data?.claim == null && <h1>{say.claim.asOfTitle}</h1>}
      <section className={styles.past} aria-label={say.claim.asOfTitle}>
        <p>
          <strong>{moment === null ? say.claim.asOfUnread(asOf) : say.claim.asOf(minute(moment))}</strong>{" "}
          {say.claim.asOfWords}
        </p>
        <div className={styles.pastTools}>
          <OtherMoment key={asOf} asOf={moment} />
          <Link to={`/claims/${id}`}>{say.claim.now}</Link>
          <CopyLink path={`/claims/${id}?asOf=${encodeURIComponent(asOf)}`} />
        </div>
      </section>
      {!record && (
        <Notice title={say.claim.asOfReaders}>
          {say.claim.asOfReadersWords} {access?.researcher === null && <a href="/sign-in">{say.signIn}</a>}
        </Notice>
      )}
      {told && (
        <Answer reading={reading}>
          {({ claim }) => (claim === null ? <Notice title={say.claim.asOfNone} /> : <Stood claim={claim} />)}
        </Answer>
      )}
    </Page>
  );
}

function OtherMoment({ asOf }: { asOf: string | null }): ReactNode {
  const [, setParameters] = useAddress();
  const [moment, setMoment] = useState(() =>
    asOf === null ? "" : new Date(asOf).toISOString().slice(0, 19),
  );
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (moment !== "") setParameters({ asOf: `${moment}Z` });
      }}
    >
      <Field label={say.claim.asOfField}>
        {(wiring) => (
          <input
            {...wiring}
            type="datetime-local"
            step="1"
            // What is not over cannot be told.
            max={new Date().toISOString().slice(0, 19)}
            value={moment}
            onChange={(event) => setMoment(event.target.value)}
          />
        )}
      </Field>
      <Button type="submit">{say.claim.asOfLook}</Button>
    </form>
  );
}

function Stood({ claim }: { claim: Then }): ReactNode {
  const { corroboration, withdrawal, retraction } = claim;
  return (
    <>
      <header className={styles.head}>
        <div className={styles.verdict}>
          <StatusMark status={corroboration.status} size="large" />
          <span>
            {say.reportsAndLines(corroboration.reportsFor, corroboration.linesFor)}
            {corroboration.linesAgainst > 0 && `; ${say.against(corroboration.linesAgainst)}`}
          </span>
        </div>
        <h1>{claim.statement}</h1>
        <p className={styles.explanation}>
          {say.claim.asOfFigures} <Link to={`/claims/${claim.id}`}>{say.claim.asOfLines}</Link> <RuleLink />
        </p>
        {withdrawal !== null && (
          <p className={styles.gone}>
            {say.claim.withdrawn(withdrawal.by.name, day(withdrawal.at))} {withdrawal.reason}
          </p>
        )}
        {retraction !== null && (
          <p className={styles.gone}>
            {say.claim.retracted(retraction.retracted.text)} {retraction.reason}
          </p>
        )}
      </header>
      <div className={styles.columns} data-past>
        <Quoted claim={claim} />
        <section className={styles.facts} aria-label={say.claim.facts}>
          <dl>
            <SaidFacts claim={claim} />
            <dt>{say.claim.recorded}</dt>
            <dd>{say.claim.by(claim.recordedBy.name, day(claim.recordedAt))}</dd>
          </dl>
        </section>
      </div>
    </>
  );
}
