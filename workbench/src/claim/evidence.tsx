// What stands for and against a claim, and how each came: compared by the rule, or assessed by a researcher.
import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { MoreEvidence } from "#generated/documents.ts";
import type { EvidenceRowFragment, EvidenceRowsFragment, Side } from "#generated/types.ts";
import { Answer, useRead } from "../data/read.tsx";
import { useRights } from "../data/rights.tsx";
import { Button } from "../parts/button.tsx";
import { PartyName, QuantityWords } from "../parts/facts.tsx";
import { keyOf } from "../parts/party.ts";
import { StatusShape } from "../parts/status.tsx";
import { say } from "../strings.ts";
import type { EvidencePick } from "./assessments.tsx";
import type { Claim } from "./claim.ts";
import { Lines, linesOf, sharedLines } from "./lines.tsx";
import styles from "./page.module.css";

export function Evidence({
  claim,
  onAssess,
}: {
  claim: Claim;
  onAssess: (evidence: EvidencePick) => void;
}): ReactNode {
  const { corroboration } = claim;
  return (
    <div className={styles.sides}>
      <SideOf title={say.claim.for} side="FOR" page={corroboration.for} claim={claim} onAssess={onAssess} />
      <SideOf
        title={say.claim.against}
        side="AGAINST"
        page={corroboration.against}
        claim={claim}
        onAssess={onAssess}
      />
    </div>
  );
}

interface PageOf {
  readonly side: Side;
  readonly claim: Claim;
  readonly onAssess: (evidence: EvidencePick) => void;
}

function SideOf({ title, page, ...of }: PageOf & { title: string; page: EvidenceRowsFragment }): ReactNode {
  return (
    <section>
      <h2>
        {title} <span className={styles.count}>{page.totalCount}</span>
      </h2>
      {page.totalCount === 0 ? (
        <p className={styles.muted}>{say.claim.nothing}</p>
      ) : (
        <Lines side={of.side} claim={of.claim} />
      )}
      <ol className={styles.evidence}>
        <Rows page={page} before={0} {...of} />
      </ol>
    </section>
  );
}

/** The rows of a page, and a way to the next: what is never looked at is never asked for. */
function Rows({ page, before, ...of }: PageOf & { page: EvidenceRowsFragment; before: number }): ReactNode {
  const [more, setMore] = useState(false);
  const { hasNextPage, endCursor } = page.pageInfo;
  const rows = page.edges.map(({ node }) => node);
  const seen = before + rows.length;
  return (
    <>
      {rows.map((row, index) => (
        <li key={row.claim?.id ?? row.source?.id ?? index}>
          <EvidenceItem
            row={row}
            own={row.claim?.id === of.claim.id}
            lines={sharedLines(linesOf(of.claim, of.side), row.chain)}
            onAssess={of.onAssess}
          />
        </li>
      ))}
      {hasNextPage && endCursor !== null && more && <NextRows after={endCursor} before={seen} {...of} />}
      {hasNextPage && !more && (
        <li>
          <Button onClick={() => setMore(true)}>{say.showMore(page.totalCount - seen)}</Button>
        </li>
      )}
    </>
  );
}

function NextRows({ after, before, ...of }: PageOf & { after: string; before: number }): ReactNode {
  const reading = useRead(MoreEvidence, { id: of.claim.id, side: of.side, after }, { live: true });
  return (
    <Answer reading={reading}>
      {({ claim }) => claim !== null && <Rows page={claim.corroboration.evidence} before={before} {...of} />}
    </Answer>
  );
}

function EvidenceItem({
  row,
  own,
  lines,
  onAssess,
}: {
  row: EvidenceRowFragment;
  own: boolean;
  /** Those that it is part of, or that it hangs together with. */
  lines: readonly number[];
  onAssess: (evidence: EvidencePick) => void;
}): ReactNode {
  const { claim, source, chain } = row;
  const { record } = useRights();
  const title = claim?.statement ?? source?.title ?? "";
  const pick: EvidencePick | undefined =
    claim !== null
      ? { type: "Claim", id: claim.id, label: claim.statement }
      : source !== null
        ? { type: "Source", id: source.id, label: source.title }
        : undefined;
  return (
    <>
      <p className={styles.evidenceTitle}>
        {claim !== null && <StatusShape status={claim.corroboration.status} />}
        {own ? (
          <span>{say.claim.itself}</span>
        ) : (
          <Link to={claim === null ? `/sources/${source?.id}` : `/claims/${claim.id}`}>{title}</Link>
        )}
        {claim !== null && !own && (
          <span className="only-read">{say.status[claim.corroboration.status]}</span>
        )}
        {lines.length > 0 && <span className={styles.inLines}>{say.claim.inLines(lines)}</span>}
      </p>
      <p className={styles.muted}>
        {claim !== null && claim.quantity !== null && (
          <>
            <QuantityWords quantity={claim.quantity} />
            {" · "}
          </>
        )}
        {chain.length === 0
          ? say.claim.noChain
          : chain.map((party, index) => (
              <span key={keyOf(party)}>
                {index > 0 && " → "}
                <PartyName party={party} />
              </span>
            ))}
        {claim !== null && (
          <>
            {" · "}
            <Link to={`/sources/${claim.source.id}?claim=${claim.id}`}>{claim.source.title}</Link>
          </>
        )}
      </p>
      {!own && (
        <p className={styles.evidenceTools}>
          <span>{say.claim.basis[row.basis]}</span>
          {record && pick !== undefined && (
            <Button look="quiet" onClick={() => onAssess(pick)} aria-label={say.claim.assessBy(title)}>
              {say.claim.assessThis}
            </Button>
          )}
        </p>
      )}
    </>
  );
}
