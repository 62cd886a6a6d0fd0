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

export function readKind(value: string | null): Kind {
  return KINDS.find((kind) => kind === value) ?? "uncorroborated";
}
