// Sayso counts Unicode code points; a browser counts UTF-16 units, two for an emoji. Pure.

/** A text that can tell either position by the other. Both run from 0; out of the text is clamped to its ends. */
export class Positions {
  /** Where the characters that take two units stand, in units, ascending. */
  readonly #pairs: readonly number[];
  readonly units: number;
  readonly points: number;

  constructor(text: string) {
    const pairs: number[] = [];
    for (let unit = 0; unit < text.length; unit++) {
      const code = text.codePointAt(unit);
      if (code !== undefined && code > 0xffff) pairs.push(unit++);
    }
    this.#pairs = pairs;
    this.units = text.length;
    this.points = text.length - pairs.length;
  }

  /** The position in UTF-16 units of a position in code points. */
  toUnits(point: number): number {
    const wanted = clamp(point, this.points);
    // The pair at index i stands at code point pairs[i] - i.
    const before = search(this.#pairs.length, (i) => (this.#pairs[i] ?? 0) - i < wanted);
    return wanted + before;
  }

  /** The position in code points of a position in UTF-16 units; inside of a pair, that of its start. */
  toPoints(unit: number): number {
    const wanted = clamp(unit, this.units);
    const before = search(this.#pairs.length, (i) => (this.#pairs[i] ?? 0) + 1 < wanted);
    const inside = this.#pairs[before] === wanted - 1 ? 1 : 0;
    return wanted - before - inside;
  }
}

function clamp(value: number, end: number): number {
  return Math.min(Math.max(value, 0), end);
}

/** How many of the first indices below `length` are `early`: those are followed by none. */
function search(length: number, early: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (early(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
