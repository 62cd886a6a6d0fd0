// What stands for and against a claim, and how each came: compared by the rule, or assessed by a researcher.
import type { ReactNode } from "react";
import { Link } from "react-router";
import type { EvidenceRowFragment } from "#generated/types.ts";
import { Button } from "../parts/button.tsx";
import { PartyName, QuantityWords } from "../parts/facts.tsx";
import { StatusShape } from "../parts/status.tsx";
import { say } from "../strings.ts";
import type { EvidencePick } from "./assessments.tsx";
import styles from "./page.module.css";
import type { Claim } from "./page.tsx";

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
      <SideOf title={say.claim.for} side={corroboration.for} claim={claim} onAssess={onAssess} />
      <SideOf title={say.claim.against} side={corroboration.against} claim={claim} onAssess={onAssess} />
    </div>
  );
}

function SideOf({
  title,
  side,
  claim,
  onAssess,
}: {
  title: string;
  side: Claim["corroboration"]["for"];
  claim: Claim;
  onAssess: (evidence: EvidencePick) => void;
}): ReactNode {
  const rows = side.edges.map(({ node }) => node);
  return (
    <section>
      <h2>
        {title} <span className={styles.count}>{side.totalCount}</span>
      </h2>
      {rows.length === 0 && <p className={styles.muted}>{say.claim.nothing}</p>}
      <ol className={styles.evidence}>
        {rows.map((row, index) => (
          <li key={row.claim?.id ?? row.source?.id ?? index}>
            <EvidenceItem row={row} own={row.claim?.id === claim.id} onAssess={onAssess} />
          </li>
        ))}
      </ol>
      {side.totalCount > rows.length && (
        <p className={styles.muted}>{say.claim.moreEvidence(side.totalCount - rows.length)}</p>
      )}
    </section>
  );
}

function EvidenceItem({
  row,
  own,
  onAssess,
}: {
  row: EvidenceRowFragment;
  own: boolean;
  onAssess: (evidence: EvidencePick) => void;
}): ReactNode {
  const { claim, source, chain } = row;
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
              <span key={party.__typename === "Agent" ? party.id : party.source.id}>
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
          {pick !== undefined && (
            <Button look="quiet" onClick={() => onAssess(pick)} aria-label={say.claim.assessBy(title)}>
              {say.claim.assessThis}
            </Button>
          )}
        </p>
      )}
    </>
  );
}
