// The question that one came from to mark an answer: it stands in the address, from page to page.
import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import { AskedQuestion } from "#generated/documents.ts";
import { useRead } from "../data/read.tsx";
import { Button } from "../parts/button.tsx";
import { useAddress } from "../shell/address.ts";
import { say } from "../strings.ts";
import type { ClaimDraft } from "./draft.ts";
import styles from "./form.module.css";

const PARAMETER = "question";

/** The address with the question to be answered there. */
export function answerTo(question: string | null, address: string): string {
  return question === null ? address : `${address}?${PARAMETER}=${question}`;
}

/** The id of the question, null if there is none. */
export function useAskedId(): string | null {
  return useSearchParams()[0].get(PARAMETER);
}

export function useAsked(): ClaimDraft["question"] {
  const id = useAskedId();
  const { data } = useRead(AskedQuestion, { id: id ?? "" }, { pause: id === null });
  return id === null ? null : (data?.question ?? null);
}

/** The other parameters of an address, and the question that is to be kept there. */
export function keepAsked(
  parameters: URLSearchParams,
  others: Record<string, string>,
): Record<string, string> {
  const id = parameters.get(PARAMETER);
  return id === null ? others : { [PARAMETER]: id, ...others };
}

/** What one is about to answer, and a way to leave it. */
export function AskedNotice(): ReactNode {
  const question = useAsked();
  const [parameters, setParameters] = useAddress();
  if (question === null) return null;
  const leave = (): void => {
    const left = new URLSearchParams(parameters);
    left.delete(PARAMETER);
    setParameters(left, { replace: true, preventScrollReset: true });
  };
  return (
    <p className={styles.asked}>
      {say.question.for} <Link to={`/questions/${question.id}`}>{question.text}</Link>{" "}
      <Button look="quiet" onClick={leave}>
        {say.question.leave}
      </Button>
    </p>
  );
}
