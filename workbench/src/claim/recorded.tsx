// What was recorded of a claim, as it stands or as it stood: the words in their place, and what was read out of them.
import { type ReactNode, useMemo } from "react";
import { Link } from "react-router";
import type { SaidPartsFragment } from "#generated/types.ts";
import { Chain, QuantityWords } from "../parts/facts.tsx";
import { say } from "../strings.ts";
import { Positions } from "../text/codepoints.ts";
import styles from "./page.module.css";

/** The claim where it stands in its source. */
export function inSource({ id, source }: { id: string; source: { id: string } }): string {
  return `/sources/${source.id}?claim=${id}`;
}

/** The words with the paragraph they stand in; of a citation, with what was recorded around them. */
export function Quoted({
  claim,
  children,
}: {
  claim: SaidPartsFragment;
  /** What became of the quote since. */
  children?: ReactNode;
}): ReactNode {
  const { quote, source } = claim;
  const [before, after] = useMemo(() => contextOf(claim), [claim]);
  return (
    <figure className={styles.quoted}>
      <blockquote dir="auto" lang={source.language ?? undefined}>
        {before}
        <mark data-status={claim.corroboration.status}>{quote.exact}</mark>
        {after}
      </blockquote>
      <figcaption>
        <Link to={inSource(claim)}>{source.title}</Link>
        {" · "}
        {source.publisher === null ? (
          say.unknownPublisher
        ) : (
          <Link to={`/agents/${source.publisher.id}`}>{source.publisher.name}</Link>
        )}
        {" · "}
        {source.published?.text ?? say.undated}
        {children}
      </figcaption>
    </figure>
  );
}

function contextOf({ quote, source }: SaidPartsFragment): [string, string] {
  if (source.text === null || quote.start === null || quote.end === null) {
    return [quote.prefix === null ? "" : `…${quote.prefix}`, quote.suffix === null ? "" : `${quote.suffix}…`];
  }
  const positions = new Positions(source.text);
  const before = source.text.slice(0, positions.toUnits(quote.start));
  const after = source.text.slice(positions.toUnits(quote.end));
  return [before.slice(before.lastIndexOf("\n") + 1), after.split("\n", 1)[0] ?? ""];
}

/** Entries of a list of facts. */
export function SaidFacts({ claim }: { claim: SaidPartsFragment }): ReactNode {
  return (
    <>
      <dt>{say.claim.chain}</dt>
      <dd>
        <Chain hops={claim.attribution} basis={claim.basis} />
      </dd>
      {claim.question !== null && (
        <>
          <dt>{say.record.question}</dt>
          <dd>
            <Link to={`/questions/${claim.question.id}?claim=${claim.id}`}>{claim.question.text}</Link>
          </dd>
        </>
      )}
      {claim.quantity !== null && (
        <>
          <dt>{say.record.quantity}</dt>
          <dd>
            <QuantityWords quantity={claim.quantity} />
          </dd>
        </>
      )}
      {claim.polarity !== null && (
        <>
          <dt>{say.record.polarity}</dt>
          <dd>{say.polarity[claim.polarity]}</dd>
        </>
      )}
      <dt>{say.record.asserted}</dt>
      <dd>{claim.asserted?.text ?? say.claim.asPublished}</dd>
      {claim.note !== null && (
        <>
          <dt>{say.record.note}</dt>
          <dd>{claim.note}</dd>
        </>
      )}
    </>
  );
}
