// Where the focus goes when more of a list was asked for: on to the first that came.
import { type RefCallback, useCallback, useRef, useState } from "react";

interface GoingOn {
  /** More was asked for, by what has the focus. */
  readonly ask: () => void;
  /** Of what tells that it is on its way: it holds the focus until then. */
  readonly waiting: RefCallback<HTMLElement>;
  /** Of the first that came. */
  readonly came: RefCallback<HTMLElement>;
}

/**
 * What was pressed goes away or moves down with the end of the list. Who went elsewhere meanwhile is left there.
 * `elsewhere`: what comes is not where one looks.
 */
export function useGoingOn({ elsewhere = false }: { elsewhere?: boolean } = {}): GoingOn {
  const pressed = useRef<Element>(null);
  const take = useCallback(
    (item: HTMLElement | null): boolean => {
      if (item === null || pressed.current === null) return false;
      const at = document.activeElement;
      if (at === document.body || at === pressed.current) focusItem(item, { preventScroll: !elsewhere });
      return true;
    },
    [elsewhere],
  );
  return {
    ask: useCallback(() => {
      pressed.current = document.activeElement;
    }, []),
    waiting: useCallback((item) => void take(item), [take]),
    came: useCallback(
      (item) => {
        if (take(item)) pressed.current = null;
      },
      [take],
    ),
  };
}

interface Cut {
  /** So many are shown. */
  readonly most: number;
  /** Show so many more than the `shown`. */
  readonly show: (shown: number, more: number) => void;
  /** The ref of the item that stands there. */
  readonly refAt: (index: number) => RefCallback<HTMLElement> | undefined;
}

/** Of a list that is there, and is not shown as a whole before one asks for it. */
export function useCut(least: number): Cut {
  const [{ most, from }, setCut] = useState({ most: least, from: least });
  const { ask, came } = useGoingOn();
  return {
    most,
    show: (shown, more) => {
      ask();
      setCut({ most: shown + more, from: shown });
    },
    refAt: (index) => (index === from ? came : undefined),
  };
}

/** To the first thing in it that the keyboard reaches; to the item where there is none. */
function focusItem(item: HTMLElement, options: FocusOptions): void {
  const within = item.querySelector<HTMLElement>("a[href], button, summary");
  if (within === null) item.tabIndex = -1;
  (within ?? item).focus(options);
}
