// A word on what was done, with a way to undo it. No clock takes it away: it stays until it is dismissed, or another
// takes its place. One that asks for nothing goes with the page.
import { createContext, type ReactNode, useContext, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import { unheard } from "../data/signals.ts";
import { type Refusal, UNANSWERED } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { say } from "../strings.ts";
import { useShortcuts } from "./shortcuts.tsx";
import styles from "./toast.module.css";

export interface Toast {
  readonly words: string;
  readonly action?: { readonly label: string; readonly run: () => void };
  /** It is missed by who does not read it: it goes with no page. */
  readonly stays?: boolean;
}

/** What came of undoing something. */
export function tellUndone(
  written: { readonly done: true } | { readonly done: false; readonly refusal: Refusal },
  words: string,
  again: () => void,
): Toast {
  return written.done ? { words } : tellRefused(written.refusal, again);
}

/** What was not answered can be tried again. */
export function tellRefused({ type, message }: Refusal, again: () => void): Toast {
  const action = { label: say.tryAgain, run: again };
  return type === UNANSWERED ? { words: message, action } : { words: message, stays: true };
}

const Toasts = createContext<(toast: Toast) => void>(() => undefined);

export function useToast(): (toast: Toast) => void {
  return useContext(Toasts);
}

export function ToastProvider({ children }: { children: ReactNode }): ReactNode {
  const [toast, setToast] = useState<Toast | undefined>(undefined);
  const { pathname } = useLocation();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another page is what it goes with.
  useEffect(() => setToast((last) => (last?.action || last?.stays ? last : undefined)), [pathname]);
  useEffect(() => unheard.listen((message) => setToast({ words: say.unheard(message), stays: true })), []);
  const place = useRef<HTMLDivElement>(null);
  const from = useRef<HTMLElement>(undefined);
  // What was pressed goes, and nobody is told that it lost the focus: that goes back to where it came from.
  const leave = (): void => {
    if (place.current?.contains(document.activeElement)) from.current?.focus({ preventScroll: true });
    setToast(undefined);
  };
  const act = (): void => {
    toast?.action?.run();
    leave();
  };
  const { action } = toast ?? {};
  useShortcuts(say.shortcuts.everywhere, [
    ...(action === undefined ? [] : [{ keys: "u", label: action.label, run: act }]),
    ...(toast === undefined ? [] : [{ keys: "Escape", label: say.dismiss, run: leave }]),
  ]);
  return (
    <Toasts value={setToast}>
      {children}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: where the focus came from is remembered, no more. */}
      <div
        ref={place}
        className={styles.place}
        onFocus={({ currentTarget, relatedTarget }) => {
          if (currentTarget.contains(relatedTarget)) return;
          from.current = relatedTarget instanceof HTMLElement ? relatedTarget : undefined;
        }}
      >
        <div role="status">{toast !== undefined && <p>{toast.words}</p>}</div>
        {action !== undefined && (
          <Button keys="u" onClick={act}>
            {action.label}
          </Button>
        )}
        {toast !== undefined && (
          <Button look="quiet" keys="Esc" onClick={leave}>
            {say.dismiss}
          </Button>
        )}
      </div>
    </Toasts>
  );
}
