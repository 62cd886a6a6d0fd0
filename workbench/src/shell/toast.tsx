// A word on what was done, with a way to undo it. It stays until it is old, and as long as it is pointed at.
import { createContext, type ReactNode, useCallback, useContext, useEffect, useRef, useState } from "react";
import { unheard } from "../data/signals.ts";
import { type Refusal, UNANSWERED } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { say } from "../strings.ts";
import { useShortcuts } from "./shortcuts.tsx";
import styles from "./toast.module.css";

export interface Toast {
  readonly words: string;
  readonly action?: { readonly label: string; readonly run: () => void };
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
  return type === UNANSWERED ? { words: message, action } : { words: message };
}

const SHOWN_MS = 12_000;
const Toasts = createContext<(toast: Toast) => void>(() => undefined);

export function useToast(): (toast: Toast) => void {
  return useContext(Toasts);
}

export function ToastProvider({ children }: { children: ReactNode }): ReactNode {
  const [toast, setToast] = useState<Toast | undefined>(undefined);
  const [held, setHeld] = useState(false);
  const dismiss = useCallback(() => setToast(undefined), []);
  useEffect(() => {
    if (toast === undefined || held) return undefined;
    const timer = window.setTimeout(dismiss, SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [toast, held, dismiss]);
  useEffect(() => unheard.listen((message) => setToast({ words: say.unheard(message) })), []);
  const place = useRef<HTMLDivElement>(null);
  const from = useRef<HTMLElement>(undefined);
  // What was pressed goes, and nobody is told that it lost the focus: that goes back to where it came from.
  const leave = (): void => {
    if (place.current?.contains(document.activeElement)) from.current?.focus({ preventScroll: true });
    setHeld(false);
    dismiss();
  };
  const act = (): void => {
    toast?.action?.run();
    leave();
  };
  const { action } = toast ?? {};
  useShortcuts(
    say.shortcuts.everywhere,
    action === undefined ? [] : [{ keys: "u", label: action.label, run: act }],
  );
  return (
    <Toasts value={setToast}>
      {children}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: pointing at it only keeps it. */}
      <div
        ref={place}
        className={styles.place}
        onPointerEnter={() => setHeld(true)}
        onPointerLeave={() => setHeld(false)}
        onFocus={({ currentTarget, relatedTarget }) => {
          setHeld(true);
          if (currentTarget.contains(relatedTarget)) return;
          from.current = relatedTarget instanceof HTMLElement ? relatedTarget : undefined;
        }}
        onBlur={() => setHeld(false)}
      >
        <div role="status">{toast !== undefined && <p>{toast.words}</p>}</div>
        {action !== undefined && (
          <Button keys="u" onClick={act}>
            {action.label}
          </Button>
        )}
        {toast !== undefined && (
          <Button look="quiet" onClick={leave}>
            {say.dismiss}
          </Button>
        )}
      </div>
    </Toasts>
  );
}
