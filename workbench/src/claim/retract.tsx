import { type ReactNode, useMemo } from "react";
import { RetractClaim } from "#generated/documents.ts";
import { useDraft } from "../data/drafts.ts";
import { useWrite } from "../data/write.ts";
import { TextField } from "../parts/field.tsx";
import { FormDialog, ReasonField } from "../parts/form-dialog.tsx";
import { problemAt } from "../parts/problem.tsx";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import type { Claim } from "./claim.ts";
import styles from "./page.module.css";
import { useReinstatement } from "./reinstate.tsx";
import { useRestricting } from "./restricting.ts";

/** Record that the source took the claim back. */
export function RetractDialog({ claim, onClose }: { claim: Claim; onClose: () => void }): ReactNode {
  const empty = useMemo(() => ({ when: "", reason: "", url: "" }), []);
  const { value: draft, set, forget } = useDraft(`retraction.${claim.id}`, empty);
  const { run, busy, refusal } = useWrite(RetractClaim);
  const restricting = useRestricting(claim);
  const reinstate = useReinstatement();
  const toast = useToast();
  const retract = async (): Promise<void> => {
    const written = await run({
      input: {
        claim: claim.id,
        when: draft.when.trim(),
        reason: draft.reason,
        url: draft.url.trim() || null,
      },
    });
    if (!written.done) return;
    forget();
    onClose();
    const retracted = written.payload.claim;
    const action = { label: say.record.undo, run: () => reinstate(retracted) };
    toast({ words: say.claim.retractedNow, action });
  };
  return (
    <FormDialog
      title={say.claim.retract}
      save={say.claim.retract}
      look="danger"
      busy={busy}
      refusal={refusal}
      restricting={restricting}
      onSubmit={retract}
      onClose={onClose}
    >
      <p className={styles.muted}>{say.claim.retractWords}</p>
      <TextField
        label={say.claim.retractedWhen}
        hint={say.paste.publishedHint}
        value={draft.when}
        onChange={(when) => set({ when })}
        problem={problemAt(refusal, "when")}
      />
      <ReasonField reason={draft.reason} onChange={(reason) => set({ reason })} refusal={refusal} />
      <TextField
        label={say.claim.retractedUrl}
        type="url"
        value={draft.url}
        onChange={(url) => set({ url })}
        problem={problemAt(refusal, "url")}
      />
    </FormDialog>
  );
}
