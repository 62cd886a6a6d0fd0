// Rights that one had when the page was opened, and has not any more: what that means, and the way on.
import type { ReactNode } from "react";
import { hasDrafts } from "../data/drafts.ts";
import { useRights } from "../data/rights.tsx";
import { say } from "../strings.ts";
import { Button } from "./button.tsx";
import styles from "./lost.module.css";

/** Told beneath the top of the page until one has them again, or goes on without. */
export function LostRights(): ReactNode {
  const { lost, accept } = useRights();
  return (
    <div role="status">
      {lost !== undefined && (
        <div className={styles.lost}>
          <p>
            <LostWords /> {hasDrafts() && say.lost.kept}
          </p>
          <Button look="quiet" onClick={accept}>
            {say.dismiss}
          </Button>
        </div>
      )}
    </div>
  );
}

/** In a form that is open: it can be finished, and sent once one has them again. */
export function LostInForm(): ReactNode {
  const { lost } = useRights();
  if (lost === undefined) return null;
  return (
    <p role="alert" className={styles.words}>
      <LostWords /> {say.lost.form}
    </p>
  );
}

/** What is lacking, and where it can be had. */
export function LostWords(): ReactNode {
  const { lost, access } = useRights();
  if (lost === undefined || access === undefined) return null;
  if (lost === "ROLE") return say.lost.role(say.role[access.role]);
  return (
    <>
      {say.lost.name}{" "}
      <a href="/sign-in" target="_blank" rel="noreferrer">
        {say.signInBeside}
      </a>
    </>
  );
}
