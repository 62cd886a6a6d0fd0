// What was sent about a claim and does not stand in what the server says of it yet. It holds no figure and no
// status: those stay as the server computed them until it has computed others.
import { useCallback, useState } from "react";
import type { Stance } from "#generated/types.ts";
import type { Claim } from "./claim.ts";

interface SentAssessment {
  readonly stance: Stance;
  readonly rationale: string;
  /** What it goes by, in words. */
  readonly evidence: string;
  /** Once it is recorded. */
  readonly id?: string;
}

export interface Sent {
  readonly assessment?: SentAssessment | undefined;
  /** The assessment that is being taken back. */
  readonly takenBack?: string | undefined;
  /** The one that the server says is taken back. */
  readonly gone?: string | undefined;
  /** Why it was not. */
  readonly refused?: { readonly assessment: string; readonly message: string } | undefined;
  readonly withdrawal?: { readonly reason: string } | undefined;
  readonly restoration?: boolean | undefined;
  /** What it will say, in place of what this version says. */
  readonly amendment?: { readonly statement: string; readonly version: number } | undefined;
}

export type Send = (change: Partial<Sent>) => void;

/** What is still to come, and a way to add to it; undefined takes back what was refused. */
export function useSent(claim: Claim): readonly [Sent, Send] {
  const [sent, setSent] = useState<Sent>({});
  const send = useCallback((change: Partial<Sent>) => setSent((before) => ({ ...before, ...change })), []);
  return [missing(sent, claim), send];
}

/** Of what was sent, what the claim does not show yet. Pure. */
export function missing(
  sent: Sent,
  { version, withdrawal, assessments }: Pick<Claim, "version" | "withdrawal" | "assessments">,
): Sent {
  const rows = assessments.edges.map(({ node }) => node);
  const recorded = rows.some(({ id }) => id === sent.assessment?.id);
  const row = rows.find(({ id }) => id === sent.takenBack);
  // Of one that is not among the newest the server's answer is all there is.
  const gone = row === undefined ? sent.gone === sent.takenBack : row.withdrawal !== null;
  return {
    assessment: recorded ? undefined : sent.assessment,
    takenBack: gone ? undefined : sent.takenBack,
    refused: sent.refused,
    withdrawal: withdrawal === null ? sent.withdrawal : undefined,
    restoration: withdrawal === null ? undefined : sent.restoration,
    amendment: sent.amendment !== undefined && version > sent.amendment.version ? undefined : sent.amendment,
  };
}

/** Whether the figures are about to be computed anew. */
export function isPending({ assessment, takenBack, withdrawal, restoration, amendment }: Sent): boolean {
  return [assessment, takenBack, withdrawal, restoration, amendment].some((one) => one !== undefined);
}
