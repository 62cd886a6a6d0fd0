// A claim: the words in their place, whom they passed through, what stands for and against them, and why.
import { type ReactNode, useState } from "react";
import { useNavigate, useParams, useSearchParams } from "react-router";
import { ClaimPage as ClaimPageDocument } from "#generated/documents.ts";
import type { ClaimFilter } from "#generated/types.ts";
import { Live } from "../data/live.tsx";
import { useRead } from "../data/read.tsx";
import { useRights } from "../data/rights.tsx";
import { CopyLink } from "../parts/copy-link.tsx";
import { PartyName } from "../parts/facts.tsx";
import { LiveState } from "../parts/live-state.tsx";
import { day } from "../parts/moment.ts";
import { keyOf } from "../parts/party.ts";
import { RestrictedBadge } from "../parts/restricted.tsx";
import { RuleLink } from "../parts/rule-link.tsx";
import { StatusMark } from "../parts/status.tsx";
import { Found } from "../shell/found.tsx";
import { Page } from "../shell/shell.tsx";
import { Tools } from "../shell/tools.tsx";
import { say } from "../strings.ts";
import { AmendClaimDialog } from "./amend.tsx";
import { AssessmentForm, Assessments, type EvidencePick } from "./assessments.tsx";
import { CiteDialog } from "./cite-dialog.tsx";
import type { Claim } from "./claim.ts";
import { Evidence } from "./evidence.tsx";
import { History } from "./history.tsx";
import styles from "./page.module.css";
import { PastPage } from "./past.tsx";
import { inSource, Quoted, SaidFacts } from "./recorded.tsx";
import { ReinstateDialog } from "./reinstate.tsx";
import { useRestoration } from "./restore.ts";
import { RetractDialog } from "./retract.tsx";
import { isPending, type Sent, useSent } from "./sent.ts";
import { WithdrawDialog } from "./withdraw.tsx";

/** `?asOf=2026-11-23T05:26:00Z`: as it stood then. */
export function ClaimPage(): ReactNode {
  const { id = "" } = useParams();
  const asOf = useSearchParams()[0].get("asOf");
  return asOf === null ? <PresentPage id={id} /> : <PastPage id={id} asOf={asOf} />;
}

function PresentPage({ id }: { id: string }): ReactNode {
  const reading = useRead(ClaimPageDocument, { id });
  return (
    <Found id={id} reading={reading} pick={({ claim }) => claim}>
      {(claim) => (
        <Page title={claim.statement}>
          <Live filter={comparedWith(claim)} onChange={reading.refresh}>
            <ClaimBody key={claim.id} claim={claim} />
          </Live>
        </Page>
      )}
    </Found>
  );
}

/** The claims whose changes may show on its page: those it is compared with, itself among them. */
function comparedWith({ question, source }: Claim): ClaimFilter {
  return question === null ? { source: [source.id] } : { question: [question.id] };
}

function ClaimBody({ claim }: { claim: Claim }): ReactNode {
  const { open, show, closing } = useForms();
  const [evidence, setEvidence] = useState<EvidencePick | undefined>(undefined);
  const [sent, send] = useSent(claim);
  const restore = useRestoration(claim.id, send);
  const navigate = useNavigate();
  const assess = (picked?: EvidencePick): void => {
    if (!open.has("assess")) setEvidence(picked);
    show("assess");
  };
  const rights = useRights();
  const standing = claim.withdrawal === null;
  const changed = rights.amend && standing;
  const own = rights.takeBack(claim.recordedBy);
  return (
    <>
      <ClaimHead claim={claim} sent={sent} />
      <Tools
        tools={[
          { keys: "a", label: say.claim.assess, run: assess, look: "main", offered: rights.record },
          { keys: "e", label: say.amend.title, run: () => show("amend"), offered: rights.amend },
          { keys: "q", label: say.claim.cite, run: () => show("cite"), offered: true },
          claim.retraction === null
            ? { keys: "r", label: say.claim.retract, run: () => show("retract"), offered: changed }
            : { keys: "r", label: say.claim.reinstate, run: () => show("reinstate"), offered: changed },
          standing
            ? { keys: "w", label: say.claim.withdraw, run: () => show("withdraw"), offered: own }
            : { keys: "w", label: say.claim.restore, run: restore, offered: own },
          { keys: "o", label: say.claim.openSource, run: () => navigate(inSource(claim)), offered: true },
        ]}
      >
        <CopyLink path={`/claims/${claim.id}`} />
      </Tools>
      <div className={styles.columns}>
        <Quoted claim={claim}>
          {claim.quoteStatus === "ORPHANED" && <p className={styles.orphaned}>{say.source.orphaned}</p>}
          {claim.quoteStatus === "MOVED" && <p>{say.source.moved}</p>}
        </Quoted>
        <Facts claim={claim} />
        <Evidence claim={claim} onAssess={assess} />
        <div className={styles.judged}>
          <Assessments claim={claim} sent={sent} send={send} />
          <History claim={claim} />
        </div>
      </div>
      {open.has("assess") && (
        <AssessmentForm claim={claim} evidence={evidence} send={send} onClose={closing("assess")} />
      )}
      {open.has("cite") && <CiteDialog claim={claim} address={permalink(claim)} onClose={closing("cite")} />}
      {open.has("retract") && <RetractDialog claim={claim} onClose={closing("retract")} />}
      {open.has("reinstate") && <ReinstateDialog claim={claim} onClose={closing("reinstate")} />}
      {open.has("withdraw") && <WithdrawDialog claim={claim} send={send} onClose={closing("withdraw")} />}
      {open.has("amend") && <AmendClaimDialog claim={claim} send={send} onClose={closing("amend")} />}
    </>
  );
}

type Form = "assess" | "cite" | "amend" | "retract" | "reinstate" | "withdraw";

/** Which forms there are. One that was sent is out of sight until it is answered; others can be opened meanwhile. */
function useForms() {
  const [open, setOpen] = useState<ReadonlySet<Form>>(new Set());
  const show = (form: Form): void => setOpen((before) => new Set([...before, form]));
  const closing = (form: Form) => (): void =>
    setOpen((before) => new Set([...before].filter((one) => one !== form)));
  return { open, show, closing };
}

function permalink(claim: Claim): string {
  return `${window.location.origin}/claims/${claim.id}`;
}

function ClaimHead({ claim, sent }: { claim: Claim; sent: Sent }): ReactNode {
  const { corroboration } = claim;
  const pending = isPending(sent);
  return (
    <header className={styles.head} aria-busy={pending || undefined}>
      <div className={styles.verdict}>
        <StatusMark status={corroboration.status} size="large" />
        <span>
          {say.reportsAndLines(corroboration.reportsFor, corroboration.linesFor, corroboration.linesExact)}
          {corroboration.linesAgainst > 0 && `; ${say.against(corroboration.linesAgainst)}`}
        </span>
        {corroboration.disagreed && <span className={styles.disagreed}>{say.disagreed}</span>}
        {pending && <em className={styles.pending}>{say.claim.recomputed}</em>}
        <LiveState />
      </div>
      <h1>{sent.amendment?.statement ?? claim.statement}</h1>
      <p className={styles.explanation}>
        {corroboration.explanation} <RuleLink version={corroboration.ruleVersion} />
      </p>
      <RestrictedBadge node={claim} because={say.restricted.bySource} />
      {sent.withdrawal !== undefined && (
        <p className={styles.gone}>
          {say.claim.withdrawing} {sent.withdrawal.reason}
        </p>
      )}
      {sent.restoration === true && <p className={styles.pending}>{say.claim.restoring}</p>}
      {claim.withdrawal !== null && sent.restoration !== true && (
        <p className={styles.gone}>
          {say.claim.withdrawn(claim.withdrawal.by.name, day(claim.withdrawal.at))} {claim.withdrawal.reason}
        </p>
      )}
      {claim.retraction !== null && (
        <p className={styles.gone}>
          {say.claim.retracted(claim.retraction.retracted.text)} {claim.retraction.reason}{" "}
          {claim.retraction.url !== null && (
            <a href={claim.retraction.url} rel="noreferrer">
              {say.claim.retractedUrl}
            </a>
          )}
        </p>
      )}
    </header>
  );
}

function Facts({ claim }: { claim: Claim }): ReactNode {
  return (
    <section className={styles.facts} aria-label={say.claim.facts}>
      <dl>
        <SaidFacts claim={claim} />
        <dt>{say.claim.weakest}</dt>
        <dd>
          {claim.corroboration.weakestLinks.length === 0 ? (
            say.nobodyNamed
          ) : (
            <ul>
              {claim.corroboration.weakestLinks.map((party) => (
                <li key={keyOf(party)}>
                  <PartyName party={party} />
                </li>
              ))}
            </ul>
          )}
        </dd>
        <dt>{say.claim.recorded}</dt>
        <dd>{say.claim.by(claim.recordedBy.name, day(claim.recordedAt))}</dd>
      </dl>
    </section>
  );
}
