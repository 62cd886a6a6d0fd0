// What a claim answers: found as one types, or asked on the spot.
import { type ReactNode, useState } from "react";
import { FindQuestions, RecentQuestions, RecordQuestion } from "#generated/documents.ts";
import type { QuestionKind } from "#generated/types.ts";
import { useDebounced } from "../data/debounced.ts";
import { newKey } from "../data/keys.ts";
import { useRead } from "../data/read.tsx";
import { useWrite } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { Combobox } from "../parts/combobox.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Choice, Field } from "../parts/field.tsx";
import { say } from "../strings.ts";
import type { ClaimDraft } from "./draft.ts";
import styles from "./form.module.css";
import { distinct, mentions } from "./matching.ts";

type Question = NonNullable<ClaimDraft["question"]>;

export function QuestionField({
  question,
  onChange,
  problem,
}: {
  question: Question | null;
  onChange: (question: Question | null) => void;
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
  ).slice(0, 8);
  if (question !== null) {
    return (
      <div className={styles.question}>
        <span className={styles.label}>{say.record.question}</span>
        <p>
          {question.text} <small>{say.record.questionKind[question.kind]}</small>
        </p>
        <Button look="quiet" onClick={() => onChange(null)}>
          {say.record.questionRemove}
        </Button>
        {problem !== undefined && <p className={styles.problem}>{problem}</p>}
      </div>
    );
  }
  return (
    <>
      <Field label={say.record.question} problem={problem} hint={say.record.questionHint}>
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
            create={{ label: say.record.questionNew, run: setAsking }}
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
  text: given,
  onClose,
  onRecorded,
}: {
  text: string;
  onClose: () => void;
  onRecorded: (question: Question) => void;
}): ReactNode {
  const [text, setText] = useState(given);
  const [kind, setKind] = useState<QuestionKind>("QUANTITY");
  const [idempotencyKey] = useState(newKey);
  const { run, busy, refusal } = useWrite(RecordQuestion);
  const record = async (): Promise<void> => {
    if (busy) return;
    const written = await run({ input: { text, kind, idempotencyKey } });
    if (!written.done) return;
    onClose();
    onRecorded(written.payload.question);
  };
  return (
    <Dialog title={say.record.question} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          void record();
        }}
      >
        <Field label={say.record.question} problem={refusal?.message}>
          {(wiring) => (
            <textarea {...wiring} rows={2} value={text} onChange={(event) => setText(event.target.value)} />
          )}
        </Field>
        <Choice label={say.record.kind} value={kind} options={say.record.questionKind} onChange={setKind} />
        <p>
          <Button look="main" type="submit" aria-busy={busy}>
            {say.record.save}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
