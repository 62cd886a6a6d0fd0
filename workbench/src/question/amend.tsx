import type { ReactNode } from "react";
import { AmendQuestion } from "#generated/documents.ts";
import type { AmendableQuestionFragment } from "#generated/types.ts";
import { AmendDialog, type Amendment, readAmended } from "../amending/dialog.tsx";
import { useWrite } from "../data/write.ts";
import { type QuestionFields as Fields, makeQuestionInput } from "../recording/nodes.ts";
import { QuestionFields } from "../recording/question-field.tsx";
import { say } from "../strings.ts";

const LABELS: Record<keyof Fields, string> = {
  kind: say.record.kind,
  text: say.record.question,
  event: say.event.name,
  unit: say.question.unit,
  counted: say.question.counted,
};

export function AmendQuestionDialog({
  question,
  onClose,
}: {
  question: AmendableQuestionFragment;
  onClose: () => void;
}): ReactNode {
  const { run, busy, refusal } = useWrite(AmendQuestion);
  const amendment: Amendment<AmendableQuestionFragment, Fields, ReturnType<typeof makeQuestionInput>> = {
    node: question,
    read: readQuestion,
    make: makeQuestionInput,
    labels: LABELS,
    busy,
    refusal,
    send: async (input) => readAmended(await run({ input: { question: question.id, ...input } }), "Question"),
  };
  return (
    <AmendDialog amendment={amendment} onClose={onClose}>
      {(fields, change, problem) => <QuestionFields fields={fields} onChange={change} problem={problem} />}
    </AmendDialog>
  );
}

function readQuestion(question: AmendableQuestionFragment): Fields {
  return {
    kind: question.kind,
    text: question.text,
    event: question.event && { id: question.event.id, name: question.event.title },
    unit: question.unit ?? "",
    counted: question.counted ?? "",
  };
}
