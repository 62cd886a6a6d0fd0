// How much one may do, so that nothing is offered that would be refused. The server decides; this only asks it.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef } from "react";
import { WhoAsks } from "#generated/documents.ts";
import type { WhoAsksQuery } from "#generated/types.ts";
import { useRead } from "./read.tsx";

export type Access = WhoAsksQuery["access"];

export interface Rights {
  /** Undefined until the server has said it: then one is taken for who may, and what is not is refused. */
  readonly access: Access | undefined;
  readonly record: boolean;
  /** Amend, retract, restrict, merge. */
  readonly amend: boolean;
  /** Withdraw or restore what was recorded by this researcher. */
  readonly takeBack: (by: { readonly id: string }) => boolean;
}

const RightsOf = createContext<Rights>(readRights(undefined));

export function useRights(): Rights {
  return useContext(RightsOf);
}

export function RightsProvider({ children }: { children: ReactNode }): ReactNode {
  const reading = useRead(WhoAsks, {});
  const access = reading.data?.access;
  const last = useRef(reading);
  last.current = reading;
  // One may have signed in in another window meanwhile.
  useEffect(() => {
    const look = (): void => {
      if (last.current.data?.access.researcher == null) last.current.refresh();
    };
    window.addEventListener("focus", look);
    return () => window.removeEventListener("focus", look);
  }, []);
  const rights = useMemo(() => readRights(access), [access]);
  return <RightsOf value={rights}>{children}</RightsOf>;
}

/** docs/security.md has what each role may. Pure. */
export function readRights(access: Access | undefined): Rights {
  const role = access?.role ?? "ADMIN";
  const record = role !== "READER";
  const amend = record && role !== "RESEARCHER";
  return { access, record, amend, takeBack: ({ id }) => amend || (record && access?.researcher?.id === id) };
}
