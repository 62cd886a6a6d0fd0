import type { ReactNode } from "react";
import { Link } from "react-router";
import { Button } from "../parts/button.tsx";
import { say } from "../strings.ts";
import styles from "./dialog.module.css";
import type { Other } from "./dialog.tsx";

/** What stands in place of tools where the one that is shown was merged into another. */
export function MergedNotice({
  into,
  address,
  onUnmerge,
}: {
  into: Other;
  address: string;
  onUnmerge: () => void;
}): ReactNode {
  return (
    <p className={styles.merged}>
      {say.merge.into} <Link to={address}>{into.name}</Link>{" "}
      <Button onClick={onUnmerge}>{say.merge.unmerge}</Button>
    </p>
  );
}
