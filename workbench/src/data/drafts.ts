// What is being written, kept in this browser until it is recorded: a reload or a lost connection loses nothing.
import { useCallback, useEffect, useState } from "react";

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
        write(key, value);
        return { ...before, value };
      }),
    [key],
  );
  const forget = useCallback(() => {
    localStorage.removeItem(key);
    setState({ value: empty, kept: false });
  }, [key, empty]);
  return { ...state, set, forget };
}

export function hasDraft(name: string): boolean {
  return localStorage.getItem(PREFIX + name) !== null;
}

/** Whether anything that was written waits in this browser. */
export function hasDrafts(): boolean {
  return Object.keys(localStorage).some((key) => key.startsWith(PREFIX));
}

function read<Value>(key: string): Partial<Value> | undefined {
  const text = localStorage.getItem(key);
  if (text === null) return undefined;
  try {
    return JSON.parse(text) as Partial<Value>;
  } catch {
    return undefined; // written by another version of the page
  }
}

function write(key: string, value: object): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The browser keeps no more: the draft lives as long as the page.
  }
}
