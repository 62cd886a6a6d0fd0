// Pages of a list: where one is stands in the address.
import type { ReactNode, RefCallback } from "react";
import { useSearchParams } from "react-router";
import { useAddress } from "../shell/address.ts";
import { useShortcuts } from "../shell/shortcuts.tsx";
import { say } from "../strings.ts";
import { Button } from "./button.tsx";
import { useGoingOn } from "./going-on.ts";
import styles from "./paging.module.css";

export interface Pages {
  /** The cursor after which the list goes on; null at its beginning. */
  readonly after: string | null;
  /** Another is asked for, by what has the focus. */
  readonly ask: () => void;
  /** Of the item at an index: the focus goes to the first of a page that was asked for. */
  readonly refAt: (index: number) => RefCallback<HTMLElement> | undefined;
}

/** For what stays while one page takes the place of another. */
export function usePages(): Pages {
  const after = useSearchParams()[0].get("after");
  const { ask, came } = useGoingOn({ elsewhere: true });
  return { after, ask, refAt: (index) => (index === 0 ? came : undefined) };
}

export function Paging({
  pages,
  pageInfo: { hasNextPage, endCursor },
  of = {},
}: {
  pages: Pages;
  pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  /** Which list it is, for the address, which need not say so at its beginning. */
  of?: Readonly<Record<string, string>>;
}): ReactNode {
  const [parameters, setParameters] = useAddress();
  const begun = pages.after !== null;
  const turn = (cursor: string | null): void => {
    const next = new URLSearchParams({ ...Object.fromEntries(parameters), ...of });
    if (cursor === null) next.delete("after");
    else next.set("after", cursor);
    pages.ask();
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
