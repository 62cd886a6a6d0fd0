import type { ReactNode } from "react";
import { MergeAgents, UnmergeAgents } from "#generated/documents.ts";
import { useWrite } from "../data/write.ts";
import { MergeDialog } from "../merging/dialog.tsx";
import { problemAt } from "../parts/problem.tsx";
import { OneAgentField } from "../recording/agent-field.tsx";
import type { NamedAgent } from "../recording/draft.ts";
import { tellUndone, useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";

export function MergeAgentDialog({ agent, onClose }: { agent: NamedAgent; onClose: () => void }): ReactNode {
  const { run, busy, refusal } = useWrite(MergeAgents);
  const undo = useUnmergeAgent(agent.id);
  return (
    <MergeDialog
      id={agent.id}
      name={agent.name}
      words={say.merge.agentWords(agent.name)}
      merge={{
        run: async (input) => {
          const written = await run({ input: { agent: agent.id, ...input } });
          return written.done ? written.payload.figureChanges : undefined;
        },
        busy,
        refusal,
        undo: () => undo(say.record.undoReason),
      }}
      choose={(into, onChoose) => (
        <OneAgentField
          label={say.merge.other}
          agent={into}
          onChange={onChoose}
          problem={problemAt(refusal, "into")}
        />
      )}
      onClose={onClose}
    />
  );
}

/** A merge of this agent is undone, for a reason. */
export function useUnmergeAgent(agent: string): (reason: string) => void {
  const { run } = useWrite(UnmergeAgents);
  const toast = useToast();
  const unmerge = (reason: string): void =>
    void run({ input: { agent, reason } }).then((written) =>
      toast(tellUndone(written, say.merge.unmerged, () => unmerge(reason))),
    );
  return unmerge;
}
