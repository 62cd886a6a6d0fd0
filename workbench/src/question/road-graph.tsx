// One line of an answer, drawn: whom its reports go back to, and where they come together.
import type { ReactNode } from "react";
import { say } from "../strings.ts";
import styles from "./lines.module.css";
import { type Bundle, layOut, type Node } from "./roads.ts";

const COLUMN = 232;
const ROW = 30;
const WIDTH = 188;
const HEIGHT = 24;
const LETTERS = 27;

export function RoadGraph({
  bundle,
  names,
}: {
  bundle: Bundle;
  names: ReadonlyMap<string, string>;
}): ReactNode {
  const { nodes, edges, columns, rows } = layOut(bundle.roads);
  const width = (columns - 1) * COLUMN + WIDTH + 4;
  const height = (rows - 1) * ROW + HEIGHT + 4;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard.
    <div className={styles.scroll} tabIndex={0}>
      <svg
        width={width}
        height={height}
        viewBox={`-2 -2 ${width} ${height}`}
        role="img"
        aria-label={describe(bundle, names)}
      >
        {edges.map(({ from, to, roads }) => (
          <path
            key={`${from} ${to}`}
            d={curve(nodes.get(from), nodes.get(to))}
            strokeWidth={Math.min(1.25 + roads * 0.5, 6)}
          />
        ))}
        {[...nodes.values()].map((node) =>
          node.bend ? (
            <path key={node.key} d={through(node)} strokeWidth={Math.min(1.25 + node.roads * 0.5, 6)} />
          ) : (
            <Party
              key={node.key}
              node={node}
              name={node.folded > 0 ? say.question.others(node.folded) : (names.get(node.key) ?? "")}
              weak={node.key === bundle.through}
            />
          ),
        )}
      </svg>
    </div>
  );
}

function Party({ node, name, weak }: { node: Node; name: string; weak: boolean }): ReactNode {
  return (
    <g
      transform={`translate(${node.column * COLUMN} ${node.row * ROW})`}
      data-weak={weak || undefined}
      data-folded={node.folded > 0 || undefined}
    >
      <title>{`${name}: ${say.question.passing(node.roads)}`}</title>
      <rect width={WIDTH} height={HEIGHT} rx="4" />
      <text x="8" y="16">
        {name.length > LETTERS ? `${name.slice(0, LETTERS - 1)}…` : name}
      </text>
    </g>
  );
}

function curve(from: Node | undefined, to: Node | undefined): string {
  if (from === undefined || to === undefined) return "";
  const [x1, y1] = [from.column * COLUMN + WIDTH, from.row * ROW + HEIGHT / 2];
  const [x2, y2] = [to.column * COLUMN, to.row * ROW + HEIGHT / 2];
  const middle = (x1 + x2) / 2;
  return `M${x1} ${y1}C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}`;
}

/** Past a column, where nobody stands. */
function through({ column, row }: Node): string {
  return `M${column * COLUMN} ${row * ROW + HEIGHT / 2}h${WIDTH}`;
}

function describe({ roads }: Bundle, names: ReadonlyMap<string, string>): string {
  const written = roads.slice(0, LETTERS).map((road) => road.map((key) => names.get(key) ?? "").join(" → "));
  return `${say.question.graph}: ${written.join("; ")}`;
}
