// How much one may do, so that nothing is offered that would be refused. The server decides; this only asks it, when
// the page opens and whenever it may have changed since.
import { createContext, type ReactNode, useContext, useEffect, useMemo, useRef, useState } from "react";
import { useClient } from "urql";
import { WhoAsks } from "#generated/documents.ts";
import type { Role, WhoAsksQuery } from "#generated/types.ts";
import { isKnown, refused, rightsChanged, setKnown } from "./signals.ts";
import { isUnknown } from "./unknown.ts";

export type Access = WhoAsksQuery["access"];

interface Rights {
  /** Undefined until the server has said it: then one is taken for who may, and what is not is refused. */
  readonly access: Access | undefined;
  readonly record: boolean;
  /** Amend, retract, restrict, merge. */
  readonly amend: boolean;
  /** Withdraw or restore what was recorded by this researcher. */
  readonly takeBack: (by: { readonly id: string }) => boolean;
  /** What one had in this page, and has not any more. */
  readonly lost: Lost | undefined;
  /** One goes on with what is left. */
  readonly accept: () => void;
}

/** One is not signed in any more, or in a role that may less. */
type Lost = "NAME" | "ROLE";

const RANKS: Record<Role, number> = { READER: 1, RESEARCHER: 2, EDITOR: 3, ADMIN: 4 };
/** Of whom the server knows nothing, and answers nothing. */
const NOBODY: Access = { __typename: "Access", role: "READER", researcher: null };
const LOOK_MS = 60_000;

const RightsOf = createContext<Rights>({
  ...readRights(undefined),
  lost: undefined,
  accept: () => undefined,
});

export function useRights(): Rights {
  return useContext(RightsOf);
}

export function RightsProvider({ children }: { children: ReactNode }): ReactNode {
  const access = useAccess();
  const [most, setMost] = useState<Access | undefined>(undefined);
  useChange(access);
  const lost = findLost(most, access);
  useEffect(() => {
    if (access !== undefined && lost === undefined) setMost(access);
  }, [access, lost]);
  const rights = useMemo(
    () => ({ ...readRights(access), lost, accept: () => setMost(access) }),
    [access, lost],
  );
  return <RightsOf value={rights}>{children}</RightsOf>;
}

/**
 * What the server said last of who asks, and what they may. It is asked again when one comes back from another window;
 * and while one is known, after a refusal and once a minute.
 */
function useAccess(): Access | undefined {
  const client = useClient();
  const [access, setAccess] = useState<Access | undefined>(undefined);
  useEffect(() => {
    // What began before rights changed is answered with the old ones. So a look ends the one before it: urql would
    // give one answer to both.
    let end = (): void => undefined;
    const look = (): void => {
      end();
      const asked = client.query(WhoAsks, {}, { requestPolicy: "network-only" });
      end = asked.subscribe(({ data, error }) => {
        const answer = isUnknown(error) ? NOBODY : data?.access;
        if (answer === undefined) return;
        setKnown(answer !== NOBODY);
        setAccess((before) => (spell(before) === spell(answer) ? before : answer));
      }).unsubscribe;
    };
    const lookKnown = (): void => {
      if (isKnown() && document.visibilityState === "visible") look();
    };
    look();
    const leave = refused.listen(lookKnown);
    const timer = window.setInterval(lookKnown, LOOK_MS);
    window.addEventListener("focus", look);
    window.addEventListener("online", look);
    return () => {
      end();
      leave();
      window.clearInterval(timer);
      window.removeEventListener("focus", look);
      window.removeEventListener("online", look);
    };
  }, [client]);
  return access;
}

/** Who reads without a name has the rights of nobody, but is answered. */
function spell(access: Access | undefined): string | undefined {
  return access && JSON.stringify([access === NOBODY, access.role, access.researcher]);
}

/** What is shown is asked for again where one may other things than before, if only it is answered. */
function useChange(access: Access | undefined): void {
  const known = spell(access);
  const before = useRef(known);
  useEffect(() => {
    if (known === undefined || known === before.current) return;
    if (before.current !== undefined && access !== NOBODY) rightsChanged.announce();
    before.current = known;
  }, [known, access]);
}

/** What is lacking of the most that one had. Pure. */
export function findLost(most: Access | undefined, access: Access | undefined): Lost | undefined {
  if (most === undefined || access === undefined) return undefined;
  if (access.researcher === null) return most.researcher === null ? undefined : "NAME";
  return RANKS[access.role] < RANKS[most.role] ? "ROLE" : undefined;
}

/** docs/security.md has what each role may. Pure. */
export function readRights(
  access: Access | undefined,
): Pick<Rights, "access" | "record" | "amend" | "takeBack"> {
  const role = access?.role ?? "ADMIN";
  const record = role !== "READER";
  const amend = record && role !== "RESEARCHER";
  return { access, record, amend, takeBack: ({ id }) => amend || (record && access?.researcher?.id === id) };
}

/** Whether a form is shown: one that was begun by who may outlives the right to it. */
export function useOutlives(begun: boolean, may: boolean): boolean {
  const { access } = useRights();
  const [held, setHeld] = useState(false);
  useEffect(() => {
    if (!begun) setHeld(false);
    else if (may && access !== undefined) setHeld(true);
  }, [begun, may, access]);
  return begun && (may || held);
}
