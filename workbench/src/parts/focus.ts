// Where one field takes the place of another, the focus goes along.
import { type RefObject, useLayoutEffect } from "react";
import { flushSync } from "react-dom";

let handed = false;

/** What `run` shows in the place of what has the focus is to have it. It is drawn at once. */
export function handOver(run: () => void): void {
  handed = true;
  flushSync(run);
  handed = false;
}

export function useHandedFocus(field: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    if (!handed) return;
    handed = false;
    field.current?.focus();
  }, [field]);
}
