import { type ReactNode, useState } from "react";
import { WithdrawClaim } from "#generated/documents.ts";
import { useWrite } from "../data/write.ts";
import { FormDialog, ReasonField } from "../parts/form-dialog.tsx";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";
import type { Claim } from "./page.tsx";
import { useRestoration } from "./restore.ts";

/** Take back a claim that was recorded by mistake. */
export function WithdrawDialog({ claim, onClose }: { claim: Claim; onClose: () => void }): ReactNode {
  const [reason, setReason] = useState("");
  const { run, busy, refusal } = useWrite(WithdrawClaim);
  const restore = useRestoration(claim.id);
  const toast = useToast();
  const withdraw = async (): Promise<void> => {
    const written = await run({ input: { claim: claim.id, reason } });
    if (!written.done) return;
    onClose();
    toast({ words: say.claim.withdrawnNow, action: { label: say.record.undo, run: restore } });
  };
  return (
    <FormDialog
      title={say.claim.withdraw}
      save={say.claim.withdraw}
      look="danger"
      busy={busy}
      refusal={refusal}
      onSubmit={withdraw}
      onClose={onClose}
    >
      <p className={styles.muted}>{say.claim.withdrawWords}</p>
      <ReasonField reason={reason} onChange={setReason} refusal={refusal} />
    </FormDialog>
  );
}
