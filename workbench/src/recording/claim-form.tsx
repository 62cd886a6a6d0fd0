// The form of a claim: words, what they claim, what that answers, and on whose say-so.
import {
  type KeyboardEvent,
  type ReactNode,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "react";
import { RecordClaim } from "#generated/documents.ts";
import type { ClaimCardFragment } from "#generated/types.ts";
import { useDraft } from "../data/drafts.ts";
import { newKey } from "../data/keys.ts";
import { useWrite } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { focusRefused } from "../parts/field.tsx";
import { LostInForm } from "../parts/lost.tsx";
import { Refused } from "../parts/problem.tsx";
import { useShortcuts } from "../shell/shortcuts.tsx";
import { say } from "../strings.ts";
import type { Positions } from "../text/codepoints.ts";
import type { Place } from "../text/places.ts";
import { useAsked } from "./asked.tsx";
import { ClaimFields } from "./claim-fields.tsx";
import { type ClaimDraft, emptyDraft, makeInput } from "./draft.ts";
import styles from "./form.module.css";
import type { Candidate } from "./quote-field.tsx";

/** The name under which the draft of a claim found in a source is kept. */
export function draftOf(source: string): string {
  return `claim.${source}`;
}

interface Props {
  source: { readonly id: string; readonly text: string | null };
  positions: Positions;
  /** The words that were selected. */
  place: Place | undefined;
  onPlace: (place: Place | undefined) => void;
  /** What was sent, until it is answered: meanwhile the form is out of sight. Refused, it is back, and says why. */
  onSending: (statement: string | undefined) => void;
  /** With the claim that was recorded, or none. */
  onDone: (claim: ClaimCardFragment | undefined) => void;
}

export function ClaimForm({ source, positions, place, onPlace, onSending, onDone }: Props): ReactNode {
  const begun = useBegunDraft(source, positions, place);
  const { value: draft, set, forget, kept } = begun;
  const { run, busy, refusal } = useWrite(RecordClaim);
  const [candidates, setCandidates] = useState<readonly Candidate[]>([]);
  const form = useRef<HTMLFormElement>(null);
  useLayoutEffect(() => form.current?.querySelector<HTMLElement>("textarea")?.focus(), []);
  useAskedFirst(draft, useAsked(), set);
  useLayoutEffect(() => {
    if (refusal !== undefined) focusRefused(form.current);
  }, [refusal]);

  useShortcuts(say.record.title, [
    { keys: "Mod+Enter", label: say.record.save },
    { keys: "Esc", label: say.close },
    { keys: "↓", label: say.record.choose },
    { keys: "Alt+↑", label: say.record.hopUp },
    { keys: "Alt+↓", label: say.record.hopDown },
  ]);

  const record = async (): Promise<void> => {
    if (busy) return;
    setCandidates([]);
    const input = makeInput(source.id, draft);
    onSending(input.statement);
    const written = await run({ input });
    onSending(undefined);
    if (written.done) {
      forget();
      onDone(written.payload.claim);
      return;
    }
    const { result } = written;
    if (result?.__typename === "QuoteNotFound" || result?.__typename === "AmbiguousQuote") {
      setCandidates(result.candidates);
    }
    // A refused request is answered for good under its key; the mended one is another.
    if (result !== undefined) set({ idempotencyKey: newKey() });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      void record();
    } else if (event.key === "Escape" && !event.defaultPrevented) {
      event.preventDefault();
      onDone(undefined);
    }
  };
  return (
    <form
      ref={form}
      hidden={busy}
      className={styles.form}
      aria-label={say.record.title}
      onKeyDown={onKeyDown}
      onSubmit={(event) => {
        event.preventDefault();
        void record();
      }}
    >
      <div className={styles.formHead}>
        <h2>{say.record.title}</h2>
        <Button look="quiet" keys="Esc" onClick={() => onDone(undefined)}>
          {say.close}
        </Button>
      </div>
      {kept && (
        <p className={styles.kept}>
          {say.record.draft}{" "}
          <Button
            look="quiet"
            onClick={() => {
              forget();
              onDone(undefined);
            }}
          >
            {say.record.discard}
          </Button>
        </p>
      )}
      <ClaimFields
        text={source.text}
        positions={positions}
        fields={draft}
        onChange={set}
        onPlace={onPlace}
        candidates={candidates}
        refusal={refusal}
      />
      {refusal?.type !== "NotPermitted" && <LostInForm />}
      <Refused
        refusal={refusal}
        restricting={{
          label: say.named.restrict,
          chosen: draft.restricted,
          run: () => set({ restricted: true }),
        }}
      />
      <p className={styles.actions}>
        <Button look="main" type="submit" keys="Ctrl ↵" aria-busy={busy} disabled={draft.quote.trim() === ""}>
          {say.record.save}
        </Button>
      </p>
    </form>
  );
}

/** The draft that was kept; words that were selected since go before its quote. */
function useBegunDraft(source: Props["source"], positions: Positions, place: Place | undefined) {
  const [key] = useState(newKey);
  const empty = useMemo(() => emptyDraft(key), [key]);
  const draft = useDraft<ClaimDraft>(draftOf(source.id), empty);
  const { set } = draft;
  const selected = useRef(place);
  useEffect(() => {
    const words = selected.current;
    if (words === undefined || source.text === null) return;
    selected.current = undefined;
    set({ quote: source.text.slice(words.start, words.end), start: positions.toPoints(words.start) });
  }, [source.text, positions, set]);
  return draft;
}

/** The question that one came from is the draft's, until it is removed. */
function useAskedFirst(
  draft: ClaimDraft,
  asked: ClaimDraft["question"],
  set: (change: Partial<ClaimDraft>) => void,
): void {
  const proposed = useRef<string>(undefined);
  useEffect(() => {
    if (asked === null || proposed.current === asked.id) return;
    proposed.current = asked.id;
    if (draft.question === null) set({ question: asked });
  }, [asked, draft.question, set]);
}
