import type { ReactNode } from "react";
import { ReinstateClaim } from "#generated/documents.ts";
import { useDraft } from "../data/drafts.ts";
import { useWrite } from "../data/write.ts";
import { FormDialog, ReasonField } from "../parts/form-dialog.tsx";
import { tellUndone, useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import type { Claim } from "./claim.ts";
import styles from "./page.module.css";

const EMPTY = { reason: "" };

/** Undo a retraction: its source did not take the claim back, or stands by it again. */
export function ReinstateDialog({ claim, onClose }: { claim: Claim; onClose: () => void }): ReactNode {
  const { value: draft, set, forget } = useDraft(`reinstatement.${claim.id}`, EMPTY);
  const { run, busy, refusal } = useWrite(ReinstateClaim);
  const toast = useToast();
  const reinstate = async (): Promise<void> => {
    const { reason } = draft;
    const written = await run({ input: { claim: claim.id, expectedVersion: claim.version, reason } });
    if (!written.done) return;
    forget();
    onClose();
    toast({ words: say.claim.reinstated });
  };
  return (
    <FormDialog
      title={say.claim.reinstate}
      save={say.claim.reinstate}
      busy={busy}
      refusal={refusal}
      onSubmit={reinstate}
      onClose={onClose}
    >
      <p className={styles.muted}>{say.claim.reinstateWords}</p>
      <ReasonField reason={draft.reason} onChange={(reason) => set({ reason })} refusal={refusal} />
    </FormDialog>
  );
}

/** A retraction is undone at once, of the claim as that left it. */
export function useReinstatement(): (claim: { id: string; version: number }) => void {
  const { run } = useWrite(ReinstateClaim);
  const toast = useToast();
  const reinstate = (claim: { id: string; version: number }): void => {
    const { id, version } = claim;
    const input = { claim: id, expectedVersion: version, reason: say.amend.undoReason };
    void run({ input }).then((written) =>
      toast(tellUndone(written, say.claim.reinstated, () => reinstate(claim))),
    );
  };
  return reinstate;
}
