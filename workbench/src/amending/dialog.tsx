// Changing a record. Where somebody was quicker both versions are shown, field by field, and nothing is lost.
import { type ReactNode, useEffect, useRef, useState } from "react";
import { useDraft } from "../data/drafts.ts";
import type { Refusal } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { focusFirst } from "../parts/field.tsx";
import { FormDialog, ReasonField } from "../parts/form-dialog.tsx";
import { problemAt } from "../parts/problem.tsx";
import { type Toast, tellRefused, useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import styles from "./dialog.module.css";
import { changesOf, contested, type Edit, rebase, type Standing, spell } from "./fields.ts";

interface Recorded {
  readonly id: string;
  readonly version: number;
}

/** What became of an amendment. */
type Amended<Node> =
  | {
      readonly done: true;
      /** What there is to say once it is undone, where that is more than that. */
      readonly undone?: Toast | undefined;
    }
  | {
      readonly done: false;
      /** Undefined: it was only tried, to show what it would do. */
      readonly refusal?: Refusal | undefined;
      /** What stands now, where somebody was quicker. */
      readonly current?: Node | undefined;
    };

type Outcome =
  | { readonly done: true }
  | {
      readonly done: false;
      readonly refusal: Refusal;
      readonly result: { readonly __typename: string } | undefined;
    };

/** The outcome of a mutation that amends a node of this type. */
export function readAmended<Node extends Recorded & { readonly __typename: string }>(
  written: Outcome,
  type: Node["__typename"],
): Amended<Node> {
  if (written.done) return { done: true };
  const { current } = (written.result ?? {}) as { readonly current?: { readonly __typename: string } | null };
  return {
    done: false,
    refusal: written.refusal,
    current: current?.__typename === type ? (current as Node) : undefined,
  };
}

export interface Amendment<Node extends Recorded, Fields extends object, Input extends object> {
  readonly node: Node;
  /** What stands in the fields, of a record. */
  readonly read: (node: Node) => Fields;
  /** What would be recorded of the fields. */
  readonly make: (fields: Fields) => Input;
  readonly labels: Readonly<Record<keyof Fields, string>>;
  readonly send: (
    input: Partial<Input> & { expectedVersion: number; reason: string | null },
    undoing?: boolean,
  ) => Promise<Amended<Node>>;
  /** What the button says that saves, where that is more than that. */
  readonly save?: string | undefined;
  readonly busy: boolean;
  /** What was sent is shown on the page until it is answered. */
  readonly shown?: boolean;
  readonly refusal: Refusal | undefined;
}

type ProblemAt = (path: string) => ReactNode;

export function AmendDialog<Node extends Recorded, Fields extends object, Input extends object>({
  amendment: { node, read, make, labels, send, save, busy, shown = false, refusal },
  onClose,
  children,
}: {
  amendment: Amendment<Node, Fields, Input>;
  onClose: () => void;
  children: (fields: Fields, change: (changed: Partial<Fields>) => void, problem: ProblemAt) => ReactNode;
}): ReactNode {
  // What was read when the form was opened: what the page reads later is not what was judged.
  const [empty] = useState<Edit<Fields>>(() => ({
    version: node.version,
    base: read(node),
    mine: read(node),
    reason: "",
  }));
  const { value: edit, set, forget, kept } = useDraft(`amend.${node.id}`, empty);
  const [theirs, setTheirs] = useState<Standing<Fields> | undefined>(
    edit.version === node.version ? undefined : { version: node.version, fields: read(node) },
  );
  const toast = useToast();
  const stale = theirs !== undefined;
  const mine: { readonly restricted?: boolean } = edit.mine;

  const takeBack = async (): Promise<void> => {
    const input = changesOf(make(edit.mine), make(edit.base));
    const expectedVersion = edit.version + 1;
    const written = await send({ ...input, expectedVersion, reason: say.amend.undoReason }, true);
    if (written.done) toast(written.undone ?? { words: say.amend.undone });
    else if (written.refusal !== undefined) toast(tellRefused(written.refusal, () => void takeBack()));
  };
  const submit = async (): Promise<void> => {
    const input = changesOf(make(edit.base), make(edit.mine));
    if (Object.keys(input).length === 0) {
      forget();
      onClose();
      toast({ words: say.amend.nothing });
      return;
    }
    const written = await send({
      ...input,
      expectedVersion: edit.version,
      reason: edit.reason.trim() || null,
    });
    if (written.done) {
      forget();
      onClose();
      toast({ words: say.amend.done, action: { label: say.record.undo, run: () => void takeBack() } });
    } else if (written.current !== undefined) {
      setTheirs({ version: written.current.version, fields: read(written.current) });
    }
  };
  const answer = (mine: boolean): void => {
    if (theirs === undefined) return;
    const { version, fields } = theirs;
    set({ version, base: fields, mine: mine ? rebase(edit, fields) : fields });
    setTheirs(undefined);
  };
  return (
    <FormDialog
      title={say.amend.title}
      save={save ?? say.amend.save}
      busy={busy}
      away={busy && shown}
      disabled={stale}
      refusal={refusal?.type === "StaleVersion" ? undefined : refusal}
      restricting={
        mine.restricted === undefined
          ? undefined
          : {
              label: say.named.restrict,
              chosen: mine.restricted,
              run: () => set({ mine: { ...edit.mine, restricted: true } }),
            }
      }
      onSubmit={submit}
      onClose={onClose}
    >
      {kept && !stale && (
        <p className={styles.kept}>
          {say.record.draft}{" "}
          <Button
            look="quiet"
            onClick={() => {
              forget();
              onClose();
            }}
          >
            {say.record.discard}
          </Button>
        </p>
      )}
      {theirs !== undefined && (
        <Versions edit={edit} theirs={theirs.fields} labels={labels} onAnswer={answer} />
      )}
      {children(
        edit.mine,
        (changed) => set({ mine: { ...edit.mine, ...changed } }),
        (path) => problemAt(refusal, path),
      )}
      <ReasonField reason={edit.reason} onChange={(reason) => set({ reason })} refusal={refusal} />
    </FormDialog>
  );
}

function Versions<Fields extends object>({
  edit,
  theirs,
  labels,
  onAnswer,
}: {
  edit: Edit<Fields>;
  theirs: Fields;
  labels: Readonly<Record<keyof Fields, string>>;
  onAnswer: (mine: boolean) => void;
}): ReactNode {
  const mine = useRef<HTMLButtonElement>(null);
  useEffect(() => mine.current?.focus(), []);
  // The choice goes, and the focus would be lost with it.
  const answer = (keep: boolean): void => {
    focusFirst(mine.current?.closest("form") ?? null);
    onAnswer(keep);
  };
  return (
    <div className={styles.stale} role="alert">
      <p>
        <strong>{say.amend.stale}</strong>
      </p>
      <dl>
        {contested(edit, theirs).map((name) => (
          <div key={String(name)}>
            <dt>{labels[name]}</dt>
            <dd>
              <span>{say.amend.theirs}</span> <q>{spell(theirs[name])}</q>
            </dd>
            <dd>
              <span>{say.amend.yours}</span> <q>{spell(edit.mine[name])}</q>
            </dd>
          </div>
        ))}
      </dl>
      <p className={styles.tools}>
        <Button ref={mine} onClick={() => answer(true)}>
          {say.amend.keepMine}
        </Button>
        <Button onClick={() => answer(false)}>{say.amend.takeTheirs}</Button>
      </p>
    </div>
  );
}
