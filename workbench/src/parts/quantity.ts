// The numbers that a figure allows, in words. Pure.
import { LANGUAGE, say } from "../strings.ts";

export interface Bounds {
  readonly lower: string | null;
  readonly upper: string | null;
  readonly lowerInclusive: boolean;
  readonly upperInclusive: boolean;
}

const numbers = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 20 });

/** A decimal as the language writes it. Its digits are never rounded: it stays text, not a float. */
export function writeNumber(decimal: string): string {
  return numbers.format(decimal as Intl.StringNumericLiteral);
}

/** "25", "675 to 825", "25 or more", "less than 10". */
export function writeBounds(bounds: Bounds): string {
  const { lower, upper } = bounds;
  if (lower !== null && upper !== null) {
    if (lower === upper) return writeNumber(lower);
    return say.bounds.between(writeNumber(lower), writeNumber(upper));
  }
  if (lower !== null)
    return (bounds.lowerInclusive ? say.bounds.atLeast : say.bounds.moreThan)(writeNumber(lower));
  if (upper !== null)
    return (bounds.upperInclusive ? say.bounds.atMost : say.bounds.lessThan)(writeNumber(upper));
  return say.bounds.any;
}
