// Where one field takes the place of another, the focus goes along.
import { type RefObject, useLayoutEffect } from "react";

/** Until what was chosen is drawn; what is shown later has another reason to be. */
const SOON_MS = 100;

let handed = false;

/** What is shown next in the place of what has the focus is to have it. */
export function handOver(): void {
  handed = true;
  window.setTimeout(() => {
    handed = false;
  }, SOON_MS);
}

export function useHandedFocus(field: RefObject<HTMLElement | null>): void {
  useLayoutEffect(() => {
    if (!handed) return;
    handed = false;
    field.current?.focus();
  }, [field]);
}
