// What a claim answers: found as one types, or asked on the spot.
import { type ReactNode, useState } from "react";
import { FindQuestions, RecentQuestions, RecordQuestion } from "#generated/documents.ts";
import { useDebounced } from "../data/debounced.ts";
import { newKey } from "../data/keys.ts";
import { useRead } from "../data/read.tsx";
import { useWrite } from "../data/write.ts";
import { Chosen } from "../parts/chosen.tsx";
import { Combobox } from "../parts/combobox.tsx";
import { Choice, Field, TextField } from "../parts/field.tsx";
import { handOver } from "../parts/focus.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { problemAt } from "../parts/problem.tsx";
import { say } from "../strings.ts";
import type { ClaimDraft } from "./draft.ts";
import { EventField } from "./event-field.tsx";
import styles from "./form.module.css";
import { distinct, mentions } from "./matching.ts";
import { emptyQuestion, type QuestionFields as Fields, makeQuestionInput } from "./nodes.ts";

type Question = NonNullable<ClaimDraft["question"]>;

export function QuestionField({
  label = say.record.question,
  hint = say.record.questionHint,
  question,
  onChange,
  offered,
  problem,
}: {
  label?: string;
  hint?: string | undefined;
  question: Question | null;
  onChange: (question: Question | null) => void;
  /** Which may be chosen; then none is recorded on the spot. */
  offered?: (question: Question) => boolean;
  problem: ReactNode;
}): ReactNode {
  const [text, setText] = useState("");
  const [asking, setAsking] = useState<string | undefined>(undefined);
  const words = useDebounced(text.trim());
  const recent = useRead(RecentQuestions, {}).data?.questions.edges ?? [];
  const searched = useRead(FindQuestions, { filter: { text: words } }, { pause: words === "" }).data;
  const found = distinct(
    [
      ...recent.filter(({ node }) => mentions([node.text, node.event?.title ?? ""], words)),
      ...(words === "" ? [] : (searched?.questions.edges ?? [])),
    ].map(({ node }) => node),
  )
    .filter((node) => offered?.(node) ?? true)
    .slice(0, 8);
  if (question !== null) {
    return (
      <Chosen
        label={label}
        remove={say.record.questionRemove}
        onRemove={() => onChange(null)}
        problem={problem}
      >
        {question.text} <small>{say.record.questionKind[question.kind]}</small>
      </Chosen>
    );
  }
  return (
    <>
      <Field label={label} problem={problem} hint={hint}>
        {(wiring) => (
          <Combobox
            id={wiring.id}
            describedBy={wiring["aria-describedby"]}
            text={text}
            onText={setText}
            options={found.map((node) => ({ id: node.id, label: node.text, detail: node.event?.title }))}
            onChoose={({ id }) => {
              const chosen = found.find((node) => node.id === id);
              if (chosen !== undefined) onChange({ id, text: chosen.text, kind: chosen.kind });
            }}
            {...(offered === undefined ? { create: { label: say.record.questionNew, run: setAsking } } : {})}
            placeholder={say.record.questionPlaceholder}
          />
        )}
      </Field>
      {asking !== undefined && (
        <NewQuestion
          text={asking}
          onClose={() => setAsking(undefined)}
          onRecorded={(asked) => onChange(asked)}
        />
      )}
    </>
  );
}

function NewQuestion({
  text,
  onClose,
  onRecorded,
}: {
  text: string;
  onClose: () => void;
  onRecorded: (question: Question) => void;
}): ReactNode {
  const [fields, setFields] = useState(() => emptyQuestion(text));
  const [idempotencyKey, setKey] = useState(newKey);
  const { run, busy, refusal } = useWrite(RecordQuestion);
  const record = async (): Promise<void> => {
    const written = await run({ input: { ...makeQuestionInput(fields), idempotencyKey } });
    if (!written.done) {
      if (written.result !== undefined) setKey(newKey());
      return;
    }
    onClose();
    handOver();
    onRecorded(written.payload.question);
  };
  return (
    <FormDialog
      title={say.record.question}
      save={say.record.save}
      busy={busy}
      refusal={refusal}
      onSubmit={record}
      onClose={onClose}
    >
      <QuestionFields
        fields={fields}
        onChange={(changed) => setFields({ ...fields, ...changed })}
        problem={(path) => problemAt(refusal, path)}
      />
    </FormDialog>
  );
}

export function QuestionFields({
  fields,
  onChange,
  problem,
}: {
  fields: Fields;
  onChange: (changed: Partial<Fields>) => void;
  problem: (path: string) => ReactNode;
}): ReactNode {
  return (
    <>
      <TextField
        label={say.record.question}
        lines={2}
        value={fields.text}
        onChange={(text) => onChange({ text })}
        problem={problem("text")}
      />
      <Choice
        label={say.record.kind}
        value={fields.kind}
        options={say.record.questionKind}
        onChange={(kind) => onChange({ kind })}
        hint={problem("kind")}
      />
      <EventField event={fields.event} onChange={(event) => onChange({ event })} problem={problem("event")} />
      {fields.kind === "QUANTITY" && (
        <div className={styles.row}>
          <TextField
            label={say.question.unit}
            placeholder={say.question.unitExample}
            value={fields.unit}
            onChange={(unit) => onChange({ unit })}
            problem={problem("unit")}
          />
          <TextField
            label={say.question.counted}
            placeholder={say.question.countedExample}
            value={fields.counted}
            onChange={(counted) => onChange({ counted })}
            problem={problem("counted")}
          />
        </div>
      )}
    </>
  );
}
