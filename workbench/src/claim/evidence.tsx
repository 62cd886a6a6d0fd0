// What stands for and against a claim, and how each came: compared by the rule, or assessed by a researcher.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { MoreEvidence } from "#generated/documents.ts";
import type { EvidenceRowFragment, EvidenceRowsFragment, MoreEvidenceQuery, Side } from "#generated/types.ts";
import { useRights } from "../data/rights.tsx";
import { Button } from "../parts/button.tsx";
import { PartyName, QuantityWords } from "../parts/facts.tsx";
import { keyOf } from "../parts/party.ts";
import { Rows } from "../parts/rows.tsx";
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

function SideOf({
  title,
  page,
  side,
  claim,
  onAssess,
}: {
  title: string;
  page: EvidenceRowsFragment;
  side: Side;
  claim: Claim;
  onAssess: (evidence: EvidencePick) => void;
}): ReactNode {
  return (
    <section>
      <h2>
        {title} <span className={styles.count}>{page.totalCount}</span>
      </h2>
      {page.totalCount === 0 ? (
        <p className={styles.muted}>{say.claim.nothing}</p>
      ) : (
        <Lines side={side} claim={claim} />
      )}
      <ol className={styles.evidence}>
        <Rows
          page={page}
          more={{
            document: MoreEvidence,
            variables: { id: claim.id, side: side },
            pick: pickEvidence,
          }}
          keyOf={(row, index) => row.claim?.id ?? row.source?.id ?? String(index)}
        >
          {(row) => (
            <EvidenceItem
              row={row}
              own={row.claim?.id === claim.id}
              lines={sharedLines(linesOf(claim, side), row.chain)}
              onAssess={onAssess}
            />
          )}
        </Rows>
      </ol>
    </section>
  );
}

const pickEvidence = (data: MoreEvidenceQuery) => data.claim?.corroboration.evidence;

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
