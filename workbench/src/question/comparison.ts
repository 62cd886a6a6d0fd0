// Every origin's claims. The first page of them comes with the question; what is left is asked for behind it.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { useEffect, useMemo, useState } from "react";
import { type AnyVariables, type Client, useClient } from "urql";
import { MoreOrigins, MorePositions } from "#generated/documents.ts";
import type { OriginPageFragment, PositionPageFragment } from "#generated/types.ts";
import { keyOfOrigin, type OriginPositions, type Position } from "./answers.ts";

type Edge = OriginPageFragment["edges"][number];

interface Origins {
  readonly origins: readonly OriginPositions[];
  readonly state: "whole" | "loading" | "failed";
}

interface Loaded {
  readonly first: OriginPageFragment;
  readonly origins: readonly OriginPositions[] | undefined;
}

/** What was shown stays until all that replaces it is there. `first` is another object when it was asked for again. */
export function useOrigins(id: string, first: OriginPageFragment): Origins {
  const client = useClient();
  const [loaded, setLoaded] = useState<Loaded>({ first, origins: undefined });
  const [failed, setFailed] = useState<OriginPageFragment>();
  useEffect(() => {
    if (isWhole(first)) return undefined;
    let wanted = true;
    loadOrigins(client, id, first).then(
      (origins) => wanted && setLoaded({ first, origins }),
      () => wanted && setFailed(first),
    );
    return () => {
      wanted = false;
    };
  }, [client, id, first]);
  return useMemo(() => {
    if (isWhole(first)) return { origins: readPage(first), state: "whole" };
    const origins = loaded.origins ?? readPage(first);
    if (failed === first) return { origins, state: "failed" };
    return { origins, state: loaded.first === first && loaded.origins ? "whole" : "loading" };
  }, [first, loaded, failed]);
}

function isWhole({ pageInfo, edges }: OriginPageFragment): boolean {
  return !pageInfo.hasNextPage && edges.every(({ node }) => !node.positions.pageInfo.hasNextPage);
}

function readPage({ edges }: OriginPageFragment): OriginPositions[] {
  return edges.map(({ node: { origin, positions } }) => ({ origin, positions: readPositions(positions) }));
}

function readPositions({ edges }: PositionPageFragment): Position[] {
  return edges.map(({ node }) => node);
}

async function loadOrigins(
  client: Client,
  id: string,
  first: OriginPageFragment,
): Promise<OriginPositions[]> {
  const edges: Edge[] = [...first.edges];
  for (let { pageInfo } = first; pageInfo.hasNextPage; ) {
    const page = (await ask(client, MoreOrigins, { id, after: pageInfo.endCursor })).compare?.origins;
    if (page === undefined) break;
    edges.push(...page.edges);
    pageInfo = page.pageInfo;
  }
  return Promise.all(
    edges.map(async ({ node }, at) => ({
      origin: node.origin,
      positions: await loadPositions(client, id, node, edges[at - 1]?.cursor),
    })),
  );
}

async function loadPositions(
  client: Client,
  id: string,
  { origin, positions: first }: Edge["node"],
  before: string | undefined,
): Promise<Position[]> {
  const positions = readPositions(first);
  for (let { pageInfo } = first; pageInfo.hasNextPage; ) {
    const given = { id, before, after: pageInfo.endCursor };
    const node = (await ask(client, MorePositions, given)).compare?.origins.edges[0]?.node;
    // Another origin came between: that was recorded just now, and all of this is asked for again.
    if (node === undefined || keyOfOrigin(node.origin) !== keyOfOrigin(origin)) break;
    positions.push(...readPositions(node.positions));
    ({ pageInfo } = node.positions);
  }
  return positions;
}

async function ask<Data, Variables extends object>(
  client: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
): Promise<Data> {
  const { data, error } = await client
    .query(document as TypedDocumentNode<Data, AnyVariables>, variables, { requestPolicy: "network-only" })
    .toPromise();
  if (data === undefined) throw error ?? new Error("neither data nor an error");
  return data as Data;
}
