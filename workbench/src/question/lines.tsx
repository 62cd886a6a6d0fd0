// How many independent lines an answer really has: the roads of its reports, drawn together.
import type { ReactNode } from "react";
import { Link } from "react-router";
import { ClaimLines } from "#generated/documents.ts";
import type { ClaimLinesQuery, PartyNameFragment } from "#generated/types.ts";
import { Answer, useRead } from "../data/read.tsx";
import { PartyName } from "../parts/facts.tsx";
import { StatusMark } from "../parts/status.tsx";
import { say } from "../strings.ts";
import { layOut } from "./graph.ts";
import styles from "./page.module.css";

type Corroboration = NonNullable<ClaimLinesQuery["claim"]>["corroboration"];

export function Lines({ claim }: { claim: string }): ReactNode {
  const reading = useRead(ClaimLines, { id: claim });
  return (
    <Answer reading={reading}>
      {({ claim: found }) =>
        found !== null && (
          <section className={styles.lines} aria-label={say.question.lines}>
            <div className={styles.verdict}>
              <p className={styles.figures}>
                {say.reportsAndLines(
                  found.corroboration.reportsFor,
                  found.corroboration.linesFor,
                  found.corroboration.linesExact,
                )}
              </p>
              <p>
                <StatusMark status={found.corroboration.status} />{" "}
                <Link to={`/claims/${found.id}`}>{found.statement}</Link>
              </p>
              <p className={styles.muted}>{found.corroboration.explanation}</p>
              {found.corroboration.weakestLinks.length > 0 && (
                <div>
                  <h2>{say.claim.weakest}</h2>
                  <ul>
                    {found.corroboration.weakestLinks.map((party) => (
                      <li key={keyOf(party)}>
                        <span className={styles.weak} aria-hidden="true" /> <PartyName party={party} />
                      </li>
                    ))}
                  </ul>
                </div>
              )}
              <Against corroboration={found.corroboration} />
            </div>
            <RoadGraph corroboration={found.corroboration} />
          </section>
        )
      }
    </Answer>
  );
}

function Against({ corroboration }: { corroboration: Corroboration }): ReactNode {
  const rows = corroboration.against.edges.map(({ node }) => node);
  return (
    <div>
      <h2>{say.claim.against}</h2>
      {rows.length === 0 && <p className={styles.muted}>{say.claim.nothing}</p>}
      <ul className={styles.against}>
        {rows.slice(0, 5).map((row) => (
          <li key={row.claim?.id ?? row.source?.id}>
            {row.claim !== null && <Link to={`/claims/${row.claim.id}`}>{row.claim.statement}</Link>}
            {row.claim === null && row.source !== null && (
              <Link to={`/sources/${row.source.id}`}>{row.source.title}</Link>
            )}{" "}
            <span className={styles.muted}>{row.chain.map(nameOf).join(" → ")}</span>
          </li>
        ))}
      </ul>
      {corroboration.against.totalCount > 5 && (
        <p className={styles.muted}>{say.claim.moreEvidence(corroboration.against.totalCount - 5)}</p>
      )}
      {corroboration.disagreed && <p className={styles.disagreed}>{say.disagreed}</p>}
    </div>
  );
}

const COLUMN = 206;
const ROW = 34;
const WIDTH = 164;
const HEIGHT = 24;

function RoadGraph({ corroboration }: { corroboration: Corroboration }): ReactNode {
  const chains = corroboration.for.edges.map(({ node }) => node.chain);
  const names = new Map(chains.flat().map((party) => [keyOf(party), nameOf(party)]));
  const graph = layOut(chains.map((chain) => ({ parties: chain.map(keyOf) })));
  const weak = new Set(corroboration.weakestLinks.map(keyOf));
  const onLine = new Set(
    corroboration.lines.flatMap(({ parties }) =>
      parties.slice(1).map((party, index) => `${keyOf(parties[index] ?? party)}\n${keyOf(party)}`),
    ),
  );
  const lined = new Set(corroboration.lines.flatMap(({ parties }) => parties.map(keyOf)));
  const unsaid = chains.filter((chain) => chain.length === 0).length;
  if (graph.nodes.length === 0) {
    return <p className={styles.muted}>{say.question.noRoads}</p>;
  }
  const place = new Map(
    graph.nodes.map((node) => {
      const inColumn = graph.nodes.filter(({ column }) => column === node.column).length;
      const top = ((graph.rows - inColumn) * ROW) / 2;
      return [node.key, { x: node.column * COLUMN, y: top + node.row * ROW }];
    }),
  );
  const width = (graph.columns - 1) * COLUMN + WIDTH + 4;
  const height = graph.rows * ROW;
  return (
    <figure className={styles.graph}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard. */}
      <div className={styles.scroll} tabIndex={0}>
        <svg
          width={width}
          height={height}
          viewBox={`-2 -2 ${width} ${height}`}
          role="img"
          aria-label={describe(corroboration)}
        >
          {graph.edges.map(({ from, to, roads }) => {
            const [start, end] = [place.get(from), place.get(to)];
            if (start === undefined || end === undefined) return null;
            const [x1, y1] = [start.x + WIDTH, start.y + HEIGHT / 2];
            const [x2, y2] = [end.x, end.y + HEIGHT / 2];
            const middle = (x1 + x2) / 2;
            return (
              <path
                key={`${from} ${to}`}
                d={`M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`}
                data-line={onLine.has(`${from}\n${to}`) || undefined}
                strokeWidth={Math.min(1.25 + roads * 0.5, 5)}
              />
            );
          })}
          {graph.nodes.map((node) => {
            const at = place.get(node.key);
            const name = names.get(node.key) ?? "";
            return (
              <g
                key={node.key}
                transform={`translate(${at?.x ?? 0} ${at?.y ?? 0})`}
                data-weak={weak.has(node.key) || undefined}
                data-line={lined.has(node.key) || undefined}
              >
                <title>{`${name}: ${say.question.passing(node.roads)}`}</title>
                <rect width={WIDTH} height={HEIGHT} rx="4" />
                <text x="8" y="16">
                  {name.length > 23 ? `${name.slice(0, 22)}…` : name}
                </text>
              </g>
            );
          })}
        </svg>
      </div>
      <figcaption className={styles.muted}>
        {say.question.legend} {unsaid > 0 && say.question.unsaid(unsaid)}
      </figcaption>
    </figure>
  );
}

function describe(corroboration: Corroboration): string {
  const lines = corroboration.lines.map(({ parties }) => parties.map(nameOf).join(" → "));
  return `${say.question.graph}: ${lines.join("; ")}`;
}

function keyOf(party: PartyNameFragment): string {
  return party.__typename === "Agent" ? party.id : party.source.id;
}

function nameOf(party: PartyNameFragment): string {
  return party.__typename === "Agent" ? party.name : `${say.unknownPublisher}: ${party.source.title}`;
}
