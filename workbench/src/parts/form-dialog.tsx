import { type FormEvent, type KeyboardEvent, type ReactNode, useLayoutEffect, useRef } from "react";
import type { Refusal } from "../data/write.ts";
import { say } from "../strings.ts";
import { Button } from "./button.tsx";
import { Dialog } from "./dialog.tsx";
import { Field, focusRefused } from "./field.tsx";
import styles from "./form-dialog.module.css";
import { LostInForm } from "./lost.tsx";
import { problemAt, Refused, type Restricting } from "./problem.tsx";

/** A dialog that asks for something to be recorded. Why that was refused stands above its button. */
export function FormDialog({
  title,
  save,
  look = "main",
  busy,
  disabled = false,
  away = false,
  refusal,
  restricting,
  onSubmit,
  onClose,
  children,
}: {
  title: string;
  /** What the button says that records. */
  save: string;
  look?: "main" | "danger";
  busy: boolean;
  disabled?: boolean;
  /** What was sent is shown elsewhere until it is answered. */
  away?: boolean;
  refusal?: Refusal | undefined;
  restricting?: Restricting | undefined;
  onSubmit: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}): ReactNode {
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => {
    if (refusal !== undefined) focusRefused(form.current);
  }, [refusal]);
  const submit = (event: FormEvent | KeyboardEvent): void => {
    event.preventDefault();
    // It may stand in another form, by React's tree.
    event.stopPropagation();
    if (!busy && !disabled) void onSubmit();
  };
  return (
    <Dialog title={title} away={away} onClose={onClose}>
      <form
        ref={form}
        className={styles.form}
        onSubmit={submit}
        onKeyDown={(event) => {
          if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event);
        }}
      >
        {children}
        {refusal?.type !== "NotPermitted" && <LostInForm />}
        <Refused refusal={refusal} restricting={restricting} />
        <p>
          <Button look={look} type="submit" keys="Ctrl ↵" aria-busy={busy} disabled={disabled}>
            {save}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}

/** Why it is done: it stays in the history. */
export function ReasonField({
  reason,
  onChange,
  refusal,
}: {
  reason: string;
  onChange: (reason: string) => void;
  refusal: Refusal | undefined;
}): ReactNode {
  return (
    <Field label={say.claim.reason} problem={problemAt(refusal, "reason")}>
      {(wiring) => <input {...wiring} value={reason} onChange={(event) => onChange(event.target.value)} />}
    </Field>
  );
}
