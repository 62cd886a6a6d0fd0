// Writing: a mutation answers with a payload, or with the typed reason why nothing was done.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useCallback, useState } from "react";
import { type AnyVariables, type CombinedError, useMutation } from "urql";
import { ERROR_TYPES } from "#generated/documents.ts";
import { say } from "../strings.ts";
import { type Problem, tell } from "../text/problems.ts";
import { useAlive } from "./alive.ts";
import { refused, written as succeeded, unheard } from "./signals.ts";
import { isUnknown } from "./unknown.ts";

/** Why nothing was done. `problems` are the server's, by the path of the input field each concerns. */
export interface Refusal {
  readonly type: string;
  readonly code: string;
  readonly message: string;
  readonly hint?: string | null;
  readonly problems?: readonly Problem[];
  /** Names of protected agents that outsiders would read: the first of `total`. */
  readonly places?: readonly NamedPlace[];
  readonly total?: number;
  /** The input that was refused. */
  readonly sent?: unknown;
}

/** In code points of the field at `path`: of what is recorded as `row`, else of the input. */
export interface NamedPlace {
  readonly path: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly row: string | null;
}

type Outcome = { readonly __typename: string };
/** The one field of a mutation. */
type Result<Data> = Data extends Record<string, infer Field> ? Extract<Field, Outcome> : never;
type ErrorMember<Member> = Member extends { readonly code: string } ? Member : never;
type Payload<Data> = Exclude<Result<Data>, ErrorMember<Result<Data>>>;

export type Written<Data> =
  | { readonly done: true; readonly payload: Payload<Data> }
  | {
      readonly done: false;
      readonly refusal: Refusal;
      readonly result: ErrorMember<Result<Data>> | undefined;
    };

interface Writing<Data, Variables> {
  readonly run: (variables: Variables) => Promise<Written<Data>>;
  readonly busy: boolean;
  /** Of the last run, until the next or until it is dismissed. */
  readonly refusal: Refusal | undefined;
  readonly dismiss: () => void;
}

/** Every top-level type that a write may change, so that a page shown beside it asks again. */
const CHANGED = [
  "Claim",
  "Source",
  "Agent",
  "Question",
  "Event",
  "Assessment",
  "Corroboration",
  "Comparison",
];

export function useWrite<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
): Writing<Data, Variables> {
  const [{ fetching }, execute] = useMutation<Data, AnyVariables>(
    document as TypedDocumentNode<Data, AnyVariables>,
  );
  const [refusal, setRefusal] = useState<Refusal | undefined>(undefined);
  const alive = useAlive();
  const run = useCallback(
    async (variables: Variables): Promise<Written<Data>> => {
      setRefusal(undefined);
      const { data, error } = await execute(variables, { additionalTypenames: CHANGED });
      const written = readOutcome<Data>(data, error);
      if (written.done) {
        succeeded.announce();
        return written;
      }
      const sent = (variables as { readonly input?: unknown } | undefined)?.input;
      setRefusal({ ...written.refusal, sent });
      if (!alive.current) unheard.announce(written.refusal.message);
      if (written.refusal.type === NOT_PERMITTED.type) refused.announce();
      return written;
    },
    [execute, alive],
  );
  const dismiss = useCallback(() => setRefusal(undefined), []);
  return { run, busy: fetching, refusal, dismiss };
}

/** The type of a refusal that is none: whether anything was recorded is not known. */
export const UNANSWERED = "Failure";

/** What came of a mutation with one field. Pure. */
function readOutcome<Data>(data: Data | undefined, error: CombinedError | undefined): Written<Data> {
  const result = Object.values(data ?? {}).find(isOutcome);
  if (result === undefined && isUnknown(error)) {
    return { done: false, refusal: NOT_PERMITTED, result: undefined };
  }
  if (result === undefined) {
    const offline = error?.networkError !== undefined;
    const message = offline ? say.notSaved : (error?.message ?? say.notSaved).replace(/^\[GraphQL\] /, "");
    const refusal = { type: UNANSWERED, code: offline ? "OFFLINE" : "FAILED", message };
    return { done: false, refusal, result: undefined };
  }
  if (!ERROR_TYPES.has(result.__typename)) return { done: true, payload: result as Payload<Data> };
  const told = readRefusal(result as unknown as Told);
  const message = told.problems?.map(tell).join(" ") ?? told.message;
  const refusal = OWN_WORDS[told.type] ?? { ...told, message };
  return { done: false, refusal, result: result as ErrorMember<Result<Data>> };
}

/** A refusal as the API spells it: one that concerns one field alone has the path of that. */
type Told = Omit<Refusal, "type"> & { readonly __typename: string; readonly path?: readonly string[] };

function readRefusal({ __typename: type, path, ...told }: Told): Refusal {
  return { ...told, type, ...(path && { problems: [{ path, message: told.message }] }) };
}

/** What one may not from the start is not offered: one's token is old, or one's role is another by now. */
const NOT_PERMITTED: Refusal = { type: "NotPermitted", code: "NOT_PERMITTED", message: say.notPermitted };

/** The draft was sent before, as it stood then: from another window, or its answer was lost. */
const SENT_BEFORE: Refusal = {
  type: "IdempotencyConflict",
  code: "IDEMPOTENCY_CONFLICT",
  message: say.sentBefore,
};
/** The API's words are for who writes programs. */
const OWN_WORDS: Readonly<Record<string, Refusal>> = {
  [NOT_PERMITTED.type]: NOT_PERMITTED,
  [SENT_BEFORE.type]: SENT_BEFORE,
};

function isOutcome(value: unknown): value is Outcome {
  return typeof value === "object" && value !== null && "__typename" in value;
}
