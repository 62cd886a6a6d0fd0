// The answers of each origin: claims that say the same are one answer. Pure.
import type {
  CorroborationStatus,
  OriginPageFragment,
  Polarity,
  QuestionPageQuery,
} from "#generated/types.ts";
import { keyOf } from "../parts/party.ts";

export type Question = NonNullable<QuestionPageQuery["question"]>;
export type Comparison = NonNullable<QuestionPageQuery["compare"]>;
type OriginNode = OriginPageFragment["edges"][number]["node"];
export type Position = OriginNode["positions"]["edges"][number]["node"];
export type Claim = Position["claim"];

export interface OriginPositions {
  readonly origin: OriginNode["origin"];
  readonly positions: readonly Position[];
}

export interface AnswerOf {
  /** Unique on the page. */
  readonly key: string;
  /** In order of when they were said. */
  readonly positions: readonly Position[];
  readonly live: boolean;
  /** The claim whose figures stand for the answer: most lines, then most reports. */
  readonly claim: Claim;
}

export interface OriginAnswers {
  readonly key: string;
  readonly origin: OriginPositions["origin"];
  readonly claims: number;
  /** Those that still count first; in order of when each was first said. */
  readonly answers: readonly AnswerOf[];
}

/** Origins with the most claims first; nobody named comes last, since it is no line. */
export function groupAnswers(origins: readonly OriginPositions[]): OriginAnswers[] {
  return origins
    .map(({ origin, positions }) => {
      const key = keyOfOrigin(origin);
      return { key, origin, claims: positions.length, answers: answersOf(key, positions) };
    })
    .sort(
      (one, other) =>
        Number(one.origin === null) - Number(other.origin === null) || other.claims - one.claims,
    );
}

function answersOf(origin: string, positions: readonly Position[]): AnswerOf[] {
  const found = new Map<string, Position[]>();
  for (const position of positions.toSorted(byTime)) {
    const key = `${origin} ${position.live} ${saying(position.claim)}`;
    const same = found.get(key);
    if (same === undefined) found.set(key, [position]);
    else same.push(position);
  }
  return [...found]
    .map(([key, same]) => ({
      key,
      positions: same,
      live: same[0]?.live ?? false,
      claim: strongest(same.map(({ claim }) => claim)) as Claim,
    }))
    .sort((one, other) => Number(other.live) - Number(one.live));
}

/** What two claims have to share to be the same answer. */
function saying({ quantity, polarity, statement }: Claim): string {
  if (quantity !== null) {
    const { lower, upper, lowerInclusive, upperInclusive } = quantity;
    return `${lowerInclusive ? "[" : "("}${lower ?? ""},${upper ?? ""}${upperInclusive ? "]" : ")"}`;
  }
  return polarity ?? statement.trim().toLocaleLowerCase();
}

/** The claim with most lines; of those with as many, the one in most reports. */
export function strongest(claims: readonly Claim[]): Claim | undefined {
  return claims.reduce<Claim | undefined>(
    (best, claim) => (best === undefined || strength(claim) > strength(best) ? claim : best),
    undefined,
  );
}

function strength({ corroboration: { linesFor, reportsFor } }: Claim): number {
  return linesFor * 1e6 + reportsFor;
}

function byTime(one: Position, other: Position): number {
  return (one.said?.from ?? "~").localeCompare(other.said?.from ?? "~");
}

export function keyOfOrigin(origin: OriginPositions["origin"]): string {
  return origin === null ? "nobody" : keyOf(origin);
}

export interface Column {
  readonly key: string;
  readonly polarity: Polarity | null;
  readonly claim: Claim;
  readonly status: CorroborationStatus;
  readonly claims: number;
  readonly origins: readonly { readonly of: OriginAnswers; readonly answer: AnswerOf }[];
}

/** Each answer a column of the origins that give it: yes before no, else the one in most claims first. */
export function makeColumns(origins: readonly OriginAnswers[]): Column[] {
  const found = new Map<string, { of: OriginAnswers; answer: AnswerOf }[]>();
  for (const of of origins) {
    for (const answer of of.answers) {
      const key = saying(answer.claim);
      found.set(key, [...(found.get(key) ?? []), { of, answer }]);
    }
  }
  return [...found]
    .map(([key, of]) => {
      const alive = of.filter(({ answer }) => answer.live);
      const claim = strongest((alive.length > 0 ? alive : of).map(({ answer }) => answer.claim)) as Claim;
      const claims = new Set(
        of.flatMap(({ answer }) => answer.positions.map((position) => position.claim.id)),
      );
      const { polarity } = claim;
      return { key, polarity, claim, status: claim.corroboration.status, claims: claims.size, origins: of };
    })
    .sort(
      (one, other) => (one.polarity ?? "").localeCompare(other.polarity ?? "") || other.claims - one.claims,
    );
}
