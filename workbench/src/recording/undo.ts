import { useCallback } from "react";
import { WithdrawClaim } from "#generated/documents.ts";
import { useWrite } from "../data/write.ts";
import { tellUndone, useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";

/** Take a claim back that was recorded a moment ago. Nothing is deleted: it is withdrawn, with a reason. `again` does it anew. */
export function useUndo(): (claim: string, again: () => void) => Promise<boolean> {
  const { run } = useWrite(WithdrawClaim);
  const toast = useToast();
  return useCallback(
    async (claim, again) => {
      const written = await run({ input: { claim, reason: say.record.undoReason } });
      toast(tellUndone(written, say.record.undone, again));
      return written.done;
    },
    [run, toast],
  );
}
