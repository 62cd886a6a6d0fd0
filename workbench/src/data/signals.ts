// What the parts of a page tell each other, so that what is shown is asked for again.

interface Signal<Told = void> {
  readonly announce: (told: Told) => void;
  /** `listener` is called until the function that is returned is. */
  readonly listen: (listener: (told: Told) => void) => () => void;
  /** How often it was announced since the page was opened. */
  readonly count: () => number;
}

/** A write succeeded. */
export const written = makeSignal();
/** Something was refused for want of rights: they may be others by now. */
export const refused = makeSignal();
/** One's rights are others than they were. */
export const rightsChanged = makeSignal();
/** Why something was not recorded, where the form that sent it is gone. */
export const unheard = makeSignal<string>();

let known = true;

/** Whether the server knows who asks. Else it answers nothing, and takes each request for a guess at a token. */
export function isKnown(): boolean {
  return known;
}

export function setKnown(now: boolean): void {
  known = now;
}

function makeSignal<Told = void>(): Signal<Told> {
  const listeners = new Set<(told: Told) => void>();
  let count = 0;
  return {
    announce: (told) => {
      count += 1;
      for (const listener of listeners) listener(told);
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
