import type { ReactNode } from "react";
import { Button } from "../parts/button.tsx";
import { say } from "../strings.ts";
import { useShortcuts } from "./shortcuts.tsx";
import styles from "./tools.module.css";

interface Tool {
  readonly keys: string;
  readonly label: string;
  readonly run: () => void;
  readonly look?: "main" | "plain";
  /** Whether there is something to do, and one may do it. */
  readonly offered: boolean;
}

/** What can be done to what a page shows, each by a button and by its key. */
export function Tools({ tools, children }: { tools: readonly Tool[]; children?: ReactNode }): ReactNode {
  const offered = tools.filter((tool) => tool.offered);
  useShortcuts(say.shortcuts.here, offered);
  return (
    <p className={styles.tools}>
      {offered.map(({ keys, label, run, look }) => (
        <Button key={keys} keys={keys} look={look ?? "plain"} onClick={() => run()}>
          {label}
        </Button>
      ))}
      {children}
    </p>
  );
}
