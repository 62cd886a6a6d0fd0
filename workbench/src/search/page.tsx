// Search over everything. What is asked stands in the address, so that a search can be kept and sent on.
import { type ReactNode, useRef } from "react";
import { Link } from "react-router";
import { Search } from "#generated/documents.ts";
import type { SearchQuery, SearchType } from "#generated/types.ts";
import { Answer, useRead } from "../data/read.tsx";
import { Choice } from "../parts/field.tsx";
import { Notice } from "../parts/notice.tsx";
import { Paging, usePages } from "../parts/paging.tsx";
import { StatusMark } from "../parts/status.tsx";
import { useAddress } from "../shell/address.ts";
import { useListKeys } from "../shell/list-keys.ts";
import { useLeaveSearchBox } from "../shell/search-box.tsx";
import { Page } from "../shell/shell.tsx";
import { say } from "../strings.ts";
import styles from "./page.module.css";

type Found = SearchQuery["search"]["edges"][number]["node"];
type Kind = keyof typeof say.search.types;

export function SearchPage(): ReactNode {
  const [parameters, setParameters] = useAddress();
  const text = parameters.get("q")?.trim() ?? "";
  const kind = readKind(parameters.get("type"));
  return (
    <Page title={text === "" ? say.nav.search : say.search.title(text)}>
      <h1>{text === "" ? say.nav.search : say.search.title(text)}</h1>
      <div className={styles.what}>
        <Choice
          label={say.search.what}
          value={kind}
          options={say.search.types}
          onChange={(type) =>
            setParameters({ q: text, ...(type === "ALL" ? {} : { type }) }, { replace: true })
          }
        />
      </div>
      {text === "" ? (
        <Notice title={say.search.empty}>{say.search.emptyWords}</Notice>
      ) : (
        <Results text={text} types={kind === "ALL" ? null : [kind]} key={`${text} ${kind}`} />
      )}
    </Page>
  );
}

function readKind(value: string | null): Kind {
  return (Object.keys(say.search.types) as Kind[]).find((kind) => kind === value) ?? "ALL";
}

function Results({ text, types }: { text: string; types: readonly SearchType[] | null }): ReactNode {
  const pages = usePages();
  const reading = useRead(Search, { text, types, after: pages.after });
  const list = useRef<HTMLOListElement>(null);
  useListKeys(list);
  useLeaveSearchBox(text, reading.data !== undefined);
  return (
    <Answer reading={reading}>
      {({ search }) => (
        <>
          <p role="status" className={styles.muted}>
            {say.search.found(search.totalCount)}
          </p>
          {search.totalCount === 0 && <Notice title={say.search.nothing}>{say.search.nothingWords}</Notice>}
          <ol ref={list} className={styles.results}>
            {search.edges.map(({ node }, index) => (
              <li key={node.id} ref={pages.refAt(index)}>
                <Result node={node} />
              </li>
            ))}
          </ol>
          <Paging pages={pages} pageInfo={search.pageInfo} />
        </>
      )}
    </Answer>
  );
}

function Result({ node }: { node: Found }): ReactNode {
  switch (node.__typename) {
    case "Claim":
      return (
        <Item to={`/claims/${node.id}`} title={node.statement} kind={say.search.kind.CLAIM}>
          <StatusMark status={node.corroboration.status} />{" "}
          {say.reportsAndLines(
            node.corroboration.reportsFor,
            node.corroboration.linesFor,
            node.corroboration.linesExact,
          )}
          {" · "}
          {node.source.title}
        </Item>
      );
    case "Source":
      return (
        <Item to={`/sources/${node.id}`} title={node.title} kind={say.sourceKind[node.sourceKind]}>
          {node.publisher?.name ?? say.unknownPublisher} · {node.published?.text ?? say.undated}
        </Item>
      );
    case "Agent":
      return (
        <Item to={`/agents/${node.id}`} title={node.name} kind={say.agentKind[node.agentKind]}>
          {[node.party.id === node.id ? "" : node.party.name, node.aliases.join(", ")]
            .filter(Boolean)
            .join(" · ")}
        </Item>
      );
    case "Question":
      return (
        <Item to={`/questions/${node.id}`} title={node.text} kind={say.search.kind.QUESTION}>
          {node.event !== null && <Link to={`/events/${node.event.id}`}>{node.event.title}</Link>}
        </Item>
      );
    case "Event":
      return (
        <>
          <Item to={`/events/${node.id}`} title={node.title} kind={say.search.kind.EVENT}>
            {[node.startsOn, node.place].filter(Boolean).join(" · ")}
          </Item>
          <ul>
            {node.questions.edges.map(({ node: question }) => (
              <li key={question.id}>
                <Link to={`/questions/${question.id}`}>{question.text}</Link>
              </li>
            ))}
          </ul>
        </>
      );
  }
}

function Item({
  to,
  title,
  kind,
  children,
}: {
  to: string;
  title: string;
  kind: string;
  children: ReactNode;
}): ReactNode {
  return (
    <>
      <p className={styles.kind}>{kind}</p>
      <p className={styles.title}>
        <Link to={to}>{title}</Link>
      </p>
      <p className={styles.muted}>{children}</p>
    </>
  );
}
