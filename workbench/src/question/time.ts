// Where a moment stands on the axis of time, in percent of its width, and the dates below it. Pure.
import { LANGUAGE } from "../strings.ts";

export interface Stretch {
  readonly from: string;
  readonly to: string;
}

interface Tick {
  readonly place: number;
  readonly label: string;
}

export interface TimeScale {
  readonly place: (moment: string) => number;
  readonly ticks: readonly Tick[];
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const STEPS: readonly (readonly [number, Intl.DateTimeFormatOptions])[] = [
  [HOUR, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" }],
  [6 * HOUR, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }],
  [DAY, { day: "numeric", month: "short" }],
  [2 * DAY, { day: "numeric", month: "short" }],
  [7 * DAY, { day: "numeric", month: "short" }],
  [30 * DAY, { month: "short", year: "numeric" }],
  [91 * DAY, { month: "short", year: "numeric" }],
  [365 * DAY, { year: "numeric" }],
  [3652 * DAY, { year: "numeric" }],
];
const AT_MOST = 5;

/** From the first moment to the last, with a little room; times are of UTC, like those of the API. */
export function makeTimeScale(stretches: readonly Stretch[]): TimeScale {
  const moments = stretches.flatMap(({ from, to }) => [Date.parse(from), Date.parse(to)]);
  if (moments.length === 0) return { place: () => 50, ticks: [] };
  const first = moments.reduce((one, other) => Math.min(one, other));
  const last = moments.reduce((one, other) => Math.max(one, other));
  const room = Math.max((last - first) * 0.03, HOUR / 2);
  const [start, end] = [first - room, last + room];
  const place = (moment: number): number => ((moment - start) / (end - start)) * 100;
  const fits = STEPS.find(([step]) => (end - start) / step <= AT_MOST) ?? STEPS.at(-1);
  const [step, options] = fits as (typeof STEPS)[number];
  const format = new Intl.DateTimeFormat(LANGUAGE, { ...options, timeZone: "UTC" });
  const ticks: Tick[] = [];
  for (let tick = Math.ceil(start / step) * step; tick <= end; tick += step) {
    ticks.push({ place: place(tick), label: format.format(tick) });
  }
  return { place: (moment) => place(Date.parse(moment)), ticks };
}

const days = new Intl.DateTimeFormat(LANGUAGE, {
  day: "numeric",
  month: "short",
  year: "numeric",
  timeZone: "UTC",
});

/** "29 Dec 2019", "29 Dec 2019 – 2 Jan 2020": the days on which something was said; each stretch begins on one. */
export function writeDays(stretches: readonly Stretch[]): string {
  const [first, last] = [stretches[0], stretches.at(-1)];
  if (first === undefined || last === undefined) return "";
  return days.formatRange(Date.parse(first.from), Date.parse(last.from));
}
