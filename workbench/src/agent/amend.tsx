import { type ReactNode, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { AmendAgent } from "#generated/documents.ts";
import type { AmendableAgentFragment } from "#generated/types.ts";
import { AmendDialog, type Amendment, readAmended } from "../amending/dialog.tsx";
import { newKey } from "../data/keys.ts";
import { useWrite } from "../data/write.ts";
import { AgentFields } from "../recording/agent-field.tsx";
import { type AgentFields as Fields, makeAgentInput } from "../recording/nodes.ts";
import { say } from "../strings.ts";
import styles from "./page.module.css";
import { listRestricted } from "./restricted.ts";
import { isFound, type Looked, StandingPreview } from "./standing.tsx";

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

/** What an address is opened with, to show rows that are restricted still. */
export interface StillRestricted {
  readonly restricted: readonly string[];
}

export function AmendAgentDialog({
  agent,
  onClose,
}: {
  agent: AmendableAgentFragment;
  onClose: () => void;
}): ReactNode {
  const { run, busy, refusal } = useWrite(AmendAgent);
  const [restrict, setRestrict] = useState(false);
  const [looked, setLooked] = useState<Looked | undefined>(undefined);
  // What the saved change restricted, besides the agent: undoing the change does not lift that.
  const restricted = useRef<readonly string[]>([]);
  const navigate = useNavigate();
  const lookAt = (ids: readonly string[]): void => {
    void navigate(`/agents/${agent.id}`, { state: { restricted: ids } satisfies StillRestricted });
  };
  const found = looked !== undefined && isFound(looked.standing) ? looked : undefined;
  const amendment: Amendment<AmendableAgentFragment, Fields, ReturnType<typeof makeAgentInput>> = {
    node: agent,
    read: readAgent,
    make: makeAgentInput,
    labels: LABELS,
    busy,
    refusal,
    save: found !== undefined && found.restrict !== restrict ? say.standing.look : undefined,
    send: async (changes, undoing = false) => {
      const input = { agent: agent.id, ...changes, restrictStanding: restrict && !undoing };
      const about = JSON.stringify({ ...input, reason: null });
      // What outsiders would still read is shown first, and saved once it was seen.
      if (!undoing && exposes(agent, changes) && looked?.about !== about) {
        const tried = await run({ input: { ...input, dryRun: true } });
        if (!tried.done) return readAmended(tried, "Agent");
        const { standing } = tried.payload;
        setLooked({ about, restrict, standing });
        if (isFound(standing)) return { done: false };
      }
      const once = { ...input, idempotencyKey: newKey() };
      const written = await run({ input: once });
      const ids = restricted.current;
      if (written.done) {
        restricted.current = await listRestricted(written.payload.standing, async (after) => {
          const read = await run({ input: once, after });
          return read.done ? read.payload.standing : null;
        });
      }
      const amended = readAmended<AmendableAgentFragment>(written, "Agent");
      if (!amended.done || !undoing || ids.length === 0) return amended;
      const action = { label: say.standing.lookAt, run: () => lookAt(ids) };
      return { ...amended, undone: { words: say.standing.stay(ids.length), action } };
    },
  };
  return (
    <AmendDialog amendment={amendment} onClose={onClose}>
      {(fields, change, problem) => (
        <>
          <AgentFields fields={fields} onChange={change} problem={problem} />
          {agent.protected && !fields.protected && <p className={styles.muted}>{say.standing.unprotect}</p>}
          {found?.standing != null && fields.protected && (
            <StandingPreview standing={found.standing} restrict={restrict} onRestrict={setRestrict} />
          )}
        </>
      )}
    </AmendDialog>
  );
}

/** Whether the changes have names hidden that may stand elsewhere. */
function exposes(
  agent: AmendableAgentFragment,
  changes: Partial<ReturnType<typeof makeAgentInput>>,
): boolean {
  const renamed = changes.name !== undefined || changes.aliases !== undefined;
  return changes.protected ?? (agent.protected && renamed);
}

/** What stands in the fields. */
function readAgent(agent: AmendableAgentFragment): Fields {
  return {
    kind: agent.kind,
    name: agent.name,
    aliases: agent.aliases.join("\n"),
    description: agent.description ?? "",
    partOf: agent.partOf && { id: agent.partOf.id, name: agent.partOf.name },
    wikidataId: agent.wikidataId ?? "",
    protected: agent.protected,
    pseudonym: agent.pseudonym ?? "",
  };
}
