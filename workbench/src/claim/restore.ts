import { RestoreClaim } from "#generated/documents.ts";
import { useWrite } from "../data/write.ts";
import { tellUndone, useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import type { Send } from "./sent.ts";

/** The withdrawal of a claim is undone. */
export function useRestoration(claim: string, send: Send): () => void {
  const { run } = useWrite(RestoreClaim);
  const toast = useToast();
  const restore = (): void => {
    send({ restoration: true, withdrawal: undefined });
    void run({ input: { claim } }).then((written) => {
      if (!written.done) send({ restoration: undefined });
      toast(tellUndone(written, say.claim.restored, restore));
    });
  };
  return restore;
}
