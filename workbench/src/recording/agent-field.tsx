// Naming an agent, by any of its names, and its fields.
import { type ReactNode, useState } from "react";
import { FindAgents, RecentAgents, RecordAgent } from "#generated/documents.ts";
import { useDebounced } from "../data/debounced.ts";
import { useRead } from "../data/read.tsx";
import { useWrite } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import type { Option } from "../parts/combobox.tsx";
import { Check, Choice, TextField } from "../parts/field.tsx";
import { say } from "../strings.ts";
import type { NamedAgent } from "./draft.ts";
import { FindField, NewDialog } from "./find-field.tsx";
import styles from "./form.module.css";
import { isLooking, nodeOf, offer } from "./matching.ts";
import { emptyAgent, type AgentFields as Fields, makeAgentInput } from "./nodes.ts";

/** The agents whose names begin with what is typed, then those that the server finds. */
export function useAgents(text: string): { readonly options: readonly Option[]; readonly looking: boolean } {
  const words = useDebounced(text.trim());
  const recent = useRead(RecentAgents, {}).data?.agents.edges ?? [];
  const searching = useRead(FindAgents, { text: words }, { pause: words === "" });
  const looking = isLooking(searching, words, text);
  if (words === "") return { options: [], looking };
  const searched = searching.data?.search.edges ?? [];
  const found = searched.flatMap(({ node }) => (node.__typename === "Agent" ? [node] : []));
  const options = offer(words, recent.map(nodeOf), found, ({ name, aliases }) => [name, ...aliases]).map(
    ({ id, name, kind, party }) => ({
      id,
      label: name,
      detail: [say.agentKind[kind], party.id === id ? "" : party.name].filter(Boolean).join(" · "),
    }),
  );
  return { options, looking };
}

export function AgentField({
  label,
  problem,
  suggested = [],
  chosen = null,
  onChoose,
}: {
  label: string;
  problem?: ReactNode;
  /** Found in the text, to be confirmed. */
  suggested?: readonly NamedAgent[];
  chosen?: Parameters<typeof FindField>[0]["chosen"];
  onChoose: (agent: NamedAgent) => void;
}): ReactNode {
  const [text, setText] = useState("");
  const { options, looking } = useAgents(text);
  const choose = (agent: NamedAgent): void => {
    setText("");
    onChoose(agent);
  };
  return (
    <FindField
      label={label}
      problem={problem}
      hint={
        suggested.length === 0 ? undefined : (
          <span className={styles.suggested}>
            {say.record.suggested}
            {suggested.map((agent) => (
              <Button key={agent.id} look="quiet" onClick={() => choose(agent)}>
                {agent.name}
              </Button>
            ))}
          </span>
        )
      }
      placeholder={say.record.speakerPlaceholder}
      chosen={chosen}
      text={text}
      onText={setText}
      options={options}
      looking={looking}
      onChoose={({ id, label: name }) => choose({ id, name })}
      create={{
        label: say.record.speakerNew,
        dialog: (name, onClose) => <NewAgent name={name} onClose={onClose} onRecorded={choose} />,
      }}
    />
  );
}

/** A field that names one agent, or none. */
export function OneAgentField({
  label,
  agent,
  onChange,
  problem,
}: {
  label: string;
  agent: NamedAgent | null;
  onChange: (agent: NamedAgent | null) => void;
  problem: ReactNode;
}): ReactNode {
  return (
    <AgentField
      label={label}
      problem={problem}
      chosen={
        agent && {
          words: agent.name,
          remove: say.record.speakerRemove(agent.name),
          onRemove: () => onChange(null),
        }
      }
      onChoose={onChange}
    />
  );
}

function NewAgent({
  name,
  onClose,
  onRecorded,
}: {
  name: string;
  onClose: () => void;
  onRecorded: (agent: NamedAgent) => void;
}): ReactNode {
  const { run, busy, refusal } = useWrite(RecordAgent);
  return (
    <NewDialog
      title={say.record.agentTitle}
      empty={() => emptyAgent(name)}
      busy={busy}
      refusal={refusal}
      record={(fields, idempotencyKey) => run({ input: { ...makeAgentInput(fields), idempotencyKey } })}
      found={(written, fields) =>
        written.done
          ? written.payload.agent
          : written.result?.__typename === "Duplicate"
            ? { id: written.result.id, name: fields.name }
            : undefined
      }
      onClose={onClose}
      onRecorded={onRecorded}
    >
      {(fields, change, problem) => <AgentFields fields={fields} onChange={change} problem={problem} brief />}
    </NewDialog>
  );
}

export function AgentFields({
  fields,
  onChange,
  problem,
  brief = false,
}: {
  fields: Fields;
  onChange: (changed: Partial<Fields>) => void;
  problem: (path: string) => ReactNode;
  /** All but its name and kind can be left for later. */
  brief?: boolean;
}): ReactNode {
  return (
    <>
      <TextField
        label={say.record.agentName}
        value={fields.name}
        onChange={(name) => onChange({ name })}
        problem={problem("name")}
      />
      <Choice
        label={say.record.agentKind}
        value={fields.kind}
        options={say.agentKind}
        onChange={(kind) => onChange({ kind })}
      />
      <details open={!brief}>
        <summary>{say.agent.more}</summary>
        <div className={styles.group}>
          <TextField
            label={say.agent.aliases}
            hint={say.agent.aliasesHint}
            lines={2}
            value={fields.aliases}
            onChange={(aliases) => onChange({ aliases })}
            problem={problem("aliases")}
          />
          <OneAgentField
            label={say.agent.partOf}
            agent={fields.partOf}
            onChange={(partOf) => onChange({ partOf })}
            problem={problem("partOf")}
          />
          <TextField
            label={say.agent.description}
            lines={2}
            value={fields.description}
            onChange={(description) => onChange({ description })}
            problem={problem("description")}
          />
          <TextField
            label={say.agent.wikidata}
            placeholder="Q42"
            value={fields.wikidataId}
            onChange={(wikidataId) => onChange({ wikidataId })}
            problem={problem("wikidataId")}
          />
          <Check
            label={say.agent.protected}
            hint={say.agent.protectedHint}
            checked={fields.protected}
            onChange={(checked) => onChange({ protected: checked })}
          />
          {fields.protected && (
            <TextField
              label={say.agent.pseudonym}
              value={fields.pseudonym}
              onChange={(pseudonym) => onChange({ pseudonym })}
              problem={problem("pseudonym")}
            />
          )}
        </div>
      </details>
    </>
  );
}
