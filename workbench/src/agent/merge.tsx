// Two agents are one: what that would change is shown before it is recorded.
import { type FormEvent, type ReactNode, useState } from "react";
import { Link } from "react-router";
import { MergeAgents, UnmergeAgents } from "#generated/documents.ts";
import type { FigurePartsFragment, MergeAgentsMutation } from "#generated/types.ts";
import { problemAt, useWrite } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { Dialog } from "../parts/dialog.tsx";
import { Field } from "../parts/field.tsx";
import { StatusMark } from "../parts/status.tsx";
import { AgentField } from "../recording/agent-field.tsx";
import type { NamedAgent } from "../recording/draft.ts";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";

type Payload = Extract<MergeAgentsMutation["mergeAgents"], { readonly __typename: "MergeAgentsPayload" }>;

export function MergeDialog({ agent, onClose }: { agent: NamedAgent; onClose: () => void }): ReactNode {
  const [into, setInto] = useState<NamedAgent | undefined>(undefined);
  const [reason, setReason] = useState("");
  const [preview, setPreview] = useState<Payload | undefined>(undefined);
  const { run, busy, refusal } = useWrite(MergeAgents);
  const undo = useWrite(UnmergeAgents);
  const toast = useToast();

  const unmerge = async (): Promise<void> => {
    const written = await undo.run({ input: { agent: agent.id, reason: say.record.undoReason } });
    toast({ words: written.done ? say.agent.unmerged : written.refusal.message });
  };
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault();
    if (busy || into === undefined) return;
    const dryRun = preview === undefined;
    const written = await run({ input: { agent: agent.id, into: into.id, reason, dryRun } });
    if (!written.done) return;
    if (dryRun) {
      setPreview(written.payload);
      return;
    }
    onClose();
    toast({
      words: say.agent.mergedNow(agent.name, into.name),
      action: { label: say.record.undo, run: () => void unmerge() },
    });
  };
  const choose = (chosen: NamedAgent | undefined): void => {
    setInto(chosen);
    setPreview(undefined);
  };
  return (
    <Dialog title={say.agent.merge} onClose={onClose}>
      <form className={styles.form} onSubmit={(event) => void submit(event)}>
        <p>{say.agent.mergeWords(agent.name)}</p>
        {into === undefined ? (
          <AgentField
            label={say.agent.into}
            problem={problemAt(refusal, "into")}
            suggested={[]}
            onChoose={choose}
          />
        ) : (
          <p>
            {say.agent.into}: <strong>{into.name}</strong>{" "}
            <Button look="quiet" onClick={() => choose(undefined)}>
              {say.agent.another}
            </Button>
          </p>
        )}
        <Field label={say.claim.reason} problem={problemAt(refusal, "reason")}>
          {(wiring) => (
            <input {...wiring} value={reason} onChange={(event) => setReason(event.target.value)} />
          )}
        </Field>
        {refusal !== undefined && (
          <p className={styles.problem} role="alert">
            {refusal.message} {refusal.hint}
          </p>
        )}
        {preview !== undefined && <Preview payload={preview} />}
        <p>
          <Button
            look={preview === undefined ? "main" : "danger"}
            type="submit"
            aria-busy={busy}
            disabled={into === undefined || reason.trim() === ""}
          >
            {preview === undefined ? say.agent.preview : say.agent.mergeNow}
          </Button>
        </p>
      </form>
    </Dialog>
  );
}

function Preview({ payload }: { payload: Payload }): ReactNode {
  const { changes } = payload;
  return (
    <section role="status" className={styles.preview}>
      <h3>{say.agent.changes(changes.length)}</h3>
      <ul>
        {changes.map(({ claim, before, after }) => (
          <li key={claim.id}>
            <Link to={`/claims/${claim.id}`}>{claim.statement}</Link>
            <p className={styles.facts}>
              {before !== null && <FigureWords figures={before} />} → <FigureWords figures={after} />
            </p>
          </li>
        ))}
      </ul>
    </section>
  );
}

function FigureWords({ figures }: { figures: FigurePartsFragment }): ReactNode {
  return (
    <span>
      <StatusMark status={figures.status} /> {say.forAgainst(figures.linesFor, figures.linesAgainst)}
    </span>
  );
}
