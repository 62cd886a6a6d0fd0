// The claims beside a text: the one that is chosen, or being read, is kept in sight.
import { type ReactNode, useEffect, useRef } from "react";
import { Link } from "react-router";
import type { ClaimCardFragment } from "#generated/types.ts";
import { Chain, QuantityWords } from "../parts/facts.tsx";
import { StatusShape } from "../parts/status.tsx";
import { say } from "../strings.ts";
import styles from "./claim-list.module.css";

export function ClaimList({
  claims,
  active,
  reading,
  onPick,
  quotes,
}: {
  claims: readonly ClaimCardFragment[];
  active: string | undefined;
  reading: string | undefined;
  onPick: (claim: string) => void;
  /** Show the words too: there is no text beside the list. */
  quotes: boolean;
}): ReactNode {
  const list = useRef<HTMLOListElement>(null);
  useEffect(() => {
    const box = list.current;
    const item = box?.querySelector(`[data-claim="${active ?? reading}"]`);
    if (box == null || !(item instanceof HTMLElement) || box.scrollHeight <= box.clientHeight) return;
    const top = item.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top + item.offsetHeight > box.scrollTop + box.clientHeight) {
      box.scrollTo({ top: top - box.clientHeight * 0.2 });
    }
  }, [active, reading]);
  return (
    <ol ref={list} className={styles.list}>
      {claims.map((claim) => (
        <li key={claim.id} data-claim={claim.id} data-active={claim.id === active || undefined}>
          <ClaimItem claim={claim} active={claim.id === active} onPick={onPick} quotes={quotes} />
        </li>
      ))}
    </ol>
  );
}

function ClaimItem({
  claim,
  active,
  onPick,
  quotes,
}: {
  claim: ClaimCardFragment;
  active: boolean;
  onPick: (claim: string) => void;
  quotes: boolean;
}): ReactNode {
  const { corroboration } = claim;
  return (
    <>
      <button
        type="button"
        className={styles.statement}
        aria-current={active || undefined}
        onClick={() => onPick(claim.id)}
      >
        <StatusShape status={corroboration.status} />
        <span>{claim.statement}</span>
        <span className="only-read"> {say.status[corroboration.status]}</span>
      </button>
      <div className={styles.details}>
        {(quotes || claim.quoteStatus === "ORPHANED") && (
          <blockquote className={styles.quote} dir="auto">
            {claim.quote.prefix !== null && quotes && <span>…{claim.quote.prefix}</span>}
            <mark data-status={corroboration.status}>{claim.quote.exact}</mark>
            {claim.quote.suffix !== null && quotes && <span>{claim.quote.suffix}…</span>}
          </blockquote>
        )}
        {claim.quoteStatus === "ORPHANED" && <p className={styles.orphaned}>{say.source.orphaned}</p>}
        {claim.quoteStatus === "MOVED" && <p>{say.source.moved}</p>}
        <Chain hops={claim.attribution} basis={claim.basis} />
        {claim.quantity !== null && <QuantityWords quantity={claim.quantity} />}
        {active && (
          <>
            {claim.question !== null && (
              <Link to={`/questions/${claim.question.id}`}>{claim.question.text}</Link>
            )}
            <p>
              {say.status[corroboration.status]}
              {": "}
              {say.reportsAndLines(
                corroboration.reportsFor,
                corroboration.linesFor,
                corroboration.linesExact,
              )}
              {corroboration.linesAgainst > 0 && `; ${say.against(corroboration.linesAgainst)}`}
            </p>
            <Link to={`/claims/${claim.id}`}>{say.source.openClaim}</Link>
          </>
        )}
      </div>
    </>
  );
}
