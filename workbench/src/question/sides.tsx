// Answers that are no numbers: a column each, with the origins that give it, side by side.
import { type ReactNode, type RefCallback, useMemo } from "react";
import type { Polarity, QuestionKind } from "#generated/types.ts";
import { Button } from "../parts/button.tsx";
import { PartyName } from "../parts/facts.tsx";
import { useCut } from "../parts/going-on.ts";
import { StatusMark } from "../parts/status.tsx";
import { say } from "../strings.ts";
import { type AnswerOf, type Column, makeColumns, type OriginAnswers } from "./answers.ts";
import { AnswerButton, whenOf } from "./chart.tsx";
import { stretchesOf, TimeMarks } from "./marks.tsx";
import { Reports } from "./reports.tsx";
import styles from "./sides.module.css";
import { makeTimeScale, type TimeScale } from "./time.ts";

const COLUMNS = 6;
const ORIGINS = 12;

export function Sides({
  kind,
  origins,
  chosen,
  onChoose,
}: {
  kind: QuestionKind;
  origins: readonly OriginAnswers[];
  chosen: string | undefined;
  onChoose: (answer: AnswerOf) => void;
}): ReactNode {
  const { most, show, refAt } = useCut(COLUMNS);
  const columns = useMemo(() => makeColumns(origins), [origins]);
  const time = useMemo(
    () =>
      makeTimeScale(
        origins.flatMap(({ answers }) => answers.flatMap(({ positions }) => stretchesOf(positions))),
      ),
    [origins],
  );
  const at = columns.findIndex((column) => column.origins.some(({ answer }) => answer.key === chosen));
  const shown = columns.slice(0, Math.max(most, at + 1));
  return (
    <section aria-label={say.question.sides}>
      <div className={styles.sides}>
        {kind === "YES_NO" && columns.every(({ polarity }) => polarity !== "ASSERTS") && (
          <Silent polarity="ASSERTS" />
        )}
        {shown.map((column, index) => (
          <Side
            key={column.key}
            ref={refAt(index)}
            column={column}
            time={time}
            chosen={chosen}
            onChoose={onChoose}
          />
        ))}
        {kind === "YES_NO" && columns.every(({ polarity }) => polarity !== "DENIES") && (
          <Silent polarity="DENIES" />
        )}
      </div>
      {shown.length < columns.length && (
        <Button onClick={() => show(shown.length, 2 * COLUMNS)}>
          {say.question.moreAnswers(columns.length - shown.length)}
        </Button>
      )}
    </section>
  );
}

/** The side that nobody takes: that, too, is to be seen. */
function Silent({ polarity }: { polarity: Polarity }): ReactNode {
  return (
    <section className={styles.side} data-polarity={polarity}>
      <h2>{say.question.polarity[polarity]}</h2>
      <p className={styles.aside}>{say.question.silent}</p>
    </section>
  );
}

function Side({
  ref,
  column,
  time,
  chosen,
  onChoose,
}: {
  ref: RefCallback<HTMLElement> | undefined;
  column: Column;
  time: TimeScale;
  chosen: string | undefined;
  onChoose: (answer: AnswerOf) => void;
}): ReactNode {
  const { most, show, refAt } = useCut(ORIGINS);
  const { reportsFor, linesFor, linesExact } = column.claim.corroboration;
  const at = column.origins.findIndex(({ answer }) => answer.key === chosen);
  const shown = column.origins.slice(0, Math.max(most, at + 1));
  return (
    <section ref={ref} className={styles.side} data-polarity={column.polarity ?? undefined}>
      <header>
        <h2>{column.polarity === null ? column.claim.statement : say.question.polarity[column.polarity]}</h2>
        <p className={styles.figures}>{say.reportsAndLines(reportsFor, linesFor, linesExact)}</p>
        <StatusMark status={column.status} />
      </header>
      <ol>
        {shown.map(({ of, answer }, index) => (
          <li
            key={answer.key}
            ref={refAt(index)}
            data-live={answer.live || undefined}
            data-chosen={answer.key === chosen || undefined}
          >
            <h3>
              <PartyName party={of.origin} />
            </h3>
            <AnswerButton answer={answer} chosen={answer.key === chosen} onChoose={onChoose} />
            <TimeMarks positions={answer.positions} time={time} />
            <p className={styles.aside}>
              {say.claims(answer.positions.length)} · {whenOf(answer)}
            </p>
            {answer.key === chosen && <Reports positions={answer.positions} />}
          </li>
        ))}
      </ol>
      {shown.length < column.origins.length && (
        <Button look="quiet" onClick={() => show(shown.length, 4 * ORIGINS)}>
          {say.question.moreOrigins(column.origins.length - shown.length)}
        </Button>
      )}
    </section>
  );
}
