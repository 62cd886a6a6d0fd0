import { type ReactNode, useId, useLayoutEffect, useRef } from "react";
import { createPortal } from "react-dom";
import { say } from "../strings.ts";
import { Button } from "./button.tsx";
import styles from "./dialog.module.css";
import { focusFirst } from "./field.tsx";

/**
 * A modal dialog: the first field, or the first that something is wrong with, is focused, Escape and the button close
 * it, the focus goes back where it was. While it is `away` it is out of sight, with all that stands in it.
 */
export function Dialog({
  title,
  away = false,
  onClose,
  children,
}: {
  title: string;
  away?: boolean;
  onClose: () => void;
  children: ReactNode;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useLayoutEffect(() => {
    if (away) return undefined;
    const shown = dialog.current;
    shown?.showModal();
    focusFirst(shown);
    return () => {
      shown?.close();
      focusAgain();
    };
  }, [away]);
  // Outside of whatever opened it, a form perhaps; and its keys are its own.
  return createPortal(
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby={heading}
      onCancel={(event) => {
        // As for Escape: the browser asks by other ways, too.
        if (event.target !== event.currentTarget) return;
        event.preventDefault();
        onClose();
      }}
      onClose={() => {
        if (away) return;
        focusAgain();
        onClose();
      }}
      onKeyDown={(event) => {
        event.stopPropagation();
        if (event.key !== "Escape" || event.defaultPrevented) return;
        // The browser would close it at once and tell of that later: a key pressed in between would open nothing.
        event.preventDefault();
        onClose();
      }}
    >
      <div className={styles.head}>
        <h2 id={heading}>{title}</h2>
        <Button look="quiet" onClick={onClose} keys="Esc">
          {say.close}
        </Button>
      </div>
      {children}
    </dialog>,
    document.body,
  );
}

/** Chromium gives a field of the dialog beneath its focus back, and no caret: what is typed would be lost. */
function focusAgain(): void {
  const field = document.activeElement;
  if (!(field instanceof HTMLElement) || field.closest("dialog:modal") === null) return;
  field.blur();
  field.focus();
}
