// A question: what every origin said, when, on one axis; and who really stands behind an answer.
import { type ReactNode, useMemo, useState } from "react";
import { Link, useParams } from "react-router";
import { QuestionPage as QuestionPageDocument } from "#generated/documents.ts";
import { Live } from "../data/live.tsx";
import { useRead } from "../data/read.tsx";
import { useRights } from "../data/rights.tsx";
import { MergedNotice } from "../merging/notice.tsx";
import { CopyLink } from "../parts/copy-link.tsx";
import { LiveState } from "../parts/live-state.tsx";
import { Notice } from "../parts/notice.tsx";
import { writeBounds } from "../parts/quantity.ts";
import { useAddress } from "../shell/address.ts";
import { Found } from "../shell/found.tsx";
import { Page } from "../shell/shell.tsx";
import { useShortcuts } from "../shell/shortcuts.tsx";
import { Tools } from "../shell/tools.tsx";
import { say } from "../strings.ts";
import { AmendQuestionDialog } from "./amend.tsx";
import { type AnswerOf, type Comparison, groupAnswers, type Question, strongest } from "./answers.ts";
import { Chart } from "./chart.tsx";
import { useOrigins } from "./comparison.ts";
import { Lines } from "./lines.tsx";
import { MergeQuestionDialog, useUnmergeQuestion } from "./merge.tsx";
import styles from "./page.module.css";
import { RecordDialog } from "./record.tsx";
import { Sides } from "./sides.tsx";

const ANSWERS = "answers";

export function QuestionPage(): ReactNode {
  const { id = "" } = useParams();
  const reading = useRead(QuestionPageDocument, { id });
  return (
    <Found
      id={id}
      reading={reading}
      pick={({ question, compare }) => question && compare && { question, compare }}
    >
      {({ question, compare }) => (
        <Page title={question.text}>
          <Live filter={{ question: [question.id] }} onChange={reading.refresh}>
            <QuestionBody
              key={question.id}
              question={question}
              comparison={compare}
              onRefresh={reading.refresh}
            />
          </Live>
        </Page>
      )}
    </Found>
  );
}

function QuestionBody({
  question,
  comparison,
  onRefresh,
}: {
  question: Question;
  comparison: Comparison;
  onRefresh: () => void;
}): ReactNode {
  const [parameters, setParameters] = useAddress();
  const { origins: compared, state } = useOrigins(question.id, comparison.origins);
  const origins = useMemo(() => groupAnswers(compared), [compared]);
  const answers = useMemo(() => origins.flatMap((origin) => origin.answers), [origins]);
  const claims = useMemo(
    () => new Set(answers.flatMap(({ positions }) => positions.map(({ claim }) => claim.id))).size,
    [answers],
  );
  const asked = parameters.get("claim");
  const chosen = useMemo(
    () =>
      answers.find(({ positions }) => asked !== null && positions.some(({ claim }) => claim.id === asked)),
    [answers, asked],
  );
  const best = useMemo(() => bestOf(answers), [answers]);
  const choose = (answer: AnswerOf | undefined): void =>
    setParameters(answer === undefined ? {} : { claim: answer.claim.id }, {
      replace: true,
      preventScrollReset: true,
    });
  const step = (by: 1 | -1): void => {
    const from = answers.findIndex(({ key }) => key === chosen?.key);
    const at = from === -1 ? (by === 1 ? -1 : 1) : from;
    choose(answers[Math.min(Math.max(at + by, 0), answers.length - 1)]);
    document.querySelector<HTMLElement>(`#${ANSWERS} [aria-expanded="true"]`)?.focus();
  };
  useShortcuts(say.shortcuts.here, [
    { keys: "j", label: say.question.next, run: () => step(1) },
    { keys: "k", label: say.question.previous, run: () => step(-1) },
  ]);
  const [open, setOpen] = useState<"amend" | "merge" | "record" | undefined>(undefined);
  const unmerge = useUnmergeQuestion(question.id);
  const { record, amend } = useRights();
  const shown = chosen?.claim ?? best;
  const toggle = (answer: AnswerOf): void => choose(answer === chosen ? undefined : answer);
  return (
    <>
      <Head
        question={question}
        standing={comparison.standing}
        origins={origins.filter(({ origin }) => origin !== null).length}
        claims={claims}
      />
      {state === "loading" && <p role="status">{say.question.loading}</p>}
      {state === "failed" && (
        <Notice tone="danger" title={say.question.partly} action={{ label: say.tryAgain, run: onRefresh }} />
      )}
      {question.mergedInto !== null && (
        <MergedNotice
          id={question.id}
          into={{ id: question.mergedInto.id, name: question.mergedInto.text }}
          address={`/questions/${question.mergedInto.id}`}
          onUnmerge={() => unmerge(say.merge.unmergeReason)}
        />
      )}
      <Tools
        tools={[
          {
            keys: "c",
            label: say.question.record,
            run: () => setOpen("record"),
            look: claims === 0 ? "main" : "plain",
            offered: record,
          },
          { keys: "e", label: say.amend.title, run: () => setOpen("amend"), offered: amend },
          {
            keys: "m",
            label: say.merge.title,
            run: () => setOpen("merge"),
            offered: amend && question.mergedInto === null,
          },
        ]}
      >
        <CopyLink path={`/questions/${question.id}`} />
      </Tools>
      {claims === 0 ? (
        <Notice title={say.question.nothing}>{say.question.nothingWords[question.kind]}</Notice>
      ) : (
        <>
          {shown !== undefined && <Lines claim={shown.id} />}
          <div id={ANSWERS}>
            {question.kind === "QUANTITY" ? (
              <Chart
                origins={origins}
                standing={comparison.standing}
                chosen={chosen?.key}
                onChoose={toggle}
              />
            ) : (
              <Sides kind={question.kind} origins={origins} chosen={chosen?.key} onChoose={toggle} />
            )}
          </div>
        </>
      )}
      {open === "amend" && <AmendQuestionDialog question={question} onClose={() => setOpen(undefined)} />}
      {open === "merge" && <MergeQuestionDialog question={question} onClose={() => setOpen(undefined)} />}
      {open === "record" && <RecordDialog question={question.id} onClose={() => setOpen(undefined)} />}
    </>
  );
}

/** What the page shows before an answer is chosen: of those that still count, the strongest. */
function bestOf(answers: readonly AnswerOf[]): AnswerOf["claim"] | undefined {
  const live = answers.filter((answer) => answer.live);
  return strongest((live.length > 0 ? live : answers).map(({ claim }) => claim));
}

function Head({
  question,
  standing,
  origins,
  claims,
}: {
  question: Question;
  standing: Comparison["standing"];
  origins: number;
  claims: number;
}): ReactNode {
  const { event } = question;
  return (
    <header className={styles.head}>
      {event !== null && (
        <p className={styles.muted}>
          <Link to={`/events/${event.id}`}>{event.title}</Link>
          {[event.startsOn, event.place].filter(Boolean).map((words) => ` · ${words}`)}
        </p>
      )}
      <h1>{question.text}</h1>
      <div className={styles.figures}>
        <p>
          {say.claims(claims)} · {say.question.origins(origins)}
        </p>
        <LiveState />
      </div>
      {standing !== null && (
        <p className={styles.standing}>
          <span className={styles.muted}>{say.question.standing}</span>{" "}
          <strong>
            {writeBounds(standing)} {question.counted}
          </strong>
        </p>
      )}
    </header>
  );
}
