// Naming an event, and its fields.
import { type ReactNode, useState } from "react";
import { FindEvents, RecordEvent } from "#generated/documents.ts";
import { useDebounced } from "../data/debounced.ts";
import { useRead } from "../data/read.tsx";
import { useWrite } from "../data/write.ts";
import { TextField } from "../parts/field.tsx";
import { say } from "../strings.ts";
import type { NamedAgent } from "./draft.ts";
import { FindField, NewDialog } from "./find-field.tsx";
import styles from "./form.module.css";
import { isLooking, nodeOf, offer } from "./matching.ts";
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
  const words = useDebounced(text.trim());
  const recent = useRead(FindEvents, {}).data?.events.edges ?? [];
  const searching = useRead(FindEvents, { filter: { text: words } }, { pause: words === "" });
  const found = searching.data?.events.edges ?? [];
  const nodes = offer(words, recent.map(nodeOf), found.map(nodeOf), ({ title, place }) => [
    title,
    place ?? "",
  ]);
  return (
    <FindField
      label={say.event.name}
      problem={problem}
      placeholder={say.event.search}
      chosen={event && { words: event.name, remove: say.event.remove, onRemove: () => onChange(null) }}
      text={text}
      onText={setText}
      looking={isLooking(searching, words, text)}
      options={nodes.map(({ id, title, startsOn, place }) => ({
        id,
        label: title,
        detail: [startsOn, place].filter(Boolean).join(" · "),
      }))}
      onChoose={({ id, label: name }) => onChange({ id, name })}
      create={{
        label: say.record.speakerNew,
        dialog: (title, onClose) => <NewEvent title={title} onClose={onClose} onRecorded={onChange} />,
      }}
    />
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
  const { run, busy, refusal } = useWrite(RecordEvent);
  return (
    <NewDialog
      title={say.event.record}
      empty={() => emptyEvent(title)}
      busy={busy}
      refusal={refusal}
      record={(fields, idempotencyKey) => run({ input: { ...makeEventInput(fields), idempotencyKey } })}
      found={(written) =>
        written.done ? { id: written.payload.event.id, name: written.payload.event.title } : undefined
      }
      onClose={onClose}
      onRecorded={onRecorded}
    >
      {(fields, change, problem) => <EventFields fields={fields} onChange={change} problem={problem} />}
    </NewDialog>
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
