// A claim: the words in their place, whom they passed through, what stands for and against them, and why.
import { type ReactNode, useMemo, useState } from "react";
import { Link, useNavigate, useParams } from "react-router";
import { ClaimPage as ClaimPageDocument } from "#generated/documents.ts";
import type { ClaimFilter } from "#generated/types.ts";
import { Live } from "../data/live.tsx";
import { useRead } from "../data/read.tsx";
import { useRights } from "../data/rights.tsx";
import { CopyLink } from "../parts/copy-link.tsx";
import { Chain, PartyName, QuantityWords } from "../parts/facts.tsx";
import { LiveState } from "../parts/live-state.tsx";
import { day } from "../parts/moment.ts";
import { RestrictedBadge } from "../parts/restricted.tsx";
import { StatusMark } from "../parts/status.tsx";
import { Found } from "../shell/found.tsx";
import { Page } from "../shell/shell.tsx";
import { Tools } from "../shell/tools.tsx";
import { say } from "../strings.ts";
import { Positions } from "../text/codepoints.ts";
import { AmendClaimDialog } from "./amend.tsx";
import { AssessmentForm, Assessments, type EvidencePick } from "./assessments.tsx";
import { CiteDialog } from "./cite-dialog.tsx";
import type { Claim } from "./claim.ts";
import { Evidence } from "./evidence.tsx";
import { History } from "./history.tsx";
import styles from "./page.module.css";
import { ReinstateDialog } from "./reinstate.tsx";
import { useRestoration } from "./restore.ts";
import { RetractDialog } from "./retract.tsx";
import { isPending, type Sent, useSent } from "./sent.ts";
import { WithdrawDialog } from "./withdraw.tsx";

export function ClaimPage(): ReactNode {
  const { id = "" } = useParams();
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
  const [open, setOpen] = useState<
    "assess" | "cite" | "amend" | "retract" | "reinstate" | "withdraw" | undefined
  >(undefined);
  const [evidence, setEvidence] = useState<EvidencePick | undefined>(undefined);
  const close = (): void => setOpen(undefined);
  const [sent, send] = useSent(claim);
  const restore = useRestoration(claim.id, send);
  const navigate = useNavigate();
  const assess = (picked?: EvidencePick): void => {
    setEvidence(picked);
    setOpen("assess");
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
          { keys: "e", label: say.amend.title, run: () => setOpen("amend"), offered: rights.amend },
          { keys: "q", label: say.claim.cite, run: () => setOpen("cite"), offered: true },
          claim.retraction === null
            ? { keys: "r", label: say.claim.retract, run: () => setOpen("retract"), offered: changed }
            : { keys: "r", label: say.claim.reinstate, run: () => setOpen("reinstate"), offered: changed },
          standing
            ? { keys: "w", label: say.claim.withdraw, run: () => setOpen("withdraw"), offered: own }
            : { keys: "w", label: say.claim.restore, run: restore, offered: own },
          { keys: "o", label: say.claim.openSource, run: () => navigate(inSource(claim)), offered: true },
        ]}
      >
        <CopyLink path={`/claims/${claim.id}`} />
      </Tools>
      <div className={styles.columns}>
        <div>
          <Quoted claim={claim} />
          <Evidence claim={claim} onAssess={assess} />
        </div>
        <div>
          <Facts claim={claim} />
          <Assessments claim={claim} sent={sent} send={send} />
          <History claim={claim} />
        </div>
      </div>
      {open === "assess" && <AssessmentForm claim={claim} evidence={evidence} send={send} onClose={close} />}
      {open === "cite" && <CiteDialog claim={claim} address={permalink(claim)} onClose={close} />}
      {open === "retract" && <RetractDialog claim={claim} onClose={close} />}
      {open === "reinstate" && <ReinstateDialog claim={claim} onClose={close} />}
      {open === "withdraw" && <WithdrawDialog claim={claim} send={send} onClose={close} />}
      {open === "amend" && <AmendClaimDialog claim={claim} send={send} onClose={close} />}
    </>
  );
}

function permalink(claim: Claim): string {
  return `${window.location.origin}/claims/${claim.id}`;
}

function inSource(claim: Claim): string {
  return `/sources/${claim.source.id}?claim=${claim.id}`;
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
      <p className={styles.explanation}>{corroboration.explanation}</p>
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

/** The words with the paragraph they stand in; of a citation, with what was recorded around them. */
function Quoted({ claim }: { claim: Claim }): ReactNode {
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
        {claim.quoteStatus === "ORPHANED" && <p className={styles.orphaned}>{say.source.orphaned}</p>}
        {claim.quoteStatus === "MOVED" && <p>{say.source.moved}</p>}
      </figcaption>
    </figure>
  );
}

function contextOf({ quote, source }: Claim): [string, string] {
  if (source.text === null || quote.start === null || quote.end === null) {
    return [quote.prefix === null ? "" : `…${quote.prefix}`, quote.suffix === null ? "" : `${quote.suffix}…`];
  }
  const positions = new Positions(source.text);
  const before = source.text.slice(0, positions.toUnits(quote.start));
  const after = source.text.slice(positions.toUnits(quote.end));
  return [before.slice(before.lastIndexOf("\n") + 1), after.split("\n", 1)[0] ?? ""];
}

function Facts({ claim }: { claim: Claim }): ReactNode {
  return (
    <section className={styles.facts} aria-label={say.claim.facts}>
      <dl>
        <dt>{say.claim.chain}</dt>
        <dd>
          <Chain hops={claim.attribution} basis={claim.basis} />
        </dd>
        {claim.question !== null && (
          <>
            <dt>{say.record.question}</dt>
            <dd>
              <Link to={`/questions/${claim.question.id}`}>{claim.question.text}</Link>
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
        <dt>{say.claim.weakest}</dt>
        <dd>
          {claim.corroboration.weakestLinks.length === 0 ? (
            say.nobodyNamed
          ) : (
            <ul>
              {claim.corroboration.weakestLinks.map((party) => (
                <li key={party.__typename === "Agent" ? party.id : party.source.id}>
                  <PartyName party={party} />
                </li>
              ))}
            </ul>
          )}
        </dd>
        {claim.note !== null && (
          <>
            <dt>{say.record.note}</dt>
            <dd>{claim.note}</dd>
          </>
        )}
        <dt>{say.claim.recorded}</dt>
        <dd>{say.claim.by(claim.recordedBy.name, day(claim.recordedAt))}</dd>
      </dl>
    </section>
  );
}
