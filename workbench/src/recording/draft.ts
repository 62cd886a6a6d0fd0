// What is typed into the form of a claim, and the input it makes. Pure.
import type {
  AmendableClaimFragment,
  Basis,
  Channel,
  Modality,
  Mode,
  Polarity,
  QuestionKind,
  RecordClaimInput,
} from "#generated/types.ts";

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

/** What is typed of a claim, of a new one and of one that is amended. */
export interface ClaimFields {
  readonly quote: string;
  /** Which of the places where the words stand, in code points; null where the text is not stored. */
  readonly start: number | null;
  /** Empty: the quote itself. */
  readonly statement: string;
  readonly question: { readonly id: string; readonly text: string; readonly kind: QuestionKind } | null;
  readonly quantity: string;
  readonly lower: string;
  readonly upper: string;
  readonly lowerIncluded: boolean;
  readonly upperIncluded: boolean;
  /** Empty: as the words or the bounds have it. */
  readonly modality: Modality | "";
  readonly polarity: Polarity;
  readonly basis: Basis;
  readonly hops: readonly HopDraft[];
  readonly asserted: string;
  readonly note: string;
  /** Outsiders are to see nothing of it. */
  readonly restricted: boolean;
}

export interface ClaimDraft extends ClaimFields {
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
    lowerIncluded: true,
    upperIncluded: true,
    modality: "",
    polarity: "ASSERTS",
    basis: "ATTRIBUTED",
    hops: [emptyHop(1)],
    asserted: "",
    note: "",
    restricted: false,
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

/** What the server is sent of a new claim. */
export function makeInput(source: string, draft: ClaimDraft): RecordClaimInput {
  return { source, ...makeClaimInput(draft), idempotencyKey: draft.idempotencyKey };
}

/** What is recorded of the fields; what the kind of question or the basis leaves no place for is not sent. */
export function makeClaimInput(
  fields: ClaimFields,
): Required<Omit<RecordClaimInput, "source" | "idempotencyKey">> {
  const { question, basis } = fields;
  return {
    statement: fields.statement.trim() || fields.quote.trim(),
    quote: { exact: fields.quote, ...(fields.start === null ? {} : placeOf(fields.quote, fields.start)) },
    basis,
    question: question?.id ?? null,
    hops:
      basis === "ATTRIBUTED"
        ? fields.hops
            .filter((hop) => hop.agents.length > 0)
            .map(({ agents, cue, mode, channel }) => ({
              agents: agents.map((agent) => agent.id),
              cue: cue.trim() || null,
              mode: mode || null,
              channel,
            }))
        : [],
    polarity: question?.kind === "YES_NO" ? fields.polarity : null,
    quantity:
      question?.kind === "QUANTITY"
        ? {
            text: fields.quantity.trim(),
            lower: fields.lower.trim() || null,
            upper: fields.upper.trim() || null,
            lowerInclusive: fields.lowerIncluded,
            upperInclusive: fields.upperIncluded,
            modality: fields.modality || null,
          }
        : null,
    asserted: fields.asserted.trim() || null,
    note: fields.note.trim() || null,
    restricted: fields.restricted,
  };
}

/** What stands in the fields, of a claim that is recorded. */
export function readClaim(claim: AmendableClaimFragment): ClaimFields {
  const { quote, quantity } = claim;
  // Bounds that follow from the words are left to follow from them.
  const given = quantity?.boundsGiven === true ? quantity : undefined;
  return {
    quote: quote.exact,
    start: quote.start,
    statement: claim.statement,
    question: claim.question && {
      id: claim.question.id,
      text: claim.question.text,
      kind: claim.question.kind,
    },
    quantity: quantity?.text ?? "",
    lower: given?.lower ?? "",
    upper: given?.upper ?? "",
    lowerIncluded: given?.lowerInclusive ?? true,
    upperIncluded: given?.upperInclusive ?? true,
    modality: given?.modality ?? "",
    polarity: claim.polarity ?? "ASSERTS",
    basis: claim.basis,
    hops:
      claim.attribution.length === 0
        ? [emptyHop(1)]
        : claim.attribution.map(({ position, agents, cue, mode, channel }) => ({
            key: position,
            agents: agents.map(({ id, name }) => ({ id, name })),
            cue: cue ?? "",
            mode: mode ?? "",
            channel,
          })),
    asserted: claim.asserted?.text ?? "",
    note: claim.note ?? "",
    restricted: claim.restricted,
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
