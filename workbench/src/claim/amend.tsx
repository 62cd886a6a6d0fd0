// Changing the record of a claim. Where somebody was quicker, both versions are shown, and nothing is lost.
import { type FormEvent, type ReactNode, useMemo, useState } from "react";
import { AmendClaim } from "#generated/documents.ts";
import { useDraft } from "../data/drafts.ts";
import { problemAt, useWrite } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";
import type { Claim } from "./page.tsx";

interface Standing {
  readonly statement: string;
  readonly note: string | null;
  readonly version: number;
}

export function AmendClaimForm({ claim, onClose }: { claim: Claim; onClose: () => void }): ReactNode {
  // The version that was read when the form was opened: what the page reads later is not what was judged.
  const [base, setBase] = useState<Standing>(claim);
  const [theirs, setTheirs] = useState<Standing | undefined>(undefined);
  const empty = useMemo(
    () => ({ statement: base.statement, note: base.note ?? "", reason: "" }),
    [base.statement, base.note],
  );
  const { value: draft, set, forget } = useDraft(`amend.${claim.id}`, empty);
  const { run, busy, refusal } = useWrite(AmendClaim);
  const toast = useToast();
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy) return;
    const written = await run({
      input: {
        claim: claim.id,
        expectedVersion: base.version,
        statement: draft.statement,
        note: draft.note.trim() || null,
        reason: draft.reason.trim() || null,
      },
    });
    if (written.done) {
      forget();
      onClose();
      toast({ words: say.claim.amended });
    } else if (
      written.result?.__typename === "StaleVersion" &&
      written.result.current?.__typename === "Claim"
    ) {
      setTheirs(written.result.current);
    }
  };
  const answer = (mine: boolean): void => {
    if (theirs === undefined) return;
    if (!mine) set({ statement: theirs.statement, note: theirs.note ?? "" });
    setBase(theirs);
    setTheirs(undefined);
  };
  return (
    <Dialog title={say.claim.amend} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        {theirs !== undefined && (
          <div className={styles.stale} role="alert">
            <p>
              <strong>{say.claim.stale}</strong>
            </p>
            <p>
              {say.claim.theirs} <q>{theirs.statement}</q> {theirs.note}
            </p>
            <p>
              {say.claim.yours} <q>{draft.statement}</q> {draft.note}
            </p>
            <p className={styles.tools}>
              <Button onClick={() => answer(true)}>{say.claim.keepMine}</Button>
              <Button onClick={() => answer(false)}>{say.claim.takeTheirs}</Button>
            </p>
          </div>
        )}
        <Field label={say.record.statement} problem={problemAt(refusal, "statement")}>
          {(wiring) => (
            <textarea
              {...wiring}
              rows={2}
              value={draft.statement}
              onChange={(event) => set({ statement: event.target.value })}
            />
          )}
        </Field>
        <Field label={say.record.note} problem={problemAt(refusal, "note")}>
          {(wiring) => (
            <textarea
              {...wiring}
              value={draft.note}
              onChange={(event) => set({ note: event.target.value })}
            />
          )}
        </Field>
        <Field label={say.claim.reason} problem={problemAt(refusal, "reason")}>
          {(wiring) => (
            <input
              {...wiring}
              value={draft.reason}
              onChange={(event) => set({ reason: event.target.value })}
            />
          )}
        </Field>
        {refusal !== undefined && theirs === undefined && refusal.type !== "StaleVersion" && (
          <p className={styles.orphaned} role="alert">
            {refusal.message} {refusal.hint}
          </p>
        )}
        <p>
          <Button look="main" type="submit" aria-busy={busy} disabled={theirs !== undefined}>
            {say.claim.saveAmended}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
