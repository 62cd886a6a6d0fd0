// The independent lines of a side, each from its origin to its publisher: no two share a party.
import type { ReactNode } from "react";
import type { LinePathFragment, PartyNameFragment, Side } from "#generated/types.ts";
import { Button } from "../parts/button.tsx";
import { PartyName } from "../parts/facts.tsx";
import { useCut } from "../parts/going-on.ts";
import { keyOf } from "../parts/party.ts";
import { say } from "../strings.ts";
import type { Claim } from "./claim.ts";
import styles from "./lines.module.css";

const LINES = 6;

export function Lines({ side, claim }: { side: Side; claim: Claim }): ReactNode {
  const { most, show, refAt } = useCut(LINES);
  const lines = linesOf(claim, side);
  const weakest = new Set(side === "FOR" ? claim.corroboration.weakestLinks.map(keyOf) : []);
  if (lines.length === 0) return <p className={styles.muted}>{say.claim.noLine}</p>;
  return (
    <>
      <ol className={styles.lines} aria-label={say.claim.lines[side]}>
        {lines.slice(0, most).map(({ parties }, index) => (
          <li key={parties.map(keyOf).join(" ")} ref={refAt(index)}>
            <strong>{say.line(index + 1)}</strong>
            <ol className={styles.path}>
              {parties.map((party) => (
                <li key={keyOf(party)} data-weak={weakest.has(keyOf(party)) || undefined}>
                  <PartyName party={party} />
                </li>
              ))}
            </ol>
          </li>
        ))}
      </ol>
      {lines.length > most && (
        <Button look="quiet" onClick={() => show(most, lines.length - most)}>
          {say.moreLines(lines.length - most)}
        </Button>
      )}
    </>
  );
}

export function linesOf({ corroboration }: Claim, side: Side): readonly LinePathFragment[] {
  return corroboration.lines.filter((line) => line.side === side);
}

/** With which of the lines a chain shares a party, counted from 1: with these it is one line. Pure. */
export function sharedLines(
  lines: readonly LinePathFragment[],
  chain: readonly PartyNameFragment[],
): readonly number[] {
  const keys = new Set(chain.map(keyOf));
  return lines.flatMap(({ parties }, index) =>
    parties.some((party) => keys.has(keyOf(party))) ? [index + 1] : [],
  );
}
