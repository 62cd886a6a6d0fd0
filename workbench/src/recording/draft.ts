// What is typed into the form of a claim, and the input it makes. Pure.
import type { Basis, Channel, Mode, Polarity, QuestionKind, RecordClaimInput } from "#generated/types.ts";

export interface NamedAgent {
  readonly id: string;
  readonly name: string;
}

export interface HopDraft {
  /** Tells hops apart while they are moved. */
  readonly key: number;
  readonly agents: readonly NamedAgent[];
  readonly cue: string;
  readonly mode: Mode | "";
  readonly channel: Channel;
}

export interface ClaimDraft {
  readonly quote: string;
  /** Which of the places where the words stand, in code points; null where the text is not stored. */
  readonly start: number | null;
  /** Empty: the quote itself. */
  readonly statement: string;
  readonly question: { readonly id: string; readonly text: string; readonly kind: QuestionKind } | null;
  readonly quantity: string;
  readonly lower: string;
  readonly upper: string;
  readonly polarity: Polarity;
  readonly basis: Basis;
  readonly hops: readonly HopDraft[];
  readonly asserted: string;
  readonly note: string;
  /** The same for each attempt: a lost answer does not record twice. */
  readonly idempotencyKey: string;
}

export function emptyHop(key: number): HopDraft {
  return { key, agents: [], cue: "", mode: "", channel: "UNSTATED" };
}

export function emptyDraft(idempotencyKey: string): ClaimDraft {
  return {
    quote: "",
    start: null,
    statement: "",
    question: null,
    quantity: "",
    lower: "",
    upper: "",
    polarity: "ASSERTS",
    basis: "ATTRIBUTED",
    hops: [emptyHop(1)],
    asserted: "",
    note: "",
    idempotencyKey,
  };
}

/** The hops with the one at `index` moved by one towards the origin (-1) or the publisher (1). */
export function moveHop(hops: readonly HopDraft[], index: number, by: -1 | 1): readonly HopDraft[] {
  const other = index + by;
  const [one, two] = [hops[index], hops[other]];
  if (one === undefined || two === undefined) return hops;
  return hops.map((hop, at) => (at === index ? two : at === other ? one : hop));
}

/** What the server is sent. */
export function makeInput(source: string, draft: ClaimDraft): RecordClaimInput {
  const { question, basis } = draft;
  return {
    source,
    statement: draft.statement.trim() || draft.quote.trim(),
    quote: { exact: draft.quote, ...(draft.start === null ? {} : placeOf(draft.quote, draft.start)) },
    basis,
    question: question?.id ?? null,
    hops:
      basis === "ATTRIBUTED"
        ? draft.hops
            .filter((hop) => hop.agents.length > 0)
            .map(({ agents, cue, mode, channel }) => ({
              agents: agents.map((agent) => agent.id),
              cue: cue.trim() || null,
              mode: mode || null,
              channel,
            }))
        : [],
    polarity: question?.kind === "YES_NO" ? draft.polarity : null,
    quantity:
      question?.kind === "QUANTITY"
        ? {
            text: draft.quantity.trim(),
            lower: draft.lower.trim() || null,
            upper: draft.upper.trim() || null,
          }
        : null,
    asserted: draft.asserted.trim() || null,
    note: draft.note.trim() || null,
    idempotencyKey: draft.idempotencyKey,
  };
}

function placeOf(quote: string, start: number): { start: number; end: number } {
  return { start, end: start + [...quote].length };
}

/** The names to look an agent up by, from what stands beside a cue: whole, then without what may be a title. */
export function namesToTry(speaker: string): string[] {
  const words = speaker.split(/\s+/);
  return words
    .map((_, index) => words.slice(index).join(" "))
    .filter((name) => name.length > 2)
    .slice(0, 4);
}
