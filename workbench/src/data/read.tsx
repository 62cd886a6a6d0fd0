// Reading: one query, and what is shown while it is on its way, fails, or names nothing.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { type ReactNode, useEffect, useRef } from "react";
import { type AnyVariables, type CombinedError, useQuery } from "urql";
import { Notice } from "../parts/notice.tsx";
import { Waiting } from "../parts/waiting.tsx";
import { say } from "../strings.ts";
import { hasDrafts } from "./drafts.ts";
import { useBeat } from "./live.tsx";
import { refused, rightsChanged, written } from "./signals.ts";
import { isUnknown } from "./unknown.ts";

export interface Reading<Data> {
  readonly data: Data | undefined;
  readonly error: CombinedError | undefined;
  /** Nothing can be shown yet. */
  readonly waiting: boolean;
  /** Something is shown, and asked for again. */
  readonly refreshing: boolean;
  readonly refresh: () => void;
}

/**
 * Ask, and ask again whenever a mutation changed something of a type that the answer holds; `live`: also when
 * the `Live` around it hears that others changed something.
 */
export function useRead<Data, Variables extends AnyVariables>(
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  { pause = false, live = false }: { pause?: boolean; live?: boolean } = {},
): Reading<Data> {
  const [{ data, error, fetching, stale }, ask] = useQuery<Data, AnyVariables>({
    query: document as TypedDocumentNode<Data, AnyVariables>,
    variables,
    pause,
  });
  const { count } = useBeat();
  const answered = useRef(count);
  useEffect(() => {
    if (!live || pause || answered.current === count) return;
    answered.current = count;
    ask({ requestPolicy: "network-only" });
  }, [live, pause, count, ask]);
  useAskedAgain({ pause, failed: error !== undefined }, () => ask({ requestPolicy: "network-only" }));
  const unknown = isUnknown(error);
  useEffect(() => {
    if (unknown) refused.announce();
  }, [unknown]);
  // What was shown stays if asking again fails: a dropped connection takes nothing off the page.
  const key = JSON.stringify(variables);
  const last = useRef<{ key: string; data: Data | undefined }>({ key, data: undefined });
  if (data !== undefined || last.current.key !== key) last.current = { key, data };
  const shown = pause ? data : last.current.data;
  return {
    data: shown,
    error,
    waiting: shown === undefined && fetching,
    refreshing: stale || (fetching && shown !== undefined),
    refresh: () => ask({ requestPolicy: "network-only" }),
  };
}

/**
 * All is asked again with other rights; what could not be answered, once the server is there again: something was
 * recorded, or one is online.
 */
function useAskedAgain({ pause, failed }: { pause: boolean; failed: boolean }, ask: () => void): void {
  const again = useRef(ask);
  again.current = ask;
  useEffect(() => (pause ? undefined : rightsChanged.listen(() => again.current())), [pause]);
  useEffect(() => {
    if (!failed || pause) return undefined;
    const run = (): void => again.current();
    const leave = written.listen(run);
    window.addEventListener("online", run);
    return () => {
      leave();
      window.removeEventListener("online", run);
    };
  }, [failed, pause]);
}

/** The answer, once there is one; until then, or instead, what there is to say. */
export function Answer<Data>({
  reading,
  children,
}: {
  reading: Reading<Data>;
  children: (data: Data) => ReactNode;
}): ReactNode {
  if (reading.data !== undefined) {
    return (
      <>
        {reading.error !== undefined && <Trouble reading={reading} />}
        {children(reading.data)}
      </>
    );
  }
  if (reading.error !== undefined) return <Trouble reading={reading} />;
  return <Waiting />;
}

function Trouble({ reading }: { reading: Reading<unknown> }): ReactNode {
  const { error, refresh } = reading;
  if (error === undefined) return null;
  const words = error.networkError === undefined ? error.message.replace(/^\[GraphQL\] /, "") : say.offline;
  if (isUnknown(error)) {
    // What is shown may be in the midst of being written to: it stays where it is.
    return reading.data === undefined ? (
      <Notice title={hasDrafts() ? `${say.signInFirst} ${say.lost.kept}` : say.signInFirst}>
        <a href="/sign-in">{say.signIn}</a>
      </Notice>
    ) : null;
  }
  return (
    <Notice tone="danger" title={words} action={{ label: say.tryAgain, run: refresh }}>
      {error.graphQLErrors.map((problem) => String(problem.extensions.hint ?? "")).join(" ")}
    </Notice>
  );
}
