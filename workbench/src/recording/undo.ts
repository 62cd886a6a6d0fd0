import { useCallback } from "react";
import { WithdrawClaim } from "#generated/documents.ts";
import { useWrite } from "../data/write.ts";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";

/** Take a claim back that was recorded a moment ago. Nothing is deleted: it is withdrawn, with a reason. */
export function useUndo(): (claim: string) => Promise<boolean> {
  const { run } = useWrite(WithdrawClaim);
  const toast = useToast();
  return useCallback(
    async (claim) => {
      const written = await run({ input: { claim, reason: say.record.undoReason } });
      toast({ words: written.done ? say.record.undone : written.refusal.message });
      return written.done;
    },
    [run, toast],
  );
}
