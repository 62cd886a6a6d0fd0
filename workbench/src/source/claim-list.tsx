// The claims beside a text: the one that is chosen, or being read, is kept in sight.
import {
  memo,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
} from "react";
import { Link } from "react-router";
import type { ClaimCardFragment } from "#generated/types.ts";
import { Chain, QuantityWords } from "../parts/facts.tsx";
import { StatusShape } from "../parts/status.tsx";
import { say } from "../strings.ts";
import styles from "./claim-list.module.css";

export interface ListHandle {
  /** Bring a claim into sight. Nothing is drawn anew for it: it is called at each step of scrolling. */
  readonly follow: (claim: string) => void;
}

/** What was sent and is not answered yet. It has no status: the server computes that. */
export interface SentClaim {
  readonly statement: string;
  /** Before which claim it stands; undefined: after all. */
  readonly before: string | undefined;
}

export const ClaimList = memo(function ClaimList({
  claims,
  active,
  sent,
  leaving,
  onPick,
  quotes,
  handle,
}: {
  claims: readonly ClaimCardFragment[];
  active?: string | undefined;
  sent?: SentClaim | undefined;
  /** The claim that is being taken back. */
  leaving?: string | undefined;
  /** The same function at each render: or each claim is drawn anew. */
  onPick: (claim: string) => void;
  /** Show the words too: there is no text beside the list. */
  quotes: boolean;
  handle?: RefObject<ListHandle | null>;
}): ReactNode {
  const list = useRef<HTMLOListElement>(null);
  const follow = useCallback((claim: string): void => {
    const box = list.current;
    if (box === null || box.scrollHeight <= box.clientHeight) return;
    const item = box.querySelector(`[data-claim="${claim}"]`);
    if (!(item instanceof HTMLElement)) return;
    const top = item.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top + item.offsetHeight > box.scrollTop + box.clientHeight) {
      box.scrollTo({ top: top - box.clientHeight * 0.2 });
    }
  }, []);
  useImperativeHandle(handle, () => ({ follow }), [follow]);
  useEffect(() => {
    if (active !== undefined) follow(active);
  }, [active, follow]);
  const pending = sent !== undefined && (
    <li key="sent" className={styles.pending} aria-busy="true">
      <span>{sent.statement}</span> <em>{say.record.sending}</em>
    </li>
  );
  return (
    <ol ref={list} className={styles.list}>
      {claims.flatMap((claim) => [
        claim.id === sent?.before && pending,
        <li
          key={claim.id}
          data-claim={claim.id}
          data-active={claim.id === active || undefined}
          className={claim.id === leaving ? styles.pending : undefined}
          aria-busy={claim.id === leaving || undefined}
        >
          <ClaimItem claim={claim} active={claim.id === active} onPick={onPick} quotes={quotes} />
          {claim.id === leaving && <em>{say.record.leaving}</em>}
        </li>,
      ])}
      {sent?.before === undefined && pending}
    </ol>
  );
});

const ClaimItem = memo(function ClaimItem({
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
});
