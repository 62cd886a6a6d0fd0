import { type RefObject, useEffect, useRef } from "react";

/** Whether what asked for something is still shown when the answer comes. */
export function useAlive(): RefObject<boolean> {
  const alive = useRef(true);
  useEffect(() => {
    alive.current = true;
    return () => {
      alive.current = false;
    };
  }, []);
  return alive;
}
