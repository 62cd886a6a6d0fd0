// Why nothing was done, in words: beside the field each concerns, and as a whole beneath the form.
import { Fragment, type ReactNode, useContext, useLayoutEffect, useRef, useState } from "react";
import { Link } from "react-router";
import { type Access, findLost, useRights } from "../data/rights.tsx";
import type { NamedPlace, Refusal } from "../data/write.ts";
import { say } from "../strings.ts";
import { around, wordsAt } from "../text/named.ts";
import { type Problem, tell, tellAt } from "../text/problems.ts";
import { Button } from "./button.tsx";
import { FieldLabel } from "./field.tsx";
import { LostWords } from "./lost.tsx";
import styles from "./problem.module.css";

/** The words that concern the field at `path` of the input: "quantity.text". Names are marked where they stand. */
export function problemAt(refusal: Refusal | undefined, path: string): ReactNode {
  const told = refusal?.problems?.find((problem) => keyOf(problem) === path)?.message;
  const named = (refusal?.places ?? []).filter(({ path: at, row }) => row === null && at.join(".") === path);
  if (told !== undefined) return <AtField path={path} message={told} />;
  if (refusal === undefined || named.length === 0) return undefined;
  return (
    <>
      {say.named.here}{" "}
      {named.map((place) => (
        <Marked key={place.start} place={place} words={wordsAt(refusal.sent, place.path)} />
      ))}
    </>
  );
}

/** A problem of the part of the input at `path`, at its field. `message` is the API's, `children` are words of ours. */
export function AtField({
  path,
  message = "",
  children,
}: {
  path: string;
  message?: string;
  children?: ReactNode;
}): ReactNode {
  const label = useContext(FieldLabel);
  return <span data-problem={path}>{children ?? tellAt(label, message)}</span>;
}

/** A name, marked among the words that it stands in; nothing where those are not known. */
function Marked({
  place,
  words,
}: {
  place: Pick<NamedPlace, "start" | "end">;
  words: string | undefined;
}): ReactNode {
  if (words === undefined) return null;
  const { before, name, after } = around(words, place);
  return (
    <q className={styles.words} dir="auto">
      {before}
      <mark>{name}</mark>
      {after}
    </q>
  );
}

/** What can be done about names that are refused: have outsiders see nothing of it. */
export interface Restricting {
  readonly label: string;
  /** It was chosen, and what was refused can be sent again. */
  readonly chosen: boolean;
  /** Undefined for who may not: it takes an editor. */
  readonly run: (() => void) | undefined;
  readonly busy?: boolean;
}

export function Refused({
  refusal,
  restricting,
  children,
}: {
  refusal: Refusal | undefined;
  restricting?: Restricting | undefined;
  children?: ReactNode;
}): ReactNode {
  if (refusal === undefined) return null;
  if (refusal.type === "NotPermitted") return <NotPermitted refusal={refusal} />;
  if (refusal.problems !== undefined) return <Invalid refusal={refusal} problems={refusal.problems} />;
  if (refusal.type !== "ProtectedName") {
    return (
      <p className={styles.refusal} role="alert">
        {refusal.message} {refusal.hint} {children}
      </p>
    );
  }
  const standing = (refusal.places ?? []).filter(({ row }) => row !== null);
  return (
    <div className={styles.named} role="alert">
      <p className={styles.refusal}>{say.named.refused(refusal.total ?? 0)}</p>
      <p>{wayOut(restricting)}</p>
      {standing.length > 0 && (
        <ul>
          {standing.map((place) => (
            <li key={`${place.row} ${place.path.join(".")} ${place.start}`}>
              <PlaceLink place={place} />
            </li>
          ))}
        </ul>
      )}
      {restricting !== undefined && (
        <p>
          {restricting.chosen
            ? say.named.chosen
            : restricting.run !== undefined && (
                <Button aria-busy={restricting.busy} onClick={restricting.run}>
                  {restricting.label}
                </Button>
              )}
        </p>
      )}
    </div>
  );
}

function wayOut(restricting: Restricting | undefined): string {
  if (restricting === undefined) return say.named.reword;
  return restricting.chosen || restricting.run !== undefined
    ? say.named.rewordOrRestrict
    : say.named.rewordOrAsk;
}

function keyOf({ path }: Problem): string {
  return path.join(".");
}

/** Where a problem is not seen. The dialog around it may be out of sight as yet: it comes with what was refused. */
const FOLDED = "details:not([open])";

/** What is told at its field is not told again; the rest is. */
function Invalid({ refusal, problems }: { refusal: Refusal; problems: readonly Problem[] }): ReactNode {
  const words = useRef<HTMLParagraphElement>(null);
  const [left, setLeft] = useState(problems);
  useLayoutEffect(() => {
    const shown = [...(words.current?.closest("form")?.querySelectorAll<HTMLElement>("[data-problem]") ?? [])]
      .filter((at) => at.closest(FOLDED) === null)
      .map((at) => at.dataset.problem);
    setLeft(problems.filter((problem) => !shown.includes(keyOf(problem))));
  }, [problems]);
  return (
    <p ref={words} className={styles.refusal} role="alert">
      {left.length < problems.length ? say.problem.marked : say.problem.none} {left.map(tell).join(" ")}{" "}
      {refusal.hint}
    </p>
  );
}

/** Until one has the right again, which is lacking; then, that it can be sent. */
function NotPermitted({ refusal }: { refusal: Refusal }): ReactNode {
  const { lost, access } = useRights();
  const lacked = useRef<Access>(undefined);
  if (lost !== undefined) lacked.current = access;
  const regained = lacked.current !== undefined && findLost(access, lacked.current) !== undefined;
  return (
    <p className={styles.refusal} role="alert">
      {lost !== undefined ? (
        <>
          {say.lost.refused} <LostWords />
        </>
      ) : regained ? (
        say.lost.again
      ) : (
        refusal.message
      )}
    </p>
  );
}

const PAGES: Readonly<Record<string, string>> = {
  source: "sources",
  claim: "claims",
  agent: "agents",
  event: "events",
  question: "questions",
};

/** Where a name stands in what is recorded: the page of it, if it has one, and the field. */
export function PlaceLink({ place, title }: { place: NamedPlace; title?: string | undefined }): ReactNode {
  const type = place.row?.split("_")[0] ?? "";
  const page = PAGES[type];
  const label = title ?? say.named.row(type);
  return (
    <Fragment>
      {page === undefined ? label : <Link to={`/${page}/${place.row}`}>{label}</Link>}{" "}
      {place.path.length > 0 && <span className={styles.field}>{say.named.field(place.path)}</span>}
    </Fragment>
  );
}
