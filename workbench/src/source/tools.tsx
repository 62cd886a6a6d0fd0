import { type ReactNode, useState } from "react";
import { useNavigate } from "react-router";
import type { SourcePageQuery } from "#generated/types.ts";
import { useRights } from "../data/rights.tsx";
import { CopyLink } from "../parts/copy-link.tsx";
import { Tools } from "../shell/tools.tsx";
import { say } from "../strings.ts";
import { AmendSourceDialog } from "./amend.tsx";

/** What can be done to a source as a whole. */
export function SourceTools({ source }: { source: NonNullable<SourcePageQuery["source"]> }): ReactNode {
  const [amending, setAmending] = useState(false);
  const navigate = useNavigate();
  const newest = source.newestVersion.id === source.id;
  const revise = (): void => void navigate(`/paste?revises=${source.id}`);
  const { record, amend } = useRights();
  return (
    <>
      <Tools
        tools={[
          { keys: "e", label: say.amend.title, run: () => setAmending(true), offered: amend },
          { keys: "v", label: say.source.revise, run: revise, offered: record && newest },
        ]}
      >
        <CopyLink path={`/sources/${source.id}`} />
      </Tools>
      {amending && <AmendSourceDialog source={source} onClose={() => setAmending(false)} />}
    </>
  );
}
