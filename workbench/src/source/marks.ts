// The claims of a source as places in its text. Positions are UTF-16 units of the text. Pure.
import type { ClaimCardFragment, CorroborationStatus } from "#generated/types.ts";
import type { Positions } from "../text/codepoints.ts";
import type { Place } from "../text/places.ts";

export interface Mark extends Place {
  readonly id: string;
  readonly status: CorroborationStatus;
}

/** The claims that have a place, in reading order; of those that begin together the longer first. */
export function placeClaims(claims: readonly ClaimCardFragment[], positions: Positions): Mark[] {
  const marks: Mark[] = [];
  for (const { id, quote, corroboration } of claims) {
    if (quote.start === null || quote.end === null) continue;
    const start = positions.toUnits(quote.start);
    marks.push({ id, status: corroboration.status, start, end: positions.toUnits(quote.end) });
  }
  return marks.sort((one, other) => one.start - other.start || other.end - one.end);
}

/** Claims in the order of the text; those without a place after the others, as they came. */
export function orderClaims<Claim extends { readonly id: string }>(
  claims: readonly Claim[],
  marks: readonly Mark[],
): Claim[] {
  const order = new Map(marks.map((mark, index) => [mark.id, index]));
  const place = (claim: Claim): number => order.get(claim.id) ?? marks.length;
  return claims
    .map((claim, index) => ({ claim, index }))
    .sort((one, other) => place(one.claim) - place(other.claim) || one.index - other.index)
    .map(({ claim }) => claim);
}

/** The first mark that begins at a position or after it. */
export function firstFrom(marks: readonly Mark[], unit: number): Mark | undefined {
  let [low, high] = [0, marks.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((marks[middle]?.start ?? unit) < unit) low = middle + 1;
    else high = middle;
  }
  return marks[low];
}

/** The claims at a position, the shortest first: the one that was meant by a click, then those around it. */
export function marksAt(marks: readonly Mark[], unit: number): Mark[] {
  return marks
    .filter((mark) => mark.start <= unit && unit < mark.end)
    .sort((one, other) => one.end - one.start - (other.end - other.start));
}

/** The claim a click means: the next around the chosen one, if that stands there, else the shortest. */
export function chooseAt(
  marks: readonly Mark[],
  unit: number,
  chosen: string | undefined,
): string | undefined {
  const here = marksAt(marks, unit);
  const index = here.findIndex((mark) => mark.id === chosen);
  return here[(index + 1) % here.length]?.id;
}
