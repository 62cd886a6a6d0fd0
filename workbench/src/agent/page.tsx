// An agent: what it said, what it published, whom the rule counts it as.
import { type ReactNode, useRef, useState } from "react";
import { Link, useLocation, useNavigate, useParams } from "react-router";
import { AgentPage as AgentPageDocument } from "#generated/documents.ts";
import type { AgentKind, AgentNameFragment, AgentPageQuery } from "#generated/types.ts";
import { useRead } from "../data/read.tsx";
import { useRights } from "../data/rights.tsx";
import { MergedNotice } from "../merging/notice.tsx";
import { CopyLink } from "../parts/copy-link.tsx";
import { Chain, QuantityWords } from "../parts/facts.tsx";
import { type Pages, Paging, usePages } from "../parts/paging.tsx";
import { StatusMark } from "../parts/status.tsx";
import { Found } from "../shell/found.tsx";
import { useListKeys } from "../shell/list-keys.ts";
import { Page } from "../shell/shell.tsx";
import { Tools } from "../shell/tools.tsx";
import { say } from "../strings.ts";
import { AmendAgentDialog, type StillRestricted } from "./amend.tsx";
import { LiftDialog } from "./lift.tsx";
import { MergeAgentDialog, useUnmergeAgent } from "./merge.tsx";
import styles from "./page.module.css";

type Agent = NonNullable<AgentPageQuery["agent"]>;

export function AgentPage(): ReactNode {
  const { id = "" } = useParams();
  const pages = usePages();
  const reading = useRead(AgentPageDocument, { id, after: pages.after });
  return (
    <Found id={id} reading={reading} pick={({ agent }) => agent}>
      {(agent) => (
        <Page title={agent.name}>
          <AgentBody key={agent.id} agent={agent} pages={pages} />
        </Page>
      )}
    </Found>
  );
}

function AgentBody({ agent, pages }: { agent: Agent; pages: Pages }): ReactNode {
  const [open, setOpen] = useState<"merge" | "amend" | undefined>(undefined);
  const unmerge = useUnmergeAgent(agent.id);
  const { amend } = useRights();
  const still = (useLocation().state as StillRestricted | null)?.restricted ?? [];
  const navigate = useNavigate();
  return (
    <>
      <header className={styles.head}>
        <p className={styles.muted}>{say.agentKind[agent.kind]}</p>
        <h1>{agent.name}</h1>
        {agent.aliases.length > 0 && (
          <p className={styles.muted}>{say.agent.also(agent.aliases.join(", "))}</p>
        )}
        {agent.description !== null && <p>{agent.description}</p>}
        {agent.party.id !== agent.id && (
          <p>
            {say.agent.countsAs} <Link to={`/agents/${agent.party.id}`}>{agent.party.name}</Link>
          </p>
        )}
      </header>
      <Tools
        tools={[
          { keys: "e", label: say.amend.title, run: () => setOpen("amend"), offered: amend },
          {
            keys: "m",
            label: say.merge.title,
            run: () => setOpen("merge"),
            offered: amend && agent.mergedInto === null,
          },
        ]}
      >
        <CopyLink path={`/agents/${agent.id}`} />
      </Tools>
      {agent.mergedInto !== null && (
        <MergedNotice
          id={agent.id}
          into={agent.mergedInto}
          address={`/agents/${agent.mergedInto.id}`}
          onUnmerge={() => unmerge(say.merge.unmergeReason)}
        />
      )}
      <div className={styles.columns}>
        <Said agent={agent} pages={pages} />
        <div className={styles.side}>
          <Tree agent={agent} />
          <Published agent={agent} />
        </div>
      </div>
      {amend && still.length > 0 && (
        <LiftDialog
          ids={still}
          onClose={() => void navigate(`/agents/${agent.id}`, { replace: true, state: null })}
        />
      )}
      {open === "merge" && <MergeAgentDialog agent={agent} onClose={() => setOpen(undefined)} />}
      {open === "amend" && <AmendAgentDialog agent={agent} onClose={() => setOpen(undefined)} />}
    </>
  );
}

function Said({ agent, pages }: { agent: Agent; pages: Pages }): ReactNode {
  const list = useRef<HTMLOListElement>(null);
  useListKeys(list);
  const { claims } = agent;
  return (
    <section>
      <h2>
        {say.agent.said} <span className={styles.count}>{claims.totalCount}</span>
      </h2>
      {claims.totalCount === 0 && <p className={styles.muted}>{say.agent.saidNothing}</p>}
      <ol ref={list} className={styles.claims}>
        {claims.edges.map(({ node }, index) => (
          <li key={node.id} ref={pages.refAt(index)}>
            <Link to={`/claims/${node.id}`} className={styles.statement}>
              {node.statement}
            </Link>
            <div className={styles.facts}>
              <StatusMark status={node.corroboration.status} />
              {node.quantity !== null && <QuantityWords quantity={node.quantity} />}
              <Chain hops={node.attribution} basis={node.basis} />
              <Link to={`/sources/${node.source.id}?claim=${node.id}`}>{node.source.title}</Link>
              <span>{node.source.published?.text ?? say.undated}</span>
            </div>
          </li>
        ))}
      </ol>
      <Paging pages={pages} pageInfo={claims.pageInfo} />
    </section>
  );
}

interface Branch extends AgentNameFragment {
  readonly kind: AgentKind;
  readonly parts?: { readonly edges: readonly { readonly node: Branch }[] };
}

/** What it is part of, from the root down, and what is part of it. */
function Tree({ agent }: { agent: Agent }): ReactNode {
  const above: AgentNameFragment[] = [];
  for (let up: UpwardLink = agent.partOf; up != null; up = up.partOf) above.unshift(up);
  const parts = agent.parts.edges.map(({ node }) => node);
  return (
    <section>
      <h2>{say.agent.tree}</h2>
      <ul className={styles.tree}>
        {above.reduceRight<ReactNode>(
          (below, one) => (
            <li key={one.id}>
              <Link to={`/agents/${one.id}`}>{one.name}</Link>
              <ul>{below}</ul>
            </li>
          ),
          <li>
            <strong aria-current="true">{agent.name}</strong>
            <Branches branches={parts} />
          </li>,
        )}
      </ul>
    </section>
  );
}

type UpwardLink = (AgentNameFragment & { readonly partOf?: UpwardLink }) | null | undefined;

function Branches({ branches }: { branches: readonly Branch[] }): ReactNode {
  if (branches.length === 0) return null;
  return (
    <ul>
      {branches.map((branch) => (
        <li key={branch.id}>
          <Link to={`/agents/${branch.id}`}>{branch.name}</Link>{" "}
          <span className={styles.muted}>{say.agentKind[branch.kind]}</span>
          <Branches branches={branch.parts?.edges.map(({ node }) => node) ?? []} />
        </li>
      ))}
    </ul>
  );
}

function Published({ agent }: { agent: Agent }): ReactNode {
  const { sources } = agent;
  if (sources.totalCount === 0) return null;
  return (
    <section>
      <h2>
        {say.agent.published} <span className={styles.count}>{sources.totalCount}</span>
      </h2>
      <ul className={styles.sources}>
        {sources.edges.map(({ node }) => (
          <li key={node.id}>
            <Link to={`/sources/${node.id}`}>{node.title}</Link>{" "}
            <span className={styles.muted}>{node.published?.text ?? say.undated}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
