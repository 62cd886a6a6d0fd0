import type { ReactNode } from "react";
import { AmendSource } from "#generated/documents.ts";
import type { AmendableSourceFragment } from "#generated/types.ts";
import { AmendDialog, type Amendment, readAmended } from "../amending/dialog.tsx";
import { useWrite } from "../data/write.ts";
import { TextField } from "../parts/field.tsx";
import { type SourceFields as Fields, makeSourceInput } from "../recording/nodes.ts";
import { readSource, SOURCE_LABELS, SourceFields } from "../recording/source-fields.tsx";
import { say } from "../strings.ts";

/** The record of a source. A text is given to a citation that has none; a changed one is a revision. */
export function AmendSourceDialog({
  source,
  onClose,
}: {
  source: AmendableSourceFragment;
  onClose: () => void;
}): ReactNode {
  const { run, busy, refusal } = useWrite(AmendSource);
  const amendment: Amendment<AmendableSourceFragment, Fields, ReturnType<typeof makeSourceInput>> = {
    node: source,
    // A text that is stored is no field here.
    read: (node) => ({ ...readSource(node), text: "" }),
    make: makeSourceInput,
    labels: SOURCE_LABELS,
    busy,
    refusal,
    send: async (input) => readAmended(await run({ input: { source: source.id, ...input } }), "Source"),
  };
  return (
    <AmendDialog amendment={amendment} onClose={onClose}>
      {(fields, change, problem) => (
        <>
          <SourceFields fields={fields} onChange={change} problem={problem} />
          {source.text === null && (
            <TextField
              label={say.paste.text}
              hint={say.source.textHint}
              lines={4}
              value={fields.text}
              onChange={(text) => change({ text })}
              problem={problem("text")}
            />
          )}
        </>
      )}
    </AmendDialog>
  );
}
