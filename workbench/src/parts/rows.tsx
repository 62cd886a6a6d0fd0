// A list that goes on when asked: what is never looked at is never asked for.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { type ComponentProps, type ReactNode, type RefCallback, useState } from "react";
import type { AnyVariables } from "urql";
import { Answer, useRead } from "../data/read.tsx";
import { say } from "../strings.ts";
import { Button } from "./button.tsx";
import { useGoingOn } from "./going-on.ts";

interface RowPage<Row> {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly node: Row }[];
}

/** Where the next page is: `document`, asked with these variables and the cursor after which it goes on. */
interface More<Data, Variables, Row> {
  readonly document: TypedDocumentNode<Data, Variables & { after: string }>;
  readonly variables: Variables;
  readonly pick: (data: Data) => RowPage<Row> | null | undefined;
}

interface Of<Data, Variables, Row> {
  readonly more: More<Data, Variables, Row>;
  readonly keyOf: (row: Row, index: number) => string;
  /** What the item of a row has beside what stands in it. */
  readonly item?: (row: Row) => ComponentProps<"li">;
  /** What stands in the item of a row. `above`: the row above it; none for the first. */
  readonly children: (row: Row, above: Row | undefined) => ReactNode;
}

/** The rows that stand above a page: how many, the last of them, and a ref for the item that follows it. */
interface Above<Row> {
  readonly count: number;
  readonly last: Row | undefined;
  readonly came?: RefCallback<HTMLLIElement>;
}

/** A page of a list that has the newest last, and is read from its end: `after` goes to those before it. */
export function newestFirst<Row>({
  totalCount,
  pageInfo: { hasPreviousPage, startCursor },
  edges,
}: {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasPreviousPage: boolean; readonly startCursor: string | null };
  readonly edges: RowPage<Row>["edges"];
}): RowPage<Row> {
  return {
    totalCount,
    pageInfo: { hasNextPage: hasPreviousPage, endCursor: startCursor },
    edges: edges.toReversed(),
  };
}

/** The items of a page, and a way to the next, for an `ol` or `ul`. */
export function Rows<Data, Variables extends object, Row>({
  page,
  above = { count: 0, last: undefined },
  ...of
}: Of<Data, Variables, Row> & { page: RowPage<Row>; above?: Above<Row> }): ReactNode {
  const [asked, setAsked] = useState(false);
  const { ask, waiting, came } = useGoingOn();
  const { hasNextPage, endCursor } = page.pageInfo;
  const rows = page.edges.map(({ node }) => node);
  const count = above.count + rows.length;
  return (
    <>
      {rows.map((row, index) => (
        <li key={of.keyOf(row, index)} ref={index === 0 ? above.came : undefined} {...of.item?.(row)}>
          {of.children(row, index === 0 ? above.last : rows[index - 1])}
        </li>
      ))}
      {hasNextPage && endCursor !== null && asked && (
        <NextRows after={endCursor} above={{ count, last: rows.at(-1), came }} waiting={waiting} {...of} />
      )}
      {hasNextPage && !asked && (
        <li>
          <Button
            onClick={() => {
              ask();
              setAsked(true);
            }}
          >
            {say.showMore(page.totalCount - count)}
          </Button>
        </li>
      )}
    </>
  );
}

function NextRows<Data, Variables extends object, Row>({
  after,
  above,
  waiting,
  ...of
}: Of<Data, Variables, Row> & {
  after: string;
  above: Above<Row>;
  waiting: RefCallback<HTMLLIElement>;
}): ReactNode {
  const { document, variables, pick } = of.more;
  const reading = useRead<Data, AnyVariables>(
    document as TypedDocumentNode<Data, AnyVariables>,
    { ...variables, after },
    { live: true },
  );
  const page = reading.data === undefined ? null : pick(reading.data);
  return (
    <>
      {/* A list holds items alone: what there is to say of the page is one, too. */}
      {(reading.data === undefined || reading.error !== undefined) && (
        <li ref={waiting}>
          <Answer reading={reading}>{() => null}</Answer>
        </li>
      )}
      {page != null && <Rows page={page} above={above} {...of} />}
    </>
  );
}
