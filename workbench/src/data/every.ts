// A whole list, page after page, shown as it grows; asked for again after something was recorded.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useEffect, useState, useSyncExternalStore } from "react";
import { type AnyVariables, useClient } from "urql";
import { useBeat } from "./live.tsx";
import { rightsChanged, written } from "./signals.ts";

interface Page<Node> {
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly node: Node }[];
}

interface Every<Node> {
  readonly nodes: readonly Node[];
  /** All of them are there. */
  readonly complete: boolean;
}

/** `pick` has to be the same function at each render. Nothing is asked for while it is paused. */
export function useEvery<Data, Node, Variables extends AnyVariables & { id: string }>(
  document: TypedDocumentNode<Data, Variables & { after?: string | null | undefined }>,
  id: string,
  pick: (data: Data) => Page<Node> | undefined,
  { pause = false }: { pause?: boolean } = {},
): Every<Node> {
  const client = useClient();
  const writes = useSyncExternalStore(written.listen, written.count);
  const rights = useSyncExternalStore(rightsChanged.listen, rightsChanged.count);
  const { count } = useBeat();
  const [found, setFound] = useState<Every<Node> & { of: string }>({ nodes: [], complete: false, of: id });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a write is a reason to ask again, here or elsewhere, and so are other rights.
  useEffect(() => {
    if (pause) return undefined;
    let wanted = true;
    const load = async (): Promise<void> => {
      const nodes: Node[] = [];
      let after: string | null = null;
      do {
        const result: { data?: Data | undefined } = await client
          .query(
            document as TypedDocumentNode<Data, AnyVariables>,
            { id, after },
            { requestPolicy: "network-only" },
          )
          .toPromise();
        const page: Page<Node> | undefined = result.data === undefined ? undefined : pick(result.data);
        if (!wanted || page === undefined) return;
        nodes.push(...page.edges.map((edge) => edge.node));
        after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
        // What was shown stays until all that replaces it is there.
        setFound((before) =>
          after !== null && before.of === id && before.nodes.length > nodes.length
            ? before
            : { nodes: [...nodes], complete: after === null, of: id },
        );
      } while (after !== null);
    };
    void load();
    return () => {
      wanted = false;
    };
  }, [client, document, id, pick, pause, writes, rights, count]);
  return found.of === id ? found : { nodes: [], complete: false };
}
