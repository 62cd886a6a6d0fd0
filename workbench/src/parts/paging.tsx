// Pages of a list: where one is stands in the address.
import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import { useAddress } from "../shell/address.ts";
import { useShortcuts } from "../shell/shortcuts.tsx";
import { say } from "../strings.ts";
import { Button } from "./button.tsx";
import styles from "./paging.module.css";

/** The cursor after which the list goes on; null at its beginning. */
export function useCursor(): string | null {
  return useSearchParams()[0].get("after");
}

export function Paging({
  pageInfo: { hasNextPage, endCursor },
  of = {},
}: {
  pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  /** Which list it is, for the address, which need not say so at its beginning. */
  of?: Readonly<Record<string, string>>;
}): ReactNode {
  const [parameters, setParameters] = useAddress();
  const begun = parameters.has("after");
  const turn = (cursor: string | null): void => {
    const next = new URLSearchParams({ ...Object.fromEntries(parameters), ...of });
    if (cursor === null) next.delete("after");
    else next.set("after", cursor);
    setParameters(next);
  };
  useShortcuts(say.shortcuts.here, [
    ...(hasNextPage ? [{ keys: "n", label: say.search.next, run: () => turn(endCursor) }] : []),
    ...(begun ? [{ keys: "b", label: say.search.first, run: () => turn(null) }] : []),
  ]);
  return (
    <p className={styles.pages}>
      {begun && (
        <Button keys="b" onClick={() => turn(null)}>
          {say.search.first}
        </Button>
      )}
      {hasNextPage && (
        <Button keys="n" onClick={() => turn(endCursor)}>
          {say.search.next}
        </Button>
      )}
    </p>
  );
}
