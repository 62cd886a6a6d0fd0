import { type ReactNode, useEffect, useId, useRef } from "react";
import { say } from "../strings.ts";
import { Button } from "./button.tsx";
import styles from "./dialog.module.css";

/** A modal dialog: Escape and the button close it, and the focus goes back to where it was. */
export function Dialog({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ReactNode;
}): ReactNode {
  const dialog = useRef<HTMLDialogElement>(null);
  const heading = useId();
  useEffect(() => {
    const shown = dialog.current;
    shown?.showModal();
    return () => shown?.close();
  }, []);
  return (
    <dialog ref={dialog} className={styles.dialog} aria-labelledby={heading} onClose={onClose}>
      <div className={styles.head}>
        <h2 id={heading}>{title}</h2>
        <Button look="quiet" onClick={onClose} keys="Esc">
          {say.close}
        </Button>
      </div>
      {children}
    </dialog>
  );
}
