import type { ReactNode } from "react";
import { POLL_MS, useBeat } from "../data/live.tsx";
import { say } from "../strings.ts";
import styles from "./live-state.module.css";

/** Whether what is shown follows what others record, and how. */
export function LiveState(): ReactNode {
  const { state } = useBeat();
  return (
    <p
      role="status"
      className={styles.state}
      data-state={state}
      title={say.live.words[state](POLL_MS / 1000)}
    >
      {say.live.state[state](POLL_MS / 1000)}
    </p>
  );
}
