// Changing the record of a claim: all but its source, which it cannot change.
import { type ReactNode, useMemo, useState } from "react";
import { AmendClaim } from "#generated/documents.ts";
import type { AmendableClaimFragment } from "#generated/types.ts";
import { AmendDialog, type Amendment, readAmended } from "../amending/dialog.tsx";
import { useWrite } from "../data/write.ts";
import { ClaimFields } from "../recording/claim-fields.tsx";
import { type ClaimFields as Fields, makeClaimInput, readClaim } from "../recording/draft.ts";
import type { Candidate } from "../recording/quote-field.tsx";
import { say } from "../strings.ts";
import { Positions } from "../text/codepoints.ts";
import type { Claim } from "./claim.ts";
import type { Send } from "./sent.ts";

const { record } = say;
const LABELS: Record<keyof Fields, string> = {
  quote: record.quote,
  start: record.place,
  statement: record.statement,
  question: record.question,
  quantity: record.quantity,
  lower: record.lower,
  upper: record.upper,
  lowerIncluded: record.lowerIncluded,
  upperIncluded: record.upperIncluded,
  modality: record.modality,
  polarity: record.polarity,
  basis: record.basis,
  hops: record.hops,
  asserted: record.asserted,
  note: record.note,
  restricted: say.restricted.label,
};

export function AmendClaimDialog({
  claim,
  send: show,
  onClose,
}: {
  claim: Claim;
  send: Send;
  onClose: () => void;
}): ReactNode {
  const { run, busy, refusal } = useWrite(AmendClaim);
  const [candidates, setCandidates] = useState<readonly Candidate[]>([]);
  const { text } = claim.source;
  const positions = useMemo(() => new Positions(text ?? ""), [text]);
  const amendment: Amendment<AmendableClaimFragment, Fields, ReturnType<typeof makeClaimInput>> = {
    node: claim,
    read: readClaim,
    make: makeClaimInput,
    labels: LABELS,
    busy,
    shown: true,
    refusal,
    send: async (input) => {
      setCandidates([]);
      show({ amendment: { statement: input.statement ?? claim.statement, version: input.expectedVersion } });
      const written = await run({ input: { claim: claim.id, ...input } });
      if (!written.done) show({ amendment: undefined });
      const result = written.done ? undefined : written.result;
      if (result?.__typename === "QuoteNotFound" || result?.__typename === "AmbiguousQuote") {
        setCandidates(result.candidates);
      }
      return readAmended(written, "Claim");
    },
  };
  return (
    <AmendDialog amendment={amendment} onClose={onClose}>
      {(fields, change) => (
        <ClaimFields
          text={text}
          positions={positions}
          fields={fields}
          onChange={change}
          onPlace={ignore}
          candidates={candidates}
          refusal={refusal}
        />
      )}
    </AmendDialog>
  );
}

/** The words are not shown in their text here. */
function ignore(): void {}
