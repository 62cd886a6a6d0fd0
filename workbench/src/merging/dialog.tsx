// Two agents are one, or two questions ask the same: what that would change is shown before it is recorded.
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import type { FigureChangesFragment, FigurePartsFragment } from "#generated/types.ts";
import { useDraft } from "../data/drafts.ts";
import type { Refusal } from "../data/write.ts";
import { FormDialog, ReasonField } from "../parts/form-dialog.tsx";
import { StatusMark } from "../parts/status.tsx";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import styles from "./dialog.module.css";

interface Merge {
  /** What it changes; undefined if it is refused. */
  readonly run: (input: {
    into: string;
    reason: string;
    dryRun: boolean;
  }) => Promise<FigureChangesFragment | undefined>;
  readonly busy: boolean;
  readonly refusal: Refusal | undefined;
  readonly undo: () => void;
}

export interface Other {
  readonly id: string;
  readonly name: string;
}

interface Draft {
  readonly into: Other | null;
  readonly reason: string;
}

const EMPTY: Draft = { into: null, reason: "" };

export function MergeDialog({
  id,
  name,
  words,
  merge,
  choose,
  onClose,
}: {
  /** Of the one that is to be merged. */
  id: string;
  name: string;
  words: string;
  merge: Merge;
  /** The field that finds the other. */
  choose: (other: Other | null, onChoose: (other: Other | null) => void) => ReactNode;
  onClose: () => void;
}): ReactNode {
  const { value: draft, set, forget } = useDraft(`merge.${id}`, EMPTY);
  const { into, reason } = draft;
  const [changes, setChanges] = useState<FigureChangesFragment | undefined>(undefined);
  const toast = useToast();
  const submit = async (): Promise<void> => {
    if (into === null) return;
    const dryRun = changes === undefined;
    const done = await merge.run({ into: into.id, reason, dryRun });
    if (done === undefined) return;
    if (dryRun) {
      setChanges(done);
      return;
    }
    forget();
    onClose();
    toast({
      words: say.merge.done(name, into.name),
      action: { label: say.record.undo, run: merge.undo },
    });
  };
  return (
    <FormDialog
      title={say.merge.title}
      save={changes === undefined ? say.merge.preview : say.merge.save}
      look={changes === undefined ? "main" : "danger"}
      busy={merge.busy}
      disabled={into === null || reason.trim() === ""}
      refusal={merge.refusal}
      onSubmit={submit}
      onClose={onClose}
    >
      <p>{words}</p>
      {choose(into, (chosen) => {
        set({ into: chosen });
        setChanges(undefined);
      })}
      <ReasonField reason={reason} onChange={(words) => set({ reason: words })} refusal={merge.refusal} />
      {changes !== undefined && <Preview changes={changes} />}
    </FormDialog>
  );
}

function Preview({ changes: { totalCount, edges } }: { changes: FigureChangesFragment }): ReactNode {
  return (
    <section role="status" className={styles.preview}>
      <h3>{say.merge.changes(totalCount)}</h3>
      <ul>
        {edges.map(({ node: { claim, before, after } }) => (
          <li key={claim.id}>
            <Link to={`/claims/${claim.id}`}>{claim.statement}</Link>
            <p>
              {before !== null && <FigureWords figures={before} />} → <FigureWords figures={after} />
            </p>
          </li>
        ))}
      </ul>
      {totalCount > edges.length && <p>{say.andMore(totalCount - edges.length)}</p>}
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
