// Naming an agent: found by any of its names, or recorded on the spot.
import { type ReactNode, useState } from "react";
import { FindAgents, RecentAgents, RecordAgent } from "#generated/documents.ts";
import type { AgentKind } from "#generated/types.ts";
import { useDebounced } from "../data/debounced.ts";
import { newKey } from "../data/keys.ts";
import { useRead } from "../data/read.tsx";
import { useWrite } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { Combobox, type Option } from "../parts/combobox.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Choice, Field } from "../parts/field.tsx";
import { say } from "../strings.ts";
import type { NamedAgent } from "./draft.ts";
import styles from "./form.module.css";
import { distinct, mentions } from "./matching.ts";

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
            choose(agent);
          }}
        />
      )}
    </>
  );
}

function NewAgent({
  name: given,
  onClose,
  onRecorded,
}: {
  name: string;
  onClose: () => void;
  onRecorded: (agent: NamedAgent) => void;
}): ReactNode {
  const [name, setName] = useState(given);
  const [kind, setKind] = useState<AgentKind>("PERSON");
  const [idempotencyKey] = useState(newKey);
  const { run, busy, refusal } = useWrite(RecordAgent);
  const record = async (): Promise<void> => {
    if (busy) return;
    const written = await run({ input: { name, kind, idempotencyKey } });
    if (written.done) onRecorded(written.payload.agent);
    else if (written.result?.__typename === "Duplicate") onRecorded({ id: written.result.id, name });
  };
  return (
    <Dialog title={say.record.agentTitle} onClose={onClose}>
      <form
        className={styles.form}
        onSubmit={(event) => {
          event.preventDefault();
          event.stopPropagation();
          void record();
        }}
      >
        <Field label={say.record.agentName} problem={refusal?.message}>
          {(wiring) => <input {...wiring} value={name} onChange={(event) => setName(event.target.value)} />}
        </Field>
        <Choice label={say.record.agentKind} value={kind} options={say.agentKind} onChange={setKind} />
        <p>
          <Button look="main" type="submit" aria-busy={busy}>
            {say.record.save}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}
