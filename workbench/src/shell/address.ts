import { useCallback } from "react";
import { type NavigateOptions, useSearchParams } from "react-router";

type Change = (next: URLSearchParams | Readonly<Record<string, string>>, options?: NavigateOptions) => void;

/**
 * What stands in the address after its `?`, and a way to change that. What is shown changes with it, at once: the
 * next key or click finds what the one before chose.
 */
export function useAddress(): readonly [URLSearchParams, Change] {
  const [parameters, setParameters] = useSearchParams();
  const change = useCallback<Change>(
    (next, options) => setParameters(new URLSearchParams(next), { ...options, flushSync: true }),
    [setParameters],
  );
  return [parameters, change];
}
