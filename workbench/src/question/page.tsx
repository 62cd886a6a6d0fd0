// A question: what every origin said, when, on one axis; and who really stands behind an answer.
import type { ReactNode } from "react";
import { Link, useParams, useSearchParams } from "react-router";
import { QuestionPage as QuestionPageDocument } from "#generated/documents.ts";
import type { QuestionPageQuery } from "#generated/types.ts";
import { Answer, useRead } from "../data/read.tsx";
import { Notice } from "../parts/notice.tsx";
import { writeBounds } from "../parts/quantity.ts";
import { MissingPage } from "../shell/missing.tsx";
import { Page } from "../shell/shell.tsx";
import { useShortcuts } from "../shell/shortcuts.tsx";
import { say } from "../strings.ts";
import { Chart } from "./chart.tsx";
import { Lines } from "./lines.tsx";
import styles from "./page.module.css";

export type Question = NonNullable<QuestionPageQuery["question"]>;
export type Comparison = NonNullable<QuestionPageQuery["compare"]>;
export type Position = Comparison["origins"][number]["positions"][number];

export function QuestionPage(): ReactNode {
  const { id = "" } = useParams();
  const reading = useRead(QuestionPageDocument, { id });
  return (
    <Answer reading={reading}>
      {({ question, compare }) =>
        question === null || compare === null ? (
          <MissingPage />
        ) : (
          <Page title={question.text}>
            <QuestionBody key={question.id} question={question} comparison={compare} />
          </Page>
        )
      }
    </Answer>
  );
}

function QuestionBody({ question, comparison }: { question: Question; comparison: Comparison }): ReactNode {
  const [parameters, setParameters] = useSearchParams();
  const positions = comparison.origins.flatMap((origin) => origin.positions);
  const claims = [...new Map(positions.map(({ claim }) => [claim.id, claim])).values()];
  const asked = parameters.get("claim");
  const chosen = claims.find(({ id }) => id === asked) ?? strongest(positions);
  const choose = (id: string): void =>
    setParameters({ claim: id }, { replace: true, preventScrollReset: true });
  const step = (by: 1 | -1): void => {
    const at = claims.findIndex(({ id }) => id === chosen?.id);
    const next = claims[Math.min(Math.max(at + by, 0), claims.length - 1)];
    if (next !== undefined) choose(next.id);
  };
  useShortcuts(say.shortcuts.here, [
    { keys: "j", label: say.question.next, run: () => step(1) },
    { keys: "k", label: say.question.previous, run: () => step(-1) },
  ]);
  const { standing } = comparison;
  return (
    <>
      <header className={styles.head}>
        {question.event !== null && (
          <p className={styles.muted}>
            {[question.event.title, question.event.startsOn, question.event.place]
              .filter(Boolean)
              .join(" · ")}
          </p>
        )}
        <h1>{question.text}</h1>
        {question.mergedInto !== null && (
          <p>
            {say.question.mergedInto}{" "}
            <Link to={`/questions/${question.mergedInto.id}`}>{question.mergedInto.text}</Link>
          </p>
        )}
        <p className={styles.muted}>
          {say.claims(claims.length)} · {say.question.origins(comparison.origins.length)}
          {standing !== null && (
            <>
              {" · "}
              {say.question.standing} <strong className={styles.standing}>{writeBounds(standing)}</strong>
            </>
          )}
        </p>
      </header>
      {claims.length === 0 ? (
        <Notice title={say.question.nothing}>{say.question.nothingWords}</Notice>
      ) : (
        <>
          {chosen !== undefined && <Lines claim={chosen.id} />}
          <Chart kind={question.kind} comparison={comparison} chosen={chosen?.id} onChoose={choose} />
        </>
      )}
    </>
  );
}

/** The live answer with most lines; of those with as many, the one in most reports. */
function strongest(positions: readonly Position[]): Position["claim"] | undefined {
  return positions
    .filter(({ live }) => live)
    .map(({ claim }) => claim)
    .toSorted(
      (one, other) =>
        other.corroboration.linesFor - one.corroboration.linesFor ||
        other.corroboration.reportsFor - one.corroboration.reportsFor,
    )[0];
}
