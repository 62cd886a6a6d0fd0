// Every answer of every origin on one axis of numbers and one of time. It is a table, with marks in its cells:
// who does not see it reads the same.
import { Fragment, type ReactNode, type RefCallback, useMemo } from "react";
import { Button } from "../parts/button.tsx";
import { PartyName } from "../parts/facts.tsx";
import { useCut } from "../parts/going-on.ts";
import { writeBounds, writeNumber } from "../parts/quantity.ts";
import { StatusShape } from "../parts/status.tsx";
import { say } from "../strings.ts";
import type { AnswerOf, Comparison, OriginAnswers } from "./answers.ts";
import styles from "./chart.module.css";
import { Band, NumberMark, stretchesOf, TimeMarks } from "./marks.tsx";
import { Reports } from "./reports.tsx";
import { makeScale, type Scale } from "./scale.ts";
import { makeTimeScale, type TimeScale, writeDays } from "./time.ts";

/** So many are drawn at first, and more each time they are asked for. */
const ORIGINS = 12;
const ANSWERS = 8;

export function Chart({
  origins,
  standing,
  chosen,
  onChoose,
}: {
  origins: readonly OriginAnswers[];
  standing: Comparison["standing"];
  chosen: string | undefined;
  onChoose: (answer: AnswerOf) => void;
}): ReactNode {
  const { most, show, refAt } = useCut(ORIGINS);
  const { scale, time } = useMemo(() => makeScales(origins), [origins]);
  const shown = useMemo(() => {
    const at = origins.findIndex(({ answers }) => answers.some(({ key }) => key === chosen));
    return origins.slice(0, Math.max(most, at + 1));
  }, [origins, most, chosen]);
  return (
    <>
      <table className={styles.chart}>
        <caption className="only-read">{say.question.chart}</caption>
        <Head scale={scale} time={time} standing={standing} />
        {shown.map((origin, index) => (
          <Origin
            key={origin.key}
            ref={refAt(index)}
            origin={origin}
            scale={scale}
            time={time}
            standing={standing}
            chosen={chosen}
            onChoose={onChoose}
          />
        ))}
      </table>
      {shown.length < origins.length && (
        <p className={styles.more}>
          <Button onClick={() => show(shown.length, 4 * ORIGINS)}>
            {say.question.moreOrigins(origins.length - shown.length)}
          </Button>
        </p>
      )}
    </>
  );
}

function makeScales(origins: readonly OriginAnswers[]): { scale: Scale; time: TimeScale } {
  const answers = origins.flatMap((origin) => origin.answers);
  return {
    scale: makeScale(answers.flatMap(({ claim }) => (claim.quantity === null ? [] : [claim.quantity]))),
    time: makeTimeScale(answers.flatMap(({ positions }) => stretchesOf(positions))),
  };
}

function Head({
  scale,
  time,
  standing,
}: {
  scale: Scale;
  time: TimeScale;
  standing: Comparison["standing"];
}): ReactNode {
  return (
    <thead>
      <tr>
        <th scope="col">{say.question.answer}</th>
        <th scope="col">
          <span className="only-read">{say.question.numbers}</span>
          <svg className={styles.axis} aria-hidden="true">
            {standing !== null && <Band bounds={standing} scale={scale} />}
            {scale.ticks.map((tick) => (
              <text key={tick} x={`${scale.place(tick)}%`} y="1.1em">
                {writeNumber(String(tick))}
              </text>
            ))}
          </svg>
        </th>
        <th scope="col">
          <span className="only-read">{say.question.when}</span>
          <svg className={styles.axis} aria-hidden="true">
            {time.ticks.map(({ place, label }) => (
              <text key={place} x={`${place}%`} y="1.1em">
                {label}
              </text>
            ))}
          </svg>
        </th>
        <th scope="col">{say.question.claims}</th>
      </tr>
    </thead>
  );
}

function Origin({
  ref,
  origin: { origin, answers, claims },
  scale,
  time,
  standing,
  chosen,
  onChoose,
}: {
  ref: RefCallback<HTMLElement> | undefined;
  origin: OriginAnswers;
  scale: Scale;
  time: TimeScale;
  standing: Comparison["standing"];
  chosen: string | undefined;
  onChoose: (answer: AnswerOf) => void;
}): ReactNode {
  const { most, show, refAt } = useCut(ANSWERS);
  const at = answers.findIndex(({ key }) => key === chosen);
  const shown = answers.slice(0, Math.max(most, at + 1));
  return (
    <tbody ref={ref}>
      <tr className={styles.origin}>
        <th scope="rowgroup" colSpan={3}>
          <PartyName party={origin} />
          {origin === null && <span className={styles.aside}> {say.question.nobody}</span>}
        </th>
        <td className={styles.total}>{say.claims(claims)}</td>
      </tr>
      {shown.map((answer, index) => (
        <Fragment key={answer.key}>
          <tr
            ref={refAt(index)}
            className={styles.row}
            data-live={answer.live || undefined}
            data-chosen={answer.key === chosen || undefined}
          >
            <th scope="row">
              <AnswerButton answer={answer} chosen={answer.key === chosen} onChoose={onChoose} />
            </th>
            <td>
              <NumberMark answer={answer} scale={scale} standing={standing} />
            </td>
            <td>
              <TimeMarks positions={answer.positions} time={time} />
              <span className={styles.when}>{whenOf(answer)}</span>
            </td>
            <td className={styles.count}>{answer.positions.length}</td>
          </tr>
          {answer.key === chosen && (
            <tr className={styles.opened}>
              <td colSpan={4}>
                <Reports positions={answer.positions} />
              </td>
            </tr>
          )}
        </Fragment>
      ))}
      {shown.length < answers.length && (
        <tr className={styles.origin}>
          <td colSpan={4}>
            <Button look="quiet" onClick={() => show(shown.length, 4 * ANSWERS)}>
              {say.question.moreAnswers(answers.length - shown.length)}
            </Button>
          </td>
        </tr>
      )}
    </tbody>
  );
}

/** The answer, with its status; choosing it shows its reports, and who stands behind it. */
export function AnswerButton({
  answer,
  chosen,
  onChoose,
}: {
  answer: AnswerOf;
  chosen: boolean;
  onChoose: (answer: AnswerOf) => void;
}): ReactNode {
  const { claim, live } = answer;
  const { status } = claim.corroboration;
  return (
    <button
      type="button"
      className={styles.answer}
      aria-expanded={chosen}
      title={say.status[status]}
      onClick={() => onChoose(answer)}
    >
      <StatusShape status={status} />
      <span>
        {claim.quantity === null ? claim.statement : writeBounds(claim.quantity)}
        <span className="only-read">
          , {say.status[status]}
          {live ? "" : `, ${say.question.faded}`}
        </span>
      </span>
    </button>
  );
}

export function whenOf({ positions }: AnswerOf): string {
  return writeDays(stretchesOf(positions)) || say.undated;
}
