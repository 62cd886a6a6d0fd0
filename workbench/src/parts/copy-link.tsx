import type { ReactNode } from "react";
import { useShortcuts } from "../shell/shortcuts.tsx";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import { Button } from "./button.tsx";
import { copy } from "./copy.ts";

/** Copies the permanent address of what a page shows: without what is chosen on it. */
export function CopyLink({ path }: { path: string }): ReactNode {
  const toast = useToast();
  const run = (): void => {
    void copy(`${window.location.origin}${path}`).then(() => toast({ words: say.linkCopied }));
  };
  useShortcuts(say.shortcuts.here, [{ keys: "y", label: say.copyLink, run }]);
  return (
    <Button look="quiet" keys="y" onClick={run}>
      {say.copyLink}
    </Button>
  );
}
