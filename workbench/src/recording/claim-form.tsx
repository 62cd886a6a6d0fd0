// The form of a claim: words, what they claim, what that answers, and on whose say-so.
import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from "react";
import { RecordClaim, SuggestForQuote } from "#generated/documents.ts";
import type { ClaimCardFragment } from "#generated/types.ts";
import { useDebounced } from "../data/debounced.ts";
import { useDraft } from "../data/drafts.ts";
import { newKey } from "../data/keys.ts";
import { useRead } from "../data/read.tsx";
import { problemAt, useWrite } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { Choice, Field, focusFirst } from "../parts/field.tsx";
import { useShortcuts } from "../shell/shortcuts.tsx";
import { say } from "../strings.ts";
import type { Positions } from "../text/codepoints.ts";
import { type Place, sentenceAround } from "../text/places.ts";
import { useAgents } from "./agent-field.tsx";
import { useAsked } from "./asked.tsx";
import { type ClaimDraft, emptyDraft, makeInput, namesToTry } from "./draft.ts";
import styles from "./form.module.css";
import { HopsField } from "./hops-field.tsx";
import { QuantityField } from "./quantity-field.tsx";
import { QuestionField } from "./question-field.tsx";
import { type Candidate, QuoteField } from "./quote-field.tsx";

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
  const found = useSuggestions(source.text, positions, draft);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => form.current?.querySelector<HTMLElement>("textarea")?.focus(), []);
  useAskedFirst(draft, useAsked(), set);
  useEffect(() => {
    if (refusal !== undefined) focusFirst(form.current);
  }, [refusal]);
  useFirstQuantity(draft, found.quantities[0]?.text, set);

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
  const problem = (path: string): string | undefined => {
    if (path === "quantity" && refusal?.type === "UnknownQuantity") return refusal.message;
    if (path === "asserted" && refusal?.type === "UnknownMoment") return refusal.message;
    if (path === "quote" && (refusal?.type === "QuoteNotFound" || refusal?.type === "AmbiguousQuote")) {
      return refusal.message;
    }
    return problemAt(refusal, path) ?? problemAt(refusal, `input.${path}`);
  };
  const nobody = draft.basis === "ATTRIBUTED" && draft.hops.every(({ agents }) => agents.length === 0);

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
      <QuoteField
        text={source.text}
        positions={positions}
        quote={draft.quote}
        start={draft.start}
        onChange={(quote, start) => set({ quote, start })}
        onPlace={onPlace}
        problem={problem("quote") ?? problem("quote.exact")}
        candidates={candidates}
      />
      <Field label={say.record.statement} hint={say.record.statementHint} problem={problem("statement")}>
        {(wiring) => (
          <textarea
            {...wiring}
            rows={2}
            value={draft.statement}
            placeholder={draft.quote}
            onChange={(event) => set({ statement: event.target.value })}
          />
        )}
      </Field>
      <QuestionField
        question={draft.question}
        onChange={(question) => set({ question })}
        problem={problem("question")}
      />
      {draft.question?.kind === "QUANTITY" && (
        <QuantityField
          text={draft.quantity}
          lower={draft.lower}
          upper={draft.upper}
          suggested={found.quantities}
          onChange={set}
          problem={problem}
        />
      )}
      {draft.question?.kind === "YES_NO" && (
        <Choice
          label={say.record.polarity}
          value={draft.polarity}
          options={say.polarity}
          onChange={(polarity) => set({ polarity })}
        />
      )}
      <Choice
        label={say.record.basis}
        value={draft.basis}
        options={say.basis}
        onChange={(basis) => set({ basis })}
        hint={say.record.basisHint[draft.basis]}
      />
      {draft.basis === "ATTRIBUTED" && (
        <HopsField
          hops={draft.hops}
          onChange={(hops) => set({ hops })}
          suggested={found.speakers}
          cue={found.cue}
          problem={problem("hops") ?? (refusal !== undefined && nobody ? say.record.noSpeaker : undefined)}
        />
      )}
      <details open={draft.asserted !== "" || draft.note !== ""}>
        <summary>{say.record.more}</summary>
        <div className={styles.group}>
          <Field label={say.record.asserted} hint={say.record.assertedHint} problem={problem("asserted")}>
            {(wiring) => (
              <input
                {...wiring}
                value={draft.asserted}
                onChange={(event) => set({ asserted: event.target.value })}
              />
            )}
          </Field>
          <Field label={say.record.note} problem={problem("note")}>
            {(wiring) => (
              <textarea
                {...wiring}
                value={draft.note}
                onChange={(event) => set({ note: event.target.value })}
              />
            )}
          </Field>
        </div>
      </details>
      {refusal !== undefined && (
        <p className={styles.refusal} role="alert">
          {refusal.message} {refusal.hint}
        </p>
      )}
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

/** What the server finds in the quote, and in the sentence around it. */
function useSuggestions(text: string | null, positions: Positions, draft: ClaimDraft) {
  const quote = useDebounced(draft.quote.trim());
  const at = draft.start === null ? 0 : positions.toUnits(draft.start);
  const sentence =
    text === null || draft.start === null
      ? undefined
      : sentenceAround(text, { start: at, end: at + draft.quote.length });
  const around = useDebounced(
    sentence === undefined || text === null ? quote : text.slice(sentence.start, sentence.end),
  );
  const { data } = useRead(
    SuggestForQuote,
    { quote, around },
    { pause: quote === "" || quote.length > 20_000 },
  );
  const spoken = data?.around.find(({ speaker }) => speaker !== null);
  const names = namesToTry(spoken?.speaker ?? "");
  const speakers = [useAgents(names[0] ?? ""), useAgents(names[1] ?? ""), useAgents(names[2] ?? "")]
    .find((options) => options.length > 0)
    ?.slice(0, 3);
  return {
    quantities: data?.quote.flatMap(({ quantities }) => quantities) ?? [],
    cue: spoken?.cue ?? data?.around.find(({ cue }) => cue !== null)?.cue ?? undefined,
    speakers: (speakers ?? []).map(({ id, label }) => ({ id, name: label })),
  };
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

/** As long as nothing else is typed, the first figure of the quote is the quantity. */
function useFirstQuantity(
  draft: ClaimDraft,
  first: string | undefined,
  set: (change: Partial<ClaimDraft>) => void,
): void {
  const proposed = useRef("");
  useEffect(() => {
    if (first === undefined || (draft.quantity !== "" && draft.quantity !== proposed.current)) return;
    if (draft.quantity === first) return;
    proposed.current = first;
    set({ quantity: first });
  }, [first, draft.quantity, set]);
}
