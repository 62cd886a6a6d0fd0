import type { ReactNode } from "react";
import { Link } from "react-router";
import { MergeReason } from "#generated/documents.ts";
import { useRead } from "../data/read.tsx";
import { useRights } from "../data/rights.tsx";
import { Button } from "../parts/button.tsx";
import { day } from "../parts/moment.ts";
import { say } from "../strings.ts";
import styles from "./dialog.module.css";
import type { Other } from "./dialog.tsx";
import { findMerge } from "./reason.ts";

/** What stands in place of tools where the one that is shown was merged into another, by whom and why. */
export function MergedNotice({
  id,
  into,
  address,
  onUnmerge,
}: {
  /** Of the one that is shown. */
  id: string;
  into: Other;
  address: string;
  onUnmerge: () => void;
}): ReactNode {
  const { amend } = useRights();
  const node = useRead(MergeReason, { id }).data?.node;
  const merge = node != null && "history" in node ? findMerge(node.history.edges) : undefined;
  return (
    <div className={styles.merged}>
      <p>
        {say.merge.into} <Link to={address}>{into.name}</Link>
        {merge !== undefined && ` ${say.claim.by(merge.actor?.name ?? say.claim.pastTheApi, day(merge.at))}`}
        {merge !== undefined && merge.reason !== null && `: ${merge.reason}`}
      </p>
      {amend && <Button onClick={onUnmerge}>{say.merge.unmerge}</Button>}
    </div>
  );
}
