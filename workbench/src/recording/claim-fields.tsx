// The fields of a claim, of a new one and of one that is amended: words, what they claim, what that answers, and
// on whose say-so.
import { type ReactNode, useEffect, useRef } from "react";
import { SuggestForQuote } from "#generated/documents.ts";
import type { QuantityPartsFragment } from "#generated/types.ts";
import { useDebounced } from "../data/debounced.ts";
import { useRead } from "../data/read.tsx";
import type { Refusal } from "../data/write.ts";
import { Check, Choice, TextField } from "../parts/field.tsx";
import { AtField, problemAt } from "../parts/problem.tsx";
import { useSticky } from "../parts/sticky.ts";
import { say } from "../strings.ts";
import type { Positions } from "../text/codepoints.ts";
import { type Place, sentenceAround } from "../text/places.ts";
import { useAgents } from "./agent-field.tsx";
import { type ClaimFields as Fields, type NamedAgent, namesToTry } from "./draft.ts";
import styles from "./form.module.css";
import { HopsField } from "./hops-field.tsx";
import { QuantityField } from "./quantity-field.tsx";
import { QuestionField } from "./question-field.tsx";
import { type Candidate, QuoteField } from "./quote-field.tsx";

interface Suggestions {
  readonly quantities: readonly QuantityPartsFragment[];
  readonly cue: string | undefined;
  readonly speakers: readonly NamedAgent[];
}

export function ClaimFields({
  text,
  positions,
  fields,
  onChange,
  onPlace,
  candidates,
  refusal,
}: {
  /** Of the source; null where it is not stored. */
  text: string | null;
  positions: Positions;
  fields: Fields;
  onChange: (changed: Partial<Fields>) => void;
  onPlace: (place: Place | undefined) => void;
  candidates: readonly Candidate[];
  refusal: Refusal | undefined;
}): ReactNode {
  const found = useSuggestions(text, positions, fields);
  useFirstQuantity(fields, found.quantities[0]?.text, onChange);
  const problem = (path: string): ReactNode => problemAt(refusal, path);
  const more = useSticky(fields.asserted !== "" || fields.note !== "" || fields.restricted);
  const nobody = fields.basis === "ATTRIBUTED" && fields.hops.every(({ agents }) => agents.length === 0);
  return (
    <>
      <QuoteField
        text={text}
        positions={positions}
        quote={fields.quote}
        start={fields.start}
        onChange={(quote, start) => onChange({ quote, start })}
        onPlace={onPlace}
        problem={
          problem("quote") ?? problem("quote.exact") ?? problem("quote.prefix") ?? problem("quote.suffix")
        }
        candidates={candidates}
      />
      <TextField
        label={say.record.statement}
        hint={say.record.statementHint}
        lines={2}
        value={fields.statement}
        placeholder={fields.quote}
        onChange={(statement) => onChange({ statement })}
        problem={problem("statement")}
      />
      <QuestionField
        question={fields.question}
        onChange={(question) => onChange({ question })}
        problem={problem("question")}
      />
      {fields.question?.kind === "QUANTITY" && (
        <QuantityField fields={fields} suggested={found.quantities} onChange={onChange} problem={problem} />
      )}
      {fields.question?.kind === "YES_NO" && (
        <Choice
          label={say.record.polarity}
          value={fields.polarity}
          options={say.polarity}
          onChange={(polarity) => onChange({ polarity })}
        />
      )}
      <Choice
        label={say.record.basis}
        value={fields.basis}
        options={say.basis}
        onChange={(basis) => onChange({ basis })}
        hint={say.record.basisHint[fields.basis]}
      />
      {fields.basis === "ATTRIBUTED" && (
        <HopsField
          hops={fields.hops}
          onChange={(hops) => onChange({ hops })}
          suggested={found.speakers}
          cue={found.cue}
          cueProblem={(index) => problem(`hops.${index}.cue`)}
          problem={
            refusal !== undefined && nobody ? (
              <AtField path="hops">{say.record.noSpeaker}</AtField>
            ) : (
              problem("hops")
            )
          }
        />
      )}
      <details open={more}>
        <summary>{say.record.more}</summary>
        <div className={styles.group}>
          <TextField
            label={say.record.asserted}
            hint={say.record.assertedHint}
            value={fields.asserted}
            onChange={(asserted) => onChange({ asserted })}
            problem={problem("asserted")}
          />
          <TextField
            label={say.record.note}
            lines={2}
            value={fields.note}
            onChange={(note) => onChange({ note })}
            problem={problem("note")}
          />
          <Check
            label={say.restricted.label}
            hint={say.restricted.claimHint}
            checked={fields.restricted}
            onChange={(restricted) => onChange({ restricted })}
          />
        </div>
      </details>
    </>
  );
}

/** What the server finds in the quote, and in the sentence around it. */
function useSuggestions(text: string | null, positions: Positions, fields: Fields): Suggestions {
  const quote = useDebounced(fields.quote.trim());
  const at = fields.start === null ? 0 : positions.toUnits(fields.start);
  const sentence =
    text === null || fields.start === null
      ? undefined
      : sentenceAround(text, { start: at, end: at + fields.quote.length });
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
  const speakers = [
    useAgents(names[0] ?? "").options,
    useAgents(names[1] ?? "").options,
    useAgents(names[2] ?? "").options,
  ]
    .find((options) => options.length > 0)
    ?.slice(0, 3);
  return {
    quantities: data?.quote.flatMap(({ quantities }) => quantities) ?? [],
    cue: spoken?.cue ?? data?.around.find(({ cue }) => cue !== null)?.cue ?? undefined,
    speakers: (speakers ?? []).map(({ id, label }) => ({ id, name: label })),
  };
}

/** As long as nothing else is typed, the first figure of the quote is the quantity. */
function useFirstQuantity(
  fields: Fields,
  first: string | undefined,
  onChange: (changed: Partial<Fields>) => void,
): void {
  const proposed = useRef("");
  const { quantity } = fields;
  const wanted = fields.question?.kind === "QUANTITY";
  useEffect(() => {
    // Nor is it proposed again once it was taken out.
    if (!wanted || first === undefined || first === proposed.current) return;
    if (quantity !== "" && quantity !== proposed.current) return;
    proposed.current = first;
    if (quantity !== first) onChange({ quantity: first });
  }, [wanted, first, quantity, onChange]);
}
