import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";
import type { SourcePageQuery } from "#generated/types.ts";
import { Button } from "../parts/button.tsx";
import { CopyLink } from "../parts/copy-link.tsx";
import { useShortcuts } from "../shell/shortcuts.tsx";
import { say } from "../strings.ts";
import { AmendSourceDialog } from "./amend.tsx";
import styles from "./page.module.css";

/** What can be done to a source as a whole. */
export function SourceTools({ source }: { source: NonNullable<SourcePageQuery["source"]> }): ReactNode {
  const [amending, setAmending] = useState(false);
  const navigate = useNavigate();
  const newest = source.newestVersion.id === source.id;
  const revise = (): void => void navigate(`/paste?revises=${source.id}`);
  useShortcuts(say.shortcuts.here, [
    { keys: "e", label: say.amend.title, run: () => setAmending(true) },
    ...(newest ? [{ keys: "v", label: say.source.revise, run: revise }] : []),
  ]);
  return (
    <>
      <p className={styles.tools}>
        <Button keys="e" onClick={() => setAmending(true)}>
          {say.amend.title}
        </Button>
        {newest && (
          <Button keys="v" onClick={revise}>
            {say.source.revise}
          </Button>
        )}
        <CopyLink path={`/sources/${source.id}`} />
      </p>
      {amending && <AmendSourceDialog source={source} onClose={() => setAmending(false)} />}
    </>
  );
}
