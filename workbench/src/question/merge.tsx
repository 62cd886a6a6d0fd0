import type { ReactNode } from "react";
import { MergeQuestions, UnmergeQuestions } from "#generated/documents.ts";
import { useWrite } from "../data/write.ts";
import { MergeDialog } from "../merging/dialog.tsx";
import { problemAt } from "../parts/problem.tsx";
import { QuestionField } from "../recording/question-field.tsx";
import { tellUndone, useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import type { Question } from "./answers.ts";

export function MergeQuestionDialog({
  question,
  onClose,
}: {
  question: Question;
  onClose: () => void;
}): ReactNode {
  const { run, busy, refusal } = useWrite(MergeQuestions);
  const undo = useUnmergeQuestion(question.id);
  return (
    <MergeDialog
      id={question.id}
      name={question.text}
      words={say.merge.questionWords(question.text)}
      merge={{
        run: async (input) => {
          const written = await run({ input: { question: question.id, ...input } });
          return written.done ? written.payload.figureChanges : undefined;
        },
        busy,
        refusal,
        undo: () => undo(say.record.undoReason),
      }}
      choose={(into, onChoose) => (
        <QuestionField
          label={say.merge.other}
          hint={undefined}
          question={into === null ? null : { id: into.id, text: into.name, kind: question.kind }}
          onChange={(chosen) => onChoose(chosen && { id: chosen.id, name: chosen.text })}
          offered={({ id, kind }) => id !== question.id && kind === question.kind}
          problem={problemAt(refusal, "into")}
        />
      )}
      onClose={onClose}
    />
  );
}

/** A merge of this question is undone, for a reason. */
export function useUnmergeQuestion(question: string): (reason: string) => void {
  const { run } = useWrite(UnmergeQuestions);
  const toast = useToast();
  const unmerge = (reason: string): void =>
    void run({ input: { question, reason } }).then((written) =>
      toast(tellUndone(written, say.merge.unmerged, () => unmerge(reason))),
    );
  return unmerge;
}
