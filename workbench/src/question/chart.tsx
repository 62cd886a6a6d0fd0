// Every position on one axis: dots for figures, bars for bounds, arrows for open ends, what is outdated faded.
import { type CSSProperties, type ReactNode, useMemo } from "react";
import type { QuestionKind } from "#generated/types.ts";
import { PartyName } from "../parts/facts.tsx";
import { writeBounds, writeNumber } from "../parts/quantity.ts";
import { StatusShape } from "../parts/status.tsx";
import { say } from "../strings.ts";
import styles from "./chart.module.css";
import type { Comparison, Position } from "./page.tsx";
import { makeScale, type Scale } from "./scale.ts";

export function Chart({
  kind,
  comparison,
  chosen,
  onChoose,
}: {
  kind: QuestionKind;
  comparison: Comparison;
  chosen: string | undefined;
  onChoose: (claim: string) => void;
}): ReactNode {
  const scale = useMemo(() => {
    const found = comparison.origins.flatMap(({ positions }) => positions);
    return makeScale(found.flatMap(({ claim }) => (claim.quantity === null ? [] : [claim.quantity])));
  }, [comparison]);
  return (
    <section aria-label={say.question.chart} className={styles.chart} data-kind={kind}>
      {kind === "QUANTITY" && <Axis scale={scale} standing={comparison.standing} />}
      {kind === "YES_NO" && (
        <div className={styles.axis} aria-hidden="true">
          <span style={{ insetInlineStart: "25%" }}>{say.polarity.DENIES}</span>
          <span style={{ insetInlineStart: "75%" }}>{say.polarity.ASSERTS}</span>
        </div>
      )}
      {comparison.origins.map(({ origin, positions }) => (
        <section key={keyOf(origin)} className={styles.origin}>
          <h3>
            <PartyName party={origin} />
          </h3>
          <ol>
            {positions.map((position) => (
              <li
                key={position.claim.id}
                data-live={position.live || undefined}
                data-chosen={position.claim.id === chosen || undefined}
              >
                <Row
                  position={position}
                  scale={scale}
                  chosen={position.claim.id === chosen}
                  onChoose={onChoose}
                />
              </li>
            ))}
          </ol>
        </section>
      ))}
    </section>
  );
}

function keyOf(origin: Comparison["origins"][number]["origin"]): string {
  if (origin === null) return "nobody";
  return origin.__typename === "Agent" ? origin.id : origin.source.id;
}

function Axis({ scale, standing }: { scale: Scale; standing: Comparison["standing"] }): ReactNode {
  return (
    <div className={styles.axis} aria-hidden="true">
      {standing !== null && <i className={styles.band} style={span(scale, standing.lower, standing.upper)} />}
      {scale.ticks.map((tick) => (
        <span key={tick} style={{ insetInlineStart: `${scale.place(tick)}%` }}>
          {writeNumber(String(tick))}
        </span>
      ))}
    </div>
  );
}

function Row({
  position,
  scale,
  chosen,
  onChoose,
}: {
  position: Position;
  scale: Scale;
  chosen: boolean;
  onChoose: (claim: string) => void;
}): ReactNode {
  const { claim, live, said } = position;
  const { status } = claim.corroboration;
  return (
    <button type="button" className={styles.row} aria-pressed={chosen} onClick={() => onChoose(claim.id)}>
      <span className={styles.when}>
        {said === null ? say.undated : said.from.slice(5, 16).replace("T", " ")}
      </span>
      <span className={styles.who}>{claim.source.publisher?.name ?? say.unknownPublisher}</span>
      <span className={styles.track}>
        <Mark position={position} scale={scale} />
      </span>
      <span className={styles.words}>
        <StatusShape status={status} />
        <span>
          {claim.quantity === null ? claim.statement : writeBounds(claim.quantity)}
          <span className="only-read">
            , {say.status[status]}
            {live ? "" : `, ${say.question.faded}`}
          </span>
        </span>
      </span>
    </button>
  );
}

/** The numbers an answer allows; of a yes or no, its side. */
function Mark({ position, scale }: { position: Position; scale: Scale }): ReactNode {
  const { quantity, polarity, corroboration } = position.claim;
  if (quantity === null) {
    if (polarity === null) return null;
    const place = polarity === "ASSERTS" ? "75%" : "25%";
    return (
      <i className={styles.dot} data-status={corroboration.status} style={{ insetInlineStart: place }} />
    );
  }
  const { lower, upper } = quantity;
  if (lower !== null && lower === upper) {
    const place = `${scale.place(Number(lower))}%`;
    return (
      <i className={styles.dot} data-status={corroboration.status} style={{ insetInlineStart: place }} />
    );
  }
  return (
    <i
      className={styles.bar}
      data-status={corroboration.status}
      data-open-end={upper === null || undefined}
      data-open-start={lower === null || undefined}
      style={span(scale, lower, upper)}
    />
  );
}

function span(scale: Scale, lower: string | null, upper: string | null): CSSProperties {
  const from = lower === null ? 0 : scale.place(Number(lower));
  const to = upper === null ? 100 : scale.place(Number(upper));
  return { insetInlineStart: `${from}%`, inlineSize: `${Math.max(to - from, 0.6)}%` };
}
