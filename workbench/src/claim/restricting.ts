import { AmendClaim } from "#generated/documents.ts";
import { useRights } from "../data/rights.tsx";
import { useWrite } from "../data/write.ts";
import type { Restricting } from "../parts/problem.tsx";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import type { Claim } from "./claim.ts";

/** The claim is restricted where what is said of it was refused for a protected name: by who may amend it. */
export function useRestricting({ id, version, restricted }: Claim): Restricting {
  const { amend } = useRights();
  const { run: send, busy } = useWrite(AmendClaim);
  const toast = useToast();
  const restrict = async (): Promise<void> => {
    const written = await send({
      input: { claim: id, expectedVersion: version, restricted: true, reason: say.named.restrictReason },
    });
    if (!written.done) toast({ words: written.refusal.message, stays: true });
  };
  const run = amend ? () => void restrict() : undefined;
  return { label: say.named.restrictClaim, chosen: restricted, busy, run };
}
