// Naming an event: found as one types, or recorded on the spot.
import { type ReactNode, useState } from "react";
import { FindEvents, RecordEvent } from "#generated/documents.ts";
import { useDebounced } from "../data/debounced.ts";
import { newKey } from "../data/keys.ts";
import { useRead } from "../data/read.tsx";
import { useWrite } from "../data/write.ts";
import { Chosen } from "../parts/chosen.tsx";
import { Combobox } from "../parts/combobox.tsx";
import { Field, TextField } from "../parts/field.tsx";
import { handOver } from "../parts/focus.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { problemAt } from "../parts/problem.tsx";
import { say } from "../strings.ts";
import type { NamedAgent } from "./draft.ts";
import styles from "./form.module.css";
import { distinct, mentions } from "./matching.ts";
import { emptyEvent, type EventFields as Fields, makeEventInput } from "./nodes.ts";

export function EventField({
  event,
  onChange,
  problem,
}: {
  event: NamedAgent | null;
  onChange: (event: NamedAgent | null) => void;
  problem: ReactNode;
}): ReactNode {
  const [text, setText] = useState("");
  const [creating, setCreating] = useState<string | undefined>(undefined);
  const words = useDebounced(text.trim());
  const recent = useRead(FindEvents, {}).data?.events.edges ?? [];
  const found =
    useRead(FindEvents, { filter: { text: words } }, { pause: words === "" }).data?.events.edges ?? [];
  const nodes = distinct(
    [
      ...recent.filter(({ node }) => mentions([node.title, node.place ?? ""], words)),
      ...(words === "" ? [] : found),
    ].map(({ node }) => node),
  ).slice(0, 8);
  if (event !== null) {
    return (
      <Chosen
        label={say.event.name}
        remove={say.event.remove}
        onRemove={() => onChange(null)}
        problem={problem}
      >
        {event.name}
      </Chosen>
    );
  }
  return (
    <>
      <Field label={say.event.name} problem={problem}>
        {(wiring) => (
          <Combobox
            id={wiring.id}
            describedBy={wiring["aria-describedby"]}
            text={text}
            onText={setText}
            options={nodes.map(({ id, title, startsOn, place }) => ({
              id,
              label: title,
              detail: [startsOn, place].filter(Boolean).join(" · "),
            }))}
            onChoose={({ id, label: name }) => onChange({ id, name })}
            create={{ label: say.record.speakerNew, run: setCreating }}
            placeholder={say.event.search}
          />
        )}
      </Field>
      {creating !== undefined && (
        <NewEvent title={creating} onClose={() => setCreating(undefined)} onRecorded={onChange} />
      )}
    </>
  );
}

function NewEvent({
  title,
  onClose,
  onRecorded,
}: {
  title: string;
  onClose: () => void;
  onRecorded: (event: NamedAgent) => void;
}): ReactNode {
  const [fields, setFields] = useState(() => emptyEvent(title));
  const [idempotencyKey] = useState(newKey);
  const { run, busy, refusal } = useWrite(RecordEvent);
  const record = async (): Promise<void> => {
    const written = await run({ input: { ...makeEventInput(fields), idempotencyKey } });
    if (!written.done) return;
    const { event } = written.payload;
    onClose();
    handOver();
    onRecorded({ id: event.id, name: event.title });
  };
  return (
    <FormDialog
      title={say.event.record}
      save={say.record.save}
      busy={busy}
      refusal={refusal}
      onSubmit={record}
      onClose={onClose}
    >
      <EventFields
        fields={fields}
        onChange={(changed) => setFields({ ...fields, ...changed })}
        problem={(path) => problemAt(refusal, path)}
      />
    </FormDialog>
  );
}

export function EventFields({
  fields,
  onChange,
  problem,
}: {
  fields: Fields;
  onChange: (changed: Partial<Fields>) => void;
  problem: (path: string) => ReactNode;
}): ReactNode {
  const text = (name: keyof Fields, label: string, type = "text"): ReactNode => (
    <TextField
      label={label}
      type={type}
      value={fields[name]}
      onChange={(value) => onChange({ [name]: value })}
      problem={problem(name)}
    />
  );
  return (
    <>
      {text("title", say.event.title)}
      <div className={styles.row}>
        {text("startsOn", say.event.startsOn, "date")}
        {text("endsOn", say.event.endsOn, "date")}
      </div>
      {text("place", say.event.place)}
      <div className={styles.row}>
        {text("latitude", say.event.latitude, "number")}
        {text("longitude", say.event.longitude, "number")}
      </div>
      <TextField
        label={say.event.description}
        lines={2}
        value={fields.description}
        onChange={(description) => onChange({ description })}
        problem={problem("description")}
      />
    </>
  );
}
