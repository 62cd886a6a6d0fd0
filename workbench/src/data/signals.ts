// What the parts of a page tell each other, so that what is shown is asked for again.

interface Signal {
  readonly announce: () => void;
  /** `listener` is called until the function that is returned is. */
  readonly listen: (listener: () => void) => () => void;
  /** How often it was announced since the page was opened. */
  readonly count: () => number;
}

/** A write succeeded. */
export const written = makeSignal();
/** Something was refused for want of rights: they may be others by now. */
export const refused = makeSignal();
/** One's rights are others than they were. */
export const rightsChanged = makeSignal();

let known = true;

/** Whether the server knows who asks. Else it answers nothing, and takes each request for a guess at a token. */
export function isKnown(): boolean {
  return known;
}

export function setKnown(now: boolean): void {
  known = now;
}

function makeSignal(): Signal {
  const listeners = new Set<() => void>();
  let count = 0;
  return {
    announce: () => {
      count += 1;
      for (const listener of listeners) listener();
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    count: () => count,
  };
}
