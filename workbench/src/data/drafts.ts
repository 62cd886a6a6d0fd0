// What is being written, kept in this browser until it is recorded: a reload or a lost connection loses nothing.
import { useCallback, useEffect, useState } from "react";
import { dropKept, keep, keptKeys, readKept } from "./kept.ts";

const PREFIX = "sayso.draft.";
const listeners = new Set<() => void>();
let open = 0;

/** How many forms with a draft are open. */
export function countDrafts(): number {
  return open;
}

export function listenToDrafts(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function count(by: 1 | -1): void {
  open += by;
  for (const listener of listeners) listener();
}

interface Draft<Value> {
  readonly value: Value;
  readonly set: (change: Partial<Value>) => void;
  /** It is recorded, or not wanted any more. */
  readonly forget: () => void;
  /** It was begun before this page was opened. */
  readonly kept: boolean;
}

/** A draft under a name. `empty` is what it begins with, unless one was kept. */
export function useDraft<Value extends object>(name: string, empty: Value): Draft<Value> {
  const key = PREFIX + name;
  const [state, setState] = useState(() => {
    const found = read<Value>(key);
    return { value: { ...empty, ...found }, kept: found !== undefined };
  });
  useEffect(() => {
    count(1);
    return () => count(-1);
  }, []);
  const set = useCallback(
    (change: Partial<Value>) =>
      setState((before) => {
        const value = { ...before.value, ...change };
        keep(key, JSON.stringify(value));
        return { ...before, value };
      }),
    [key],
  );
  const forget = useCallback(() => {
    dropKept(key);
    setState({ value: empty, kept: false });
  }, [key, empty]);
  return { ...state, set, forget };
}

export function hasDraft(name: string): boolean {
  return readKept(PREFIX + name) !== null;
}

/** Whether anything that was written waits in this browser. */
export function hasDrafts(): boolean {
  return keptKeys().some((key) => key.startsWith(PREFIX));
}

function read<Value>(key: string): Partial<Value> | undefined {
  const text = readKept(key);
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as Partial<Value>;
  } catch {
    return undefined; // written by another version of the page
  }
}
