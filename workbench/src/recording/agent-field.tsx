// Naming an agent: found by any of its names, or recorded on the spot.
import { type ReactNode, useState } from "react";
import { FindAgents, RecentAgents, RecordAgent } from "#generated/documents.ts";
import { useDebounced } from "../data/debounced.ts";
import { newKey } from "../data/keys.ts";
import { useRead } from "../data/read.tsx";
import { useWrite } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { Chosen } from "../parts/chosen.tsx";
import { Combobox, type Option } from "../parts/combobox.tsx";
import { Check, Choice, Field, TextField } from "../parts/field.tsx";
import { handOver } from "../parts/focus.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { problemAt } from "../parts/problem.tsx";
import { say } from "../strings.ts";
import type { NamedAgent } from "./draft.ts";
import styles from "./form.module.css";
import { distinct, mentions } from "./matching.ts";
import { emptyAgent, type AgentFields as Fields, makeAgentInput } from "./nodes.ts";

/** The agents whose names begin with what is typed, then those that the server finds. */
export function useAgents(text: string): readonly Option[] {
  const words = useDebounced(text.trim());
  const recent = useRead(RecentAgents, {}).data?.agents.edges ?? [];
  const searched = useRead(FindAgents, { text: words }, { pause: words === "" }).data?.search.edges ?? [];
  if (words === "") return [];
  const near = recent
    .map(({ node }) => node)
    .filter(({ name, aliases }) => mentions([name, ...aliases], words));
  const found = searched.flatMap(({ node }) => (node.__typename === "Agent" ? [node] : []));
  return distinct([...near, ...found])
    .slice(0, 8)
    .map(({ id, name, kind, party }) => ({
      id,
      label: name,
      detail: [say.agentKind[kind], party.id === id ? "" : party.name].filter(Boolean).join(" · "),
    }));
}

export function AgentField({
  label,
  problem,
  suggested,
  onChoose,
}: {
  label: string;
  problem?: ReactNode;
  /** Found in the text, to be confirmed. */
  suggested: readonly NamedAgent[];
  onChoose: (agent: NamedAgent) => void;
}): ReactNode {
  const [text, setText] = useState("");
  const [creating, setCreating] = useState<string | undefined>(undefined);
  const options = useAgents(text);
  const choose = (agent: NamedAgent): void => {
    setText("");
    onChoose(agent);
  };
  return (
    <>
      <Field
        label={label}
        problem={problem}
        hint={
          suggested.length > 0 && (
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
      >
        {(wiring) => (
          <Combobox
            id={wiring.id}
            describedBy={wiring["aria-describedby"]}
            text={text}
            onText={setText}
            options={options}
            onChoose={({ id, label: name }) => choose({ id, name })}
            create={{ label: say.record.speakerNew, run: setCreating }}
            placeholder={say.record.speakerPlaceholder}
          />
        )}
      </Field>
      {creating !== undefined && (
        <NewAgent
          name={creating}
          onClose={() => setCreating(undefined)}
          onRecorded={(agent) => {
            setCreating(undefined);
            handOver();
            choose(agent);
          }}
        />
      )}
    </>
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
  const [fields, setFields] = useState(() => emptyAgent(name));
  const [idempotencyKey, setKey] = useState(newKey);
  const { run, busy, refusal } = useWrite(RecordAgent);
  const record = async (): Promise<void> => {
    const written = await run({ input: { ...makeAgentInput(fields), idempotencyKey } });
    if (written.done) onRecorded(written.payload.agent);
    else if (written.result?.__typename === "Duplicate")
      onRecorded({ id: written.result.id, name: fields.name });
    else if (written.result !== undefined) setKey(newKey());
  };
  return (
    <FormDialog
      title={say.record.agentTitle}
      save={say.record.save}
      busy={busy}
      refusal={refusal}
      onSubmit={record}
      onClose={onClose}
    >
      <AgentFields
        fields={fields}
        onChange={(changed) => setFields({ ...fields, ...changed })}
        problem={(path) => problemAt(refusal, path)}
        brief
      />
    </FormDialog>
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
          {fields.partOf === null ? (
            <AgentField
              label={say.agent.partOf}
              problem={problem("partOf")}
              suggested={[]}
              onChoose={(partOf) => onChange({ partOf })}
            />
          ) : (
            <Chosen
              label={say.agent.partOf}
              remove={say.record.speakerRemove(fields.partOf.name)}
              onRemove={() => onChange({ partOf: null })}
              problem={problem("partOf")}
            >
              {fields.partOf.name}
            </Chosen>
          )}
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
