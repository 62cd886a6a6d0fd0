// A list that goes on when asked: what is never looked at is never asked for.
import type { TypedDocumentNode } from "@graphql-typed-document-node/core";
import { Fragment, type ReactNode, useState } from "react";
import type { AnyVariables } from "urql";
import { Answer, useRead } from "../data/read.tsx";
import { say } from "../strings.ts";
import { Button } from "./button.tsx";

interface RowPage<Row> {
  readonly totalCount: number;
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
  readonly edges: readonly { readonly node: Row }[];
}

/** Where the next page is: `document`, asked with these variables and the cursor after which it goes on. */
interface More<Data, Variables, Row> {
  readonly document: TypedDocumentNode<Data, Variables & { after: string }>;
  readonly variables: Variables;
  readonly pick: (data: Data) => RowPage<Row> | undefined;
}

interface Of<Data, Variables, Row> {
  readonly more: More<Data, Variables, Row>;
  readonly keyOf: (row: Row, index: number) => string;
  /** The row as an item of the list. */
  readonly children: (row: Row) => ReactNode;
}

/** The items of a page, and a way to the next, for an `ol` or `ul`. `before`: so many stand above them. */
export function Rows<Data, Variables extends object, Row>({
  page,
  before = 0,
  ...of
}: Of<Data, Variables, Row> & { page: RowPage<Row>; before?: number }): ReactNode {
  const [asked, setAsked] = useState(false);
  const { hasNextPage, endCursor } = page.pageInfo;
  const seen = before + page.edges.length;
  return (
    <>
      {page.edges.map(({ node }, index) => (
        <Fragment key={of.keyOf(node, index)}>{of.children(node)}</Fragment>
      ))}
      {hasNextPage && endCursor !== null && asked && <NextRows after={endCursor} before={seen} {...of} />}
      {hasNextPage && !asked && (
        <li>
          <Button onClick={() => setAsked(true)}>{say.showMore(page.totalCount - seen)}</Button>
        </li>
      )}
    </>
  );
}

function NextRows<Data, Variables extends object, Row>({
  after,
  before,
  ...of
}: Of<Data, Variables, Row> & { after: string; before: number }): ReactNode {
  const { document, variables, pick } = of.more;
  const reading = useRead<Data, AnyVariables>(
    document as TypedDocumentNode<Data, AnyVariables>,
    { ...variables, after },
    { live: true },
  );
  const page = reading.data === undefined ? undefined : pick(reading.data);
  return (
    <>
      {/* A list holds items alone: what there is to say of the page is one, too. */}
      {(reading.data === undefined || reading.error !== undefined) && (
        <li>
          <Answer reading={reading}>{() => null}</Answer>
        </li>
      )}
      {page !== undefined && <Rows page={page} before={before} {...of} />}
    </>
  );
}
