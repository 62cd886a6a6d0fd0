// What researchers judged of a claim, and the form of a judgement.
import { type ReactNode, useMemo, useState } from "react";
import { Link } from "react-router";
import { FindEvidence, MoreAssessments, RecordAssessment, WithdrawAssessment } from "#generated/documents.ts";
import type { AssessmentRowFragment, MoreAssessmentsQuery, Stance } from "#generated/types.ts";
import { useDebounced } from "../data/debounced.ts";
import { useDraft } from "../data/drafts.ts";
import { newKey } from "../data/keys.ts";
import { useRead } from "../data/read.tsx";
import { useRights } from "../data/rights.tsx";
import { useWrite } from "../data/write.ts";
import { Button } from "../parts/button.tsx";
import { Choice, Field, TextField } from "../parts/field.tsx";
import { FormDialog } from "../parts/form-dialog.tsx";
import { day } from "../parts/moment.ts";
import { problemAt } from "../parts/problem.tsx";
import { Rows } from "../parts/rows.tsx";
import { FindField } from "../recording/find-field.tsx";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import type { Claim } from "./claim.ts";
import styles from "./page.module.css";
import { useRestricting } from "./restricting.ts";
import type { Send, Sent } from "./sent.ts";

export interface EvidencePick {
  readonly type: "Claim" | "Source";
  readonly id: string;
  readonly label: string;
}

interface Draft {
  readonly evidence: EvidencePick | null;
  readonly stance: Stance;
  readonly rationale: string;
  readonly credibility: string;
  /** The same for each attempt: a lost answer does not record twice. */
  readonly idempotencyKey: string;
}

const EMPTY: Omit<Draft, "idempotencyKey"> = {
  evidence: null,
  stance: "SUPPORTS",
  rationale: "",
  credibility: "",
};

export function AssessmentForm({
  claim,
  evidence,
  send,
  onClose,
}: {
  claim: Claim;
  evidence: EvidencePick | undefined;
  send: Send;
  onClose: () => void;
}): ReactNode {
  const [key] = useState(newKey);
  const empty = useMemo(
    () => ({ ...EMPTY, evidence: evidence ?? null, idempotencyKey: key }),
    [evidence, key],
  );
  const name = `assessment.${claim.id}.${evidence?.id ?? "any"}`;
  const { value: draft, set, forget } = useDraft<Draft>(name, empty);
  const { run, busy, refusal } = useWrite(RecordAssessment);
  const takeBack = useTakeBack(send);
  const restricting = useRestricting(claim);
  const toast = useToast();
  const submit = async (): Promise<void> => {
    const { stance, rationale, idempotencyKey } = draft;
    const assessment = { stance, rationale, evidence: draft.evidence?.label ?? "" };
    send({ assessment });
    const written = await run({
      input: {
        claim: claim.id,
        stance,
        rationale,
        evidenceClaim: draft.evidence?.type === "Claim" ? draft.evidence.id : null,
        evidenceSource: draft.evidence?.type === "Source" ? draft.evidence.id : null,
        credibility: draft.credibility === "" ? null : Number(draft.credibility),
        idempotencyKey,
      },
    });
    if (written.done) {
      const { id } = written.payload.assessment;
      send({ assessment: { ...assessment, id } });
      forget();
      onClose();
      toast({ words: say.claim.assessed, action: { label: say.record.undo, run: () => takeBack(id) } });
      return;
    }
    send({ assessment: undefined });
    // A refused request is answered for good under its key; the mended one is another.
    if (written.result !== undefined) set({ idempotencyKey: newKey() });
  };
  return (
    <FormDialog
      title={say.claim.assess}
      save={say.record.save}
      busy={busy}
      away={busy}
      refusal={refusal}
      restricting={restricting}
      onSubmit={submit}
      onClose={onClose}
    >
      <p className={styles.muted}>{claim.statement}</p>
      <EvidenceField
        evidence={draft.evidence}
        onChange={(chosen) => set({ evidence: chosen })}
        problem={problemAt(refusal, "evidenceClaim") ?? problemAt(refusal, "evidenceSource")}
      />
      <Choice
        label={say.claim.stance}
        value={draft.stance}
        options={say.stance}
        onChange={(stance) => set({ stance })}
        hint={say.claim.stanceHint[draft.stance]}
      />
      <TextField
        label={say.claim.rationale}
        hint={say.claim.rationaleHint}
        lines={3}
        value={draft.rationale}
        onChange={(rationale) => set({ rationale })}
        problem={problemAt(refusal, "rationale")}
      />
      <Field label={say.claim.credibility} problem={problemAt(refusal, "credibility")}>
        {(wiring) => (
          <select
            {...wiring}
            value={draft.credibility}
            onChange={(event) => set({ credibility: event.target.value })}
          >
            <option value="">{say.claim.notJudged}</option>
            {say.claim.scale.map((words, index) => (
              <option key={words} value={index + 1}>
                {index + 1} – {words}
              </option>
            ))}
          </select>
        )}
      </Field>
    </FormDialog>
  );
}

function EvidenceField({
  evidence,
  onChange,
  problem,
}: {
  evidence: EvidencePick | null;
  onChange: (evidence: EvidencePick | null) => void;
  problem: ReactNode;
}): ReactNode {
  const [text, setText] = useState("");
  const words = useDebounced(text.trim());
  const found = useRead(FindEvidence, { text: words }, { pause: words === "" }).data?.search.edges ?? [];
  const nodes = words === "" ? [] : found.map(({ node }) => node);
  return (
    <FindField
      label={say.claim.evidence}
      hint={say.claim.evidenceHint}
      problem={problem}
      placeholder={say.claim.evidencePlaceholder}
      chosen={
        evidence && {
          words: (
            <>
              {evidence.label}{" "}
              <small>{evidence.type === "Claim" ? say.claim.aClaim : say.claim.aSource}</small>
            </>
          ),
          remove: say.claim.otherEvidence,
          onRemove: () => onChange(null),
        }
      }
      text={text}
      onText={setText}
      options={nodes.flatMap((node) =>
        node.__typename === "Claim"
          ? [{ id: node.id, label: node.statement, detail: `${say.claim.aClaim} · ${node.source.title}` }]
          : node.__typename === "Source"
            ? [
                {
                  id: node.id,
                  label: node.title,
                  detail: `${say.claim.aSource} · ${node.published?.text ?? ""}`,
                },
              ]
            : [],
      )}
      onChoose={({ id, label }) => {
        const node = nodes.find((one) => "id" in one && one.id === id);
        onChange({ type: node?.__typename === "Source" ? "Source" : "Claim", id, label });
      }}
    />
  );
}

function useTakeBack(send: Send): (assessment: string) => void {
  const { run } = useWrite(WithdrawAssessment);
  const toast = useToast();
  return (assessment) => {
    send({ takenBack: assessment, refused: undefined });
    void run({ input: { assessment, reason: say.record.undoReason } }).then((written) => {
      if (!written.done) {
        send({ takenBack: undefined, refused: { assessment, message: written.refusal.message } });
      } else {
        send({ gone: assessment });
        toast({ words: say.record.undone });
      }
    });
  };
}

export function Assessments({ claim, sent, send }: { claim: Claim; sent: Sent; send: Send }): ReactNode {
  const { assessments: page } = claim;
  const { assessment } = sent;
  return (
    <section>
      <h2>{say.claim.assessments}</h2>
      {page.totalCount === 0 && assessment === undefined && (
        <p className={styles.muted}>{say.claim.noAssessments}</p>
      )}
      <ol className={styles.evidence}>
        {assessment !== undefined && (
          <li aria-busy="true" className={styles.sent}>
            <p>
              <strong>{say.stance[assessment.stance]}</strong> {assessment.evidence}
            </p>
            <p>{assessment.rationale}</p>
            <em>{say.record.sending}</em>
          </li>
        )}
        <Rows
          page={page}
          more={{ document: MoreAssessments, variables: { id: claim.id }, pick: pickAssessments }}
          keyOf={(row) => row.id}
          item={(row) => ({
            ...(row.withdrawal !== null && { "data-withdrawn": true }),
            ...(row.id === sent.takenBack && { "aria-busy": true, className: styles.sent }),
          })}
        >
          {(row) => <AssessmentItem row={row} sent={sent} send={send} />}
        </Rows>
      </ol>
    </section>
  );
}

const pickAssessments = (data: MoreAssessmentsQuery) => data.claim?.assessments;

function AssessmentItem({
  row,
  sent,
  send,
}: {
  row: AssessmentRowFragment;
  sent: Sent;
  send: Send;
}): ReactNode {
  const takeBack = useTakeBack(send);
  const rights = useRights();
  return (
    <>
      <p>
        <strong>{say.stance[row.stance]}</strong>{" "}
        {row.evidenceClaim !== null && (
          <Link to={`/claims/${row.evidenceClaim.id}`}>{row.evidenceClaim.statement}</Link>
        )}
        {row.evidenceSource !== null && (
          <Link to={`/sources/${row.evidenceSource.id}`}>{row.evidenceSource.title}</Link>
        )}
      </p>
      <p>{row.rationale}</p>
      <p className={styles.evidenceTools}>
        <span>
          {say.claim.by(row.recordedBy.name, day(row.recordedAt))}
          {row.credibility !== null && ` · ${row.credibility} – ${say.claim.scale[row.credibility - 1]}`}
        </span>
        {row.withdrawal !== null ? (
          <span>
            {say.claim.takenBack} {row.withdrawal.reason}
          </span>
        ) : row.id === sent.takenBack ? (
          <em>{say.record.leaving}</em>
        ) : (
          rights.takeBack(row.recordedBy) && (
            <Button look="quiet" onClick={() => takeBack(row.id)}>
              {say.claim.takeBack}
            </Button>
          )
        )}
      </p>
      {row.id === sent.refused?.assessment && (
        <p className={styles.orphaned} role="alert">
          {sent.refused.message}
        </p>
      )}
    </>
  );
}
