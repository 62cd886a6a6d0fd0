// The words of a claim, found in the text as they are typed or selected.
import { type ReactNode, useEffect, useMemo } from "react";
import { Button } from "../parts/button.tsx";
import { Field } from "../parts/field.tsx";
import { say } from "../strings.ts";
import type { Positions } from "../text/codepoints.ts";
import { findPlaces, type Place } from "../text/places.ts";
import styles from "./form.module.css";

export interface Candidate {
  readonly exact: string;
  readonly prefix: string;
  readonly suffix: string;
  readonly start: number;
}

export function QuoteField({
  text,
  positions,
  quote,
  start,
  onChange,
  onPlace,
  problem,
  candidates,
}: {
  /** Null where the source is a citation without its text. */
  text: string | null;
  positions: Positions;
  quote: string;
  /** In code points. */
  start: number | null;
  onChange: (quote: string, start: number | null) => void;
  onPlace: (place: Place | undefined) => void;
  problem: ReactNode;
  candidates: readonly Candidate[];
}): ReactNode {
  const places = useMemo(() => (text === null ? [] : findPlaces(text, quote)), [text, quote]);
  const chosen = places.find((place) => positions.toPoints(place.start) === start) ?? places[0];
  const [from, to] = [chosen?.start, chosen?.end];
  useEffect(() => {
    onPlace(from === undefined || to === undefined ? undefined : { start: from, end: to });
  }, [from, to, onPlace]);
  const type = (typed: string): void => {
    const first = text === null ? undefined : findPlaces(text, typed, 1)[0];
    onChange(typed, first === undefined ? null : positions.toPoints(first.start));
  };
  const absent = text !== null && quote !== "" && places.length === 0;
  return (
    <>
      <Field
        label={say.record.quote}
        hint={say.record.quoteHint}
        problem={problem ?? (absent ? say.record.quoteAbsent : undefined)}
      >
        {(wiring) => (
          <textarea
            {...wiring}
            className={styles.quote}
            dir="auto"
            rows={2}
            value={quote}
            onChange={(event) => type(event.target.value)}
          />
        )}
      </Field>
      {places.length > 1 && (
        <div className={styles.suggested}>
          {say.record.quoteTwice(places.length)}
          {places.map((place, index) => (
            <Button
              key={place.start}
              look={place === chosen ? "main" : "plain"}
              aria-pressed={place === chosen}
              onClick={() => onChange(quote, positions.toPoints(place.start))}
            >
              {say.record.quotePlace(index + 1)}
            </Button>
          ))}
        </div>
      )}
      {candidates.length > 0 && (
        <div className={styles.suggested}>
          {say.record.candidates}
          {candidates.map((candidate) => (
            <Button key={candidate.start} onClick={() => onChange(candidate.exact, candidate.start)}>
              <span className={styles.candidate} dir="auto">
                {candidate.prefix}
                <strong>{candidate.exact}</strong>
                {candidate.suffix}
              </span>
            </Button>
          ))}
        </div>
      )}
    </>
  );
}
