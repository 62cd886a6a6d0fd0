import { RestoreClaim } from "#generated/documents.ts";
import { useWrite } from "../data/write.ts";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";

/** The withdrawal of a claim is undone. */
export function useRestoration(claim: string): () => void {
  const { run } = useWrite(RestoreClaim);
  const toast = useToast();
  return () =>
    void run({ input: { claim } }).then((written) =>
      toast({ words: written.done ? say.claim.restored : written.refusal.message }),
    );
}
