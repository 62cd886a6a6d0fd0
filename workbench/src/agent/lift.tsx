// What was restricted when an agent was protected stays so when that is undone: it is shown, and can be lifted.
import { type ReactNode, useState } from "react";
import { AmendClaim, AmendSource, RestrictedRows } from "#generated/documents.ts";
import type { RestrictedRowsQuery } from "#generated/types.ts";
import { Answer, useRead } from "../data/read.tsx";
import { useWrite } from "../data/write.ts";
import { FormDialog } from "../parts/form-dialog.tsx";
import { PlaceLink } from "../parts/problem.tsx";
import { useToast } from "../shell/toast.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";

type Row = Extract<RestrictedRowsQuery["nodes"][number], { restricted: boolean }>;

/** So many are asked for at once: as many as the API answers. */
const MOST = 100;

export function LiftDialog({ ids, onClose }: { ids: readonly string[]; onClose: () => void }): ReactNode {
  const [left, setLeft] = useState(ids);
  const reading = useRead(RestrictedRows, { ids: left.slice(0, MOST) });
  return (
    <Answer reading={reading}>
      {({ nodes }) => (
        <Lifting
          rows={nodes.filter((node): node is Row => node !== null && "restricted" in node && node.restricted)}
          more={Math.max(0, left.length - MOST)}
          onDone={(stayed) => {
            const rest = left.slice(MOST);
            if (rest.length > 0) setLeft([...rest, ...stayed]);
            else if (stayed.length === 0) onClose();
          }}
          onClose={onClose}
        />
      )}
    </Answer>
  );
}

function Lifting({
  rows,
  more,
  onDone,
  onClose,
}: {
  rows: readonly Row[];
  /** How many there are besides. */
  more: number;
  /** With the ids of those that stay restricted. */
  onDone: (stayed: readonly string[]) => void;
  onClose: () => void;
}): ReactNode {
  const sources = useWrite(AmendSource);
  const claims = useWrite(AmendClaim);
  const [busy, setBusy] = useState(false);
  const [stayed, setStayed] = useState<ReadonlyMap<string, string>>(new Map());
  const toast = useToast();
  const lift = async (): Promise<void> => {
    setBusy(true);
    const refused = new Map<string, string>();
    for (const { __typename: type, id, version: expectedVersion } of rows) {
      const change = { expectedVersion, restricted: false, reason: say.standing.liftReason };
      const written =
        type === "Claim"
          ? await claims.run({ input: { claim: id, ...change } })
          : await sources.run({ input: { source: id, ...change } });
      if (!written.done) refused.set(id, written.refusal.message);
    }
    setBusy(false);
    setStayed(refused);
    if (rows.length > 0) toast({ words: say.standing.lifted(rows.length - refused.size) });
    onDone([...refused.keys()]);
  };
  return (
    <FormDialog
      title={say.standing.still}
      save={say.standing.lift}
      busy={busy}
      disabled={rows.length === 0 && more === 0}
      onSubmit={lift}
      onClose={onClose}
    >
      <p>{rows.length === 0 && more === 0 ? say.standing.none : say.standing.stillWords}</p>
      <ul className={styles.standing}>
        {rows.map((row) => (
          <li key={row.id}>
            <PlaceLink
              place={{ row: row.id, path: [], start: 0, end: 0 }}
              title={row.__typename === "Claim" ? row.statement : row.title}
            />{" "}
            {stayed.has(row.id) && <span role="alert">{stayed.get(row.id)}</span>}
          </li>
        ))}
      </ul>
      {more > 0 && <p>{say.andMore(more)}</p>}
    </FormDialog>
  );
}
