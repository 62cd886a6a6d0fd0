// What others record meanwhile: a page hears that something changed, and asks again for what it shows.
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from "react";
import { CorroborationChanged } from "#generated/documents.ts";
import type { ClaimFilter } from "#generated/types.ts";
import { isKnown } from "./signals.ts";
import { listenToSocket, type SocketState, socketState, subscribe } from "./socket.ts";

/** Without a live connection. */
export const POLL_MS = 15_000;
/** With one: for what changes no corroboration, a title or a note. */
const CALM_MS = 60_000;
/** Many events are answered by one question. */
const GATHER_MS = 500;
const PAUSE_MS = 2_000;

interface Beat {
  /** One more each time that what is shown may be old. */
  readonly count: number;
  readonly state: SocketState;
}

const Beats = createContext<Beat>({ count: 0, state: "opening" });

/** How often something changed beneath this `Live`, and how one hears of it. */
export function useBeat(): Beat {
  return useContext(Beats);
}

/**
 * Where claims of the filter change, `onChange` is called, and all that is read with `live` is asked for again.
 * Never while the page is out of sight: then as soon as it is seen.
 */
export function Live({
  filter,
  onChange,
  children,
}: {
  filter: ClaimFilter;
  onChange?: () => void;
  children: ReactNode;
}): ReactNode {
  const state = useSyncExternalStore(listenToSocket, socketState);
  const [count, setCount] = useState(0);
  const changed = useRef(onChange);
  changed.current = onChange;
  const [beat, end] = useMemo(
    () =>
      gather(() => {
        setCount((before) => before + 1);
        changed.current?.();
      }),
    [],
  );
  const variables = JSON.stringify({ filter });
  useEffect(
    () =>
      subscribe({
        query: CorroborationChanged as unknown as string,
        variables: JSON.parse(variables) as object,
        onEvent: beat,
      }),
    [variables, beat],
  );
  useEffect(() => {
    const ask = (): void => {
      if (isKnown()) beat();
    };
    const poll = window.setInterval(ask, state === "live" ? CALM_MS : POLL_MS);
    return () => window.clearInterval(poll);
  }, [state, beat]);
  useEffect(() => end, [end]);
  const value = useMemo(() => ({ count, state }), [count, state]);
  return <Beats value={value}>{children}</Beats>;
}

/** A function that calls `run` soon, once for many calls, and when the page is seen; and one that ends that. */
function gather(run: () => void): [() => void, () => void] {
  let waiting: number | undefined;
  let ran = 0;
  const look = (): void => {
    waiting = undefined;
    if (document.visibilityState !== "visible") {
      document.addEventListener("visibilitychange", look, { once: true });
      return;
    }
    ran = Date.now();
    run();
  };
  const beat = (): void => {
    waiting ??= window.setTimeout(look, Math.max(GATHER_MS, ran + PAUSE_MS - Date.now()));
  };
  const end = (): void => {
    window.clearTimeout(waiting);
    waiting = undefined;
    document.removeEventListener("visibilitychange", look);
  };
  return [beat, end];
}
