// What a claim answers, and the fields of a question.
import { type ReactNode, useState } from "react";
import { FindQuestions, RecentQuestions, RecordQuestion } from "#generated/documents.ts";
import { useDebounced } from "../data/debounced.ts";
import { useRead } from "../data/read.tsx";
import { useWrite } from "../data/write.ts";
import { Choice, TextField } from "../parts/field.tsx";
import { say } from "../strings.ts";
import type { ClaimDraft } from "./draft.ts";
import { EventField } from "./event-field.tsx";
import { FindField, NewDialog } from "./find-field.tsx";
import styles from "./form.module.css";
import { isLooking, nodeOf, offer } from "./matching.ts";
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
  const words = useDebounced(text.trim());
  const recent = useRead(RecentQuestions, {}).data?.questions.edges ?? [];
  const searching = useRead(FindQuestions, { filter: { text: words } }, { pause: words === "" });
  const [near, found] = [recent, searching.data?.questions.edges ?? []].map((edges) =>
    edges.map(nodeOf).filter((node) => offered?.(node) ?? true),
  );
  const nodes = offer(words, near ?? [], found ?? [], (node) => [node.text, node.event?.title ?? ""]);
  return (
    <FindField
      label={label}
      hint={hint}
      problem={problem}
      placeholder={say.record.questionPlaceholder}
      chosen={
        question && {
          words: (
            <>
              {question.text} <small>{say.record.questionKind[question.kind]}</small>
            </>
          ),
          remove: say.record.questionRemove,
          onRemove: () => onChange(null),
        }
      }
      text={text}
      onText={setText}
      looking={isLooking(searching, words, text)}
      options={nodes.map((node) => ({ id: node.id, label: node.text, detail: node.event?.title }))}
      onChoose={({ id }) => {
        const chosen = nodes.find((node) => node.id === id);
        if (chosen !== undefined) onChange({ id, text: chosen.text, kind: chosen.kind });
      }}
      {...(offered === undefined
        ? {
            create: {
              label: say.record.questionNew,
              dialog: (asked: string, onClose: () => void) => (
                <NewQuestion text={asked} onClose={onClose} onRecorded={onChange} />
              ),
            },
          }
        : {})}
    />
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
  const { run, busy, refusal } = useWrite(RecordQuestion);
  return (
    <NewDialog
      title={say.record.question}
      empty={() => emptyQuestion(text)}
      busy={busy}
      refusal={refusal}
      record={(fields, idempotencyKey) => run({ input: { ...makeQuestionInput(fields), idempotencyKey } })}
      found={(written) => (written.done ? written.payload.question : undefined)}
      onClose={onClose}
      onRecorded={onRecorded}
    >
      {(fields, change, problem) => <QuestionFields fields={fields} onChange={change} problem={problem} />}
    </NewDialog>
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
