import type { ReactNode } from "react";
import { AmendAgent } from "#generated/documents.ts";
import type { AmendableAgentFragment } from "#generated/types.ts";
import { AmendDialog, type Amendment, readAmended } from "../amending/dialog.tsx";
import { useWrite } from "../data/write.ts";
import { AgentFields } from "../recording/agent-field.tsx";
import { type AgentFields as Fields, makeAgentInput } from "../recording/nodes.ts";
import { say } from "../strings.ts";

const LABELS: Record<keyof Fields, string> = {
  kind: say.record.agentKind,
  name: say.record.agentName,
  aliases: say.agent.aliases,
  description: say.agent.description,
  partOf: say.agent.partOf,
  wikidataId: say.agent.wikidata,
  protected: say.agent.protected,
  pseudonym: say.agent.pseudonym,
};

export function AmendAgentDialog({
  agent,
  onClose,
}: {
  agent: AmendableAgentFragment;
  onClose: () => void;
}): ReactNode {
  const { run, busy, refusal } = useWrite(AmendAgent);
  const amendment: Amendment<AmendableAgentFragment, Fields, ReturnType<typeof makeAgentInput>> = {
    node: agent,
    read: readAgent,
    make: makeAgentInput,
    labels: LABELS,
    busy,
    refusal,
    send: async (input) => readAmended(await run({ input: { agent: agent.id, ...input } }), "Agent"),
  };
  return (
    <AmendDialog amendment={amendment} onClose={onClose}>
      {(fields, change, problem) => <AgentFields fields={fields} onChange={change} problem={problem} />}
    </AmendDialog>
  );
}

/** What stands in the fields. The pseudonym is not read: what is typed replaces it. */
function readAgent(agent: AmendableAgentFragment): Fields {
  return {
    kind: agent.kind,
    name: agent.name,
    aliases: agent.aliases.join("\n"),
    description: agent.description ?? "",
    partOf: agent.partOf && { id: agent.partOf.id, name: agent.partOf.name },
    wikidataId: agent.wikidataId ?? "",
    protected: agent.protected,
    pseudonym: "",
  };
}
