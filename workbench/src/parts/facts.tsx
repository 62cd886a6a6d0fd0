// How the words of the domain are shown: whom a claim passed through, how much, when, under what.
import { Fragment, type ReactNode } from "react";
import { Link } from "react-router";
import type { HopPartsFragment, PartyNameFragment, QuantityPartsFragment } from "#generated/types.ts";
import { say } from "../strings.ts";
import styles from "./facts.module.css";
import { writeBounds } from "./quantity.ts";

/** A party of a chain, as a link to it. */
export function PartyName({ party }: { party: PartyNameFragment | null }): ReactNode {
  if (party === null) return <em>{say.nobodyNamed}</em>;
  if (party.__typename === "Agent") return <Link to={`/agents/${party.id}`}>{party.name}</Link>;
  return (
    <Link to={`/sources/${party.source.id}`} title={party.source.title}>
      {say.unknownPublisher}
    </Link>
  );
}

/** Whom a claim passed through, origin first, with arrows in the direction of reading. */
export function Chain({
  hops,
  basis,
}: {
  hops: readonly HopPartsFragment[];
  basis: "ATTRIBUTED" | "FIRSTHAND" | "UNATTRIBUTED";
}): ReactNode {
  if (hops.length === 0) return <span className={styles.basis}>{say.basis[basis]}</span>;
  return (
    <ol className={styles.chain}>
      {hops.map((hop) => (
        <li key={hop.position}>
          {hop.agents.map((agent, index) => (
            <Fragment key={agent.id}>
              {index > 0 && ` ${say.and} `}
              <Link to={`/agents/${agent.id}`}>{agent.name}</Link>
            </Fragment>
          ))}
          {hop.cue !== null && (
            <>
              {" "}
              <bdi className={styles.cue}>“{hop.cue}”</bdi>
            </>
          )}
        </li>
      ))}
    </ol>
  );
}

/** A figure as it was reported, and the numbers it allows. */
export function QuantityWords({ quantity }: { quantity: QuantityPartsFragment }): ReactNode {
  const bounds = writeBounds(quantity);
  return (
    <span className={styles.quantity}>
      <bdi>“{quantity.text}”</bdi>
      {bounds !== quantity.text && <span className={styles.bounds}> = {bounds}</span>}
    </span>
  );
}
