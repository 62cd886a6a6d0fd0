// Naming what is recorded: found as one types, or recorded on the spot.
import { type ReactNode, useState } from "react";
import { newKey } from "../data/keys.ts";
import type { Refusal, Written } from "../data/write.ts";
import { Chosen } from "../parts/chosen.tsx";
import { Combobox, type Option } from "../parts/combobox.tsx";
import { Field } from "../parts/field.tsx";
import { handOver } from "../parts/focus.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { problemAt } from "../parts/problem.tsx";
import { say } from "../strings.ts";

/** What was chosen stands in the field's place until it is removed. */
export function FindField({
  label,
  hint,
  problem,
  placeholder,
  chosen = null,
  text,
  onText,
  options,
  onChoose,
  looking = false,
  create,
}: {
  label: string;
  hint?: ReactNode;
  problem?: ReactNode;
  placeholder: string;
  chosen?: { readonly words: ReactNode; readonly remove: string; readonly onRemove: () => void } | null;
  /** What is typed. */
  text: string;
  onText: (text: string) => void;
  options: readonly Option[];
  onChoose: (option: Option) => void;
  /** Whether it is there is not known yet: nothing is recorded twice for that. */
  looking?: boolean;
  /** The dialog that records what is not there yet, beginning with what was typed. */
  create?: {
    readonly label: (text: string) => string;
    readonly dialog: (text: string, onClose: () => void) => ReactNode;
  };
}): ReactNode {
  const [creating, setCreating] = useState<string | undefined>(undefined);
  if (chosen !== null) {
    return (
      <Chosen label={label} remove={chosen.remove} onRemove={chosen.onRemove} problem={problem}>
        {chosen.words}
      </Chosen>
    );
  }
  return (
    <>
      <Field label={label} problem={problem} hint={hint}>
        {(wiring) => (
          <Combobox
            wiring={wiring}
            text={text}
            onText={onText}
            options={options}
            onChoose={onChoose}
            {...(create === undefined || looking
              ? {}
              : { create: { label: create.label, run: setCreating } })}
            placeholder={placeholder}
          />
        )}
      </Field>
      {creating !== undefined && create?.dialog(creating, () => setCreating(undefined))}
    </>
  );
}

/** The dialog of a field: what it records is chosen in the field, and the focus is there again. */
export function NewDialog<Fields extends object, Data, Found>({
  title,
  empty,
  busy,
  refusal,
  record,
  found,
  onClose,
  onRecorded,
  children,
}: {
  title: string;
  empty: () => Fields;
  busy: boolean;
  refusal: Refusal | undefined;
  record: (fields: Fields, idempotencyKey: string) => Promise<Written<Data>>;
  /** What was recorded, or stood already. */
  found: (written: Written<Data>, fields: Fields) => Found | undefined;
  onClose: () => void;
  onRecorded: (found: Found) => void;
  children: (
    fields: Fields,
    change: (changed: Partial<Fields>) => void,
    problem: (path: string) => ReactNode,
  ) => ReactNode;
}): ReactNode {
  const [fields, setFields] = useState(empty);
  const [idempotencyKey, setKey] = useState(newKey);
  const submit = async (): Promise<void> => {
    const written = await record(fields, idempotencyKey);
    const node = found(written, fields);
    if (node !== undefined) {
      handOver(() => {
        onClose();
        onRecorded(node);
      });
    } else if (!written.done && written.result !== undefined) {
      // A refused request is answered for good under its key; the mended one is another.
      setKey(newKey());
    }
  };
  return (
    <FormDialog
      title={title}
      save={say.record.save}
      busy={busy}
      refusal={refusal}
      onSubmit={submit}
      onClose={onClose}
    >
      {children(
        fields,
        (changed) => setFields({ ...fields, ...changed }),
        (path) => problemAt(refusal, path),
      )}
    </FormDialog>
  );
}
