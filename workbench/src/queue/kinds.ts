// What wants attention, as filters of claims. Pure.
import type { ClaimFilter } from "#generated/types.ts";

export const KINDS = ["uncorroborated", "disputed", "disagreed", "orphaned", "unasked"] as const;
export type Kind = (typeof KINDS)[number];

/** A claim belongs to an event by the question it answers. */
export const EVENT_KINDS: readonly Kind[] = KINDS.filter((kind) => kind !== "unasked");

const FILTERS: Record<Kind, ClaimFilter> = {
  uncorroborated: { status: ["UNCORROBORATED"] },
  disputed: { status: ["DISPUTED", "CONTRADICTED"] },
  disagreed: { disagreed: true },
  orphaned: { quoteStatus: ["ORPHANED"] },
  unasked: { hasQuestion: false },
};

/** The filter of a kind, at one event or at all of them. */
export function filterOf(kind: Kind, event: string | null): ClaimFilter {
  return event === null ? FILTERS[kind] : { ...FILTERS[kind], event: [event] };
}

/** The filters of all kinds, by their names. */
export function filtersOf(event: string | null): Record<Kind, ClaimFilter> {
  return Object.fromEntries(KINDS.map((kind) => [kind, filterOf(kind, event)])) as Record<Kind, ClaimFilter>;
}

/** The kind that an address names; undefined if it names none. */
export function findKind(value: string | null): Kind | undefined {
  return KINDS.find((kind) => kind === value);
}

/** Of these kinds the first that something waits in; where nothing waits at all, the first. */
export function firstWaiting(
  kinds: readonly Kind[],
  counts: Readonly<Record<Kind, { readonly totalCount: number }>> | undefined,
): Kind {
  return kinds.find((kind) => (counts?.[kind].totalCount ?? 0) > 0) ?? kinds[0] ?? KINDS[0];
}
