// The marks of the chart, in SVG. Places are percents, so that they fit any width without being measured.
import type { ReactNode } from "react";
import type { Bounds } from "../parts/quantity.ts";
import { writeBounds } from "../parts/quantity.ts";
import { say } from "../strings.ts";
import type { AnswerOf, Position } from "./answers.ts";
import styles from "./chart.module.css";
import type { Scale } from "./scale.ts";
import { type Stretch, type TimeScale, writeDays } from "./time.ts";

/** The numbers an answer allows: a dot for one, a bar for several, an arrow where they go on. */
export function NumberMark({
  answer,
  scale,
  standing,
}: {
  answer: AnswerOf;
  scale: Scale;
  standing: Bounds | null;
}): ReactNode {
  const { quantity, corroboration } = answer.claim;
  return (
    <svg className={styles.track} data-status={corroboration.status} aria-hidden="true">
      {standing !== null && <Band bounds={standing} scale={scale} />}
      {quantity !== null && (
        <g>
          <title>{writeBounds(quantity)}</title>
          <Interval bounds={quantity} scale={scale} />
        </g>
      )}
    </svg>
  );
}

/** The range that stands, behind every mark. */
export function Band({ bounds, scale }: { bounds: Bounds; scale: Scale }): ReactNode {
  const [from, to] = ends(bounds, scale);
  return <rect className={styles.band} x={`${from}%`} width={`${Math.max(to - from, 0.4)}%`} height="100%" />;
}

function Interval({ bounds, scale }: { bounds: Bounds; scale: Scale }): ReactNode {
  const { lower, upper } = bounds;
  const [from, to] = ends(bounds, scale);
  if (lower !== null && lower === upper) return <circle cx={`${from}%`} cy="50%" r="5.5" />;
  return (
    <>
      <line x1={`${from}%`} x2={`${to}%`} y1="50%" y2="50%" />
      <End place={from} open={lower === null} closed={bounds.lowerInclusive} turn={180} />
      <End place={to} open={upper === null} closed={bounds.upperInclusive} turn={0} />
    </>
  );
}

/** How a bar ends: in an arrow where any number beyond is allowed, hollow where the end itself is not. */
function End({
  place,
  open,
  closed,
  turn,
}: {
  place: number;
  open: boolean;
  closed: boolean;
  turn: number;
}): ReactNode {
  if (!open) return <circle data-hollow={!closed || undefined} cx={`${place}%`} cy="50%" r="4" />;
  return (
    <svg x={`${place}%`} y="50%" overflow="visible" aria-hidden="true">
      <path transform={`rotate(${turn})`} d="M-9-5.5L1 0L-9 5.5z" />
    </svg>
  );
}

function ends({ lower, upper }: Bounds, scale: Scale): [number, number] {
  return [lower === null ? 0 : scale.place(Number(lower)), upper === null ? 100 : scale.place(Number(upper))];
}

/** When it was said: a dot for a moment, a bar for a day or longer, thicker the more reports say the same then. */
export function TimeMarks({
  positions,
  time,
}: {
  positions: readonly Position[];
  time: TimeScale;
}): ReactNode {
  const said = stretchesOf(positions);
  const at = new Map<string, { stretch: Stretch; reports: number }>();
  for (const stretch of said) {
    const key = `${stretch.from} ${stretch.to}`;
    at.set(key, { stretch, reports: (at.get(key)?.reports ?? 0) + 1 });
  }
  return (
    <svg className={styles.track} data-time="true" aria-hidden="true">
      <title>{said.length === 0 ? say.undated : writeDays(said)}</title>
      <g>
        {[...at].slice(0, MOST_MARKS).map(([key, { stretch, reports }]) => {
          const [from, to] = [time.place(stretch.from), time.place(stretch.to)];
          const thick = Math.min(2 + 2 * reports, 12);
          return stretch.from === stretch.to ? (
            <circle key={key} cx={`${from}%`} cy="50%" r={Math.min(3 + reports / 2, 7)} />
          ) : (
            <svg key={key} y="50%" overflow="visible" aria-hidden="true">
              <rect x={`${from}%`} width={`${to - from}%`} y={-thick / 2} height={thick} rx="2" />
            </svg>
          );
        })}
      </g>
    </svg>
  );
}

const MOST_MARKS = 200;

export function stretchesOf(positions: readonly Position[]): Stretch[] {
  return positions.flatMap(({ said }) => (said === null ? [] : [said]));
}
