import { type FormEvent, type ReactNode, useState } from "react";
import { RestoreClaim, WithdrawClaim } from "#generated/documents.ts";
import { problemAt, useWrite } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";
import type { Claim } from "./page.tsx";

/** Take back a claim that was recorded by mistake, or restore it. Either is undone by the other. */
export function WithdrawTools({ claim }: { claim: Claim }): ReactNode {
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState("");
  const withdrawal = useWrite(WithdrawClaim);
  const restoration = useWrite(RestoreClaim);
  const toast = useToast();
  const restore = async (): Promise<void> => {
    const written = await restoration.run({ input: { claim: claim.id } });
    toast({ words: written.done ? say.claim.restored : written.refusal.message });
  };
  const withdraw = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    const written = await withdrawal.run({ input: { claim: claim.id, reason } });
    if (!written.done) return;
    setAsking(false);
    toast({ words: say.claim.withdrawnNow, action: { label: say.record.undo, run: () => void restore() } });
  };
  if (claim.withdrawal !== null) return <Button onClick={() => void restore()}>{say.claim.restore}</Button>;
  return (
    <>
      <Button look="quiet" onClick={() => setAsking(true)}>
        {say.claim.withdraw}
      </Button>
      {asking && (
        <Dialog title={say.claim.withdraw} onClose={() => setAsking(false)}>
          <form className={styles.form} onSubmit={(event) => void withdraw(event)}>
            <p className={styles.muted}>{say.claim.withdrawWords}</p>
            <Field
              label={say.claim.reason}
              problem={problemAt(withdrawal.refusal, "reason") ?? withdrawal.refusal?.message}
            >
              {(wiring) => (
                <input {...wiring} value={reason} onChange={(event) => setReason(event.target.value)} />
              )}
            </Field>
            <p>
              <Button look="danger" type="submit">
                {say.claim.withdraw}
              </Button>
            </p>
          </form>
        </Dialog>
      )}
    </>
  );
}
