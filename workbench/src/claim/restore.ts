import { RestoreClaim } from "#generated/documents.ts";
import { useWrite } from "../data/write.ts";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import type { Send } from "./sent.ts";

/** The withdrawal of a claim is undone. */
export function useRestoration(claim: string, send: Send): () => void {
  const { run } = useWrite(RestoreClaim);
  const toast = useToast();
  return () => {
    send({ restoration: true, withdrawal: undefined });
    void run({ input: { claim } }).then((written) => {
      if (!written.done) send({ restoration: undefined });
      toast({ words: written.done ? say.claim.restored : written.refusal.message });
    });
  };
}
