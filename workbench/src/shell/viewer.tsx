// Who one is here, what one may do, and the way out.
import { type ReactNode, useRef } from "react";
import { useRights } from "../data/rights.tsx";
import { Button } from "../parts/button.tsx";
import { say } from "../strings.ts";
import { useToast } from "./toast.tsx";
import styles from "./viewer.module.css";

export function ViewerMenu(): ReactNode {
  const { access } = useRights();
  const menu = useRef<HTMLDetailsElement>(null);
  const toast = useToast();
  if (access === undefined) return null;
  // The server's own page: whoever reads without an account may have one all the same.
  if (access.researcher === null) return <a href="/sign-in">{say.signIn}</a>;
  const { role } = access;
  const { name } = access.researcher;
  const signOut = async (): Promise<void> => {
    const answer = await fetch("/sign-out", { method: "POST" }).catch(() => undefined);
    if (answer?.ok === true) window.location.assign("/sign-in");
    else toast({ words: say.notSignedOut, stays: true });
  };
  return (
    <details
      ref={menu}
      className={styles.menu}
      onBlur={({ currentTarget, relatedTarget }) => {
        if (!currentTarget.contains(relatedTarget)) currentTarget.open = false;
      }}
      onKeyDown={(event) => {
        const { key, currentTarget } = event;
        if (key !== "Escape" || !currentTarget.open) return;
        event.preventDefault();
        currentTarget.open = false;
        currentTarget.querySelector("summary")?.focus();
      }}
    >
      <summary title={say.researcher(name)}>{name}</summary>
      <div className={styles.content}>
        <p>
          <strong>{name}</strong> · {say.role[role]}
        </p>
        <p className={styles.muted}>{say.roleWords[role]}</p>
        <Button onClick={() => void signOut()}>{say.signOut}</Button>
      </div>
    </details>
  );
}
