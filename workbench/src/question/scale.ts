// Where a number stands on the axis of a question, in percent of its width. Pure.
import type { Bounds } from "../parts/quantity.ts";

export interface Scale {
  /** The place of a number; numbers off the axis stand at its ends. */
  readonly place: (value: number) => number;
  readonly ticks: readonly number[];
}

/** Room for all finite ends, and a margin for the arrows of open ones. Logarithmic where they span magnitudes. */
export function makeScale(bounds: readonly Bounds[]): Scale {
  const ends = bounds
    .flatMap(({ lower, upper }) => [lower, upper])
    .filter((end) => end !== null)
    .map(Number);
  const high = Math.max(1, ...ends);
  const low = Math.min(...ends.filter((end) => end > 0), high);
  if (ends.every((end) => end >= 0) && high / low > 200) return logarithmic(low, high);
  const bottom = Math.min(0, ...ends);
  const span = (high - bottom) * 1.12;
  const step = niceStep(span / 6);
  const ticks: number[] = [];
  for (let tick = Math.ceil(bottom / step) * step; tick <= bottom + span; tick += step) ticks.push(tick);
  return { place: (value) => clamp(((value - bottom) / span) * 100), ticks };
}

function logarithmic(low: number, high: number): Scale {
  const [from, to] = [Math.floor(Math.log10(low)), Math.log10(high) + 0.15];
  const ticks = Array.from({ length: Math.ceil(to - from) }, (_, index) => 10 ** (from + index));
  return {
    place: (value) => (value <= 0 ? 0 : clamp(((Math.log10(value) - from) / (to - from)) * 100)),
    ticks,
  };
}

/** 1, 2 or 5 times a power of ten, the first that is not below. */
export function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  return [1, 2, 5, 10].map((factor) => factor * power).find((step) => step >= rough * 0.999) ?? rough;
}

function clamp(place: number): number {
  return Math.min(100, Math.max(0, place));
}
