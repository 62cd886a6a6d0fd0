// Whether a quote stands in another version of its text: the rule of app/domain/quotes.py (`check_quote`), so that it
// can be seen while the text is typed. What the server finds counts. Pure.
import type { Positions } from "./codepoints.ts";
import { findPlaces } from "./places.ts";

export type Fit = "PRESENT" | "MOVED" | "ORPHANED";

export interface Quoted {
  readonly exact: string;
  readonly prefix: string | null;
  readonly suffix: string | null;
  /** In code points; null where the text was not stored. */
  readonly start: number | null;
}

/** How the quote fits the text; `positions` are those of the text. */
export function checkQuote(quote: Quoted, text: string, positions: Positions): Fit {
  const { exact } = quote;
  const prefix = quote.prefix ?? "";
  const suffix = quote.suffix ?? "";
  const at = quote.start === null ? undefined : positions.toUnits(quote.start);
  if (at !== undefined && standsAt(text, at, exact, prefix, suffix)) return "PRESENT";
  let moved = placeByContext(text, exact, prefix, suffix);
  // Only the words around it were edited, and nowhere else fits them better.
  if (at !== undefined && moved === undefined && standsAt(text, at, exact, "", "")) moved = at;
  moved ??= onlyPlace(text, exact, prefix, suffix);
  if (moved === undefined) return "ORPHANED";
  return at !== undefined && at !== moved ? "MOVED" : "PRESENT";
}

/** Where the words stand with all their context, if that is one place. */
function placeByContext(text: string, exact: string, prefix: string, suffix: string): number | undefined {
  if (prefix === "" && suffix === "") return undefined;
  const places = findPlaces(text, prefix + exact + suffix, 2);
  return places.length === 1 ? (places[0]?.start ?? 0) + prefix.length : undefined;
}

/** The one place of the words, or the one that the words before or those after tell apart. */
function onlyPlace(text: string, exact: string, prefix: string, suffix: string): number | undefined {
  const alone = findPlaces(text, exact, 2);
  if (alone.length < 2) return alone[0]?.start;
  const found = new Set([placeByContext(text, exact, prefix, ""), placeByContext(text, exact, "", suffix)]);
  found.delete(undefined);
  return found.size === 1 ? [...found][0] : undefined;
}

function standsAt(text: string, at: number, exact: string, prefix: string, suffix: string): boolean {
  const before = at - prefix.length;
  return before >= 0 && text.startsWith(prefix + exact + suffix, before);
}
