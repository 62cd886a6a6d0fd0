import type { ReactNode } from "react";
import { WithdrawClaim } from "#generated/documents.ts";
import { useDraft } from "../data/drafts.ts";
import { useWrite } from "../data/write.ts";
import { FormDialog, ReasonField } from "../parts/form-dialog.tsx";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import type { Claim } from "./claim.ts";
import styles from "./page.module.css";
import { useRestoration } from "./restore.ts";
import { useRestricting } from "./restricting.ts";
import type { Send } from "./sent.ts";

const EMPTY = { reason: "" };

/** Take back a claim that was recorded by mistake. */
export function WithdrawDialog({
  claim,
  send,
  onClose,
}: {
  claim: Claim;
  send: Send;
  onClose: () => void;
}): ReactNode {
  const { value: draft, set, forget } = useDraft(`withdrawal.${claim.id}`, EMPTY);
  const { run, busy, refusal } = useWrite(WithdrawClaim);
  const restore = useRestoration(claim.id, send);
  const restricting = useRestricting(claim);
  const toast = useToast();
  const withdraw = async (): Promise<void> => {
    const { reason } = draft;
    send({ withdrawal: { reason }, restoration: undefined });
    const written = await run({ input: { claim: claim.id, reason } });
    if (!written.done) {
      send({ withdrawal: undefined });
      return;
    }
    forget();
    onClose();
    toast({ words: say.claim.withdrawnNow, action: { label: say.record.undo, run: restore } });
  };
  return (
    <FormDialog
      title={say.claim.withdraw}
      save={say.claim.withdraw}
      look="danger"
      busy={busy}
      away={busy}
      refusal={refusal}
      restricting={restricting}
      onSubmit={withdraw}
      onClose={onClose}
    >
      <p className={styles.muted}>{say.claim.withdrawWords}</p>
      <ReasonField reason={draft.reason} onChange={(reason) => set({ reason })} refusal={refusal} />
    </FormDialog>
  );
}
