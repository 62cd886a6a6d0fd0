import { useRef } from "react";

/** True once it was: a group of fields that is open does not close while one of them is emptied. */
export function useSticky(now: boolean): boolean {
  const was = useRef(false);
  was.current ||= now;
  return was.current;
}
