// Who stands behind each line: the roads of its reports, from origins through those who passed on to publishers. Pure.

/** Keys of parties, origin first. */
type Road = readonly string[];

export interface Bundle {
  /** The party all its roads pass; null where the rule names none. */
  readonly through: string | null;
  readonly roads: readonly Road[];
}

/**
 * The roads by the weakest link they pass. No two lines share a party, and every line passes one link: so a
 * bundle is a line, however many reports are in it. A road past several links goes to the line it shares most with.
 */
export function bundleRoads(
  roads: readonly Road[],
  links: readonly string[],
  lines: readonly Road[],
): Bundle[] {
  const bundles = new Map<string | null, Road[]>(links.map((link) => [link, []]));
  const lineOf = new Map(
    lines.flatMap((line) => links.filter((link) => line.includes(link)).map((link) => [link, line])),
  );
  for (const road of roads.filter(({ length }) => length > 0)) {
    const passed = links.filter((link) => road.includes(link));
    const shared = (link: string): number =>
      road.filter((party) => lineOf.get(link)?.includes(party) ?? false).length;
    const through = passed.toSorted((one, other) => shared(other) - shared(one))[0] ?? null;
    bundles.set(through, [...(bundles.get(through) ?? []), road]);
  }
  return [...bundles]
    .map(([through, of]) => ({ through, roads: of }))
    .filter((bundle) => bundle.roads.length > 0)
    .sort(
      (one, other) =>
        Number(one.through === null) - Number(other.through === null) ||
        other.roads.length - one.roads.length,
    );
}

/** In the order in which they stood, new lines behind them: what one looks at does not move as more is drawn. */
export function keepOrder(
  bundles: readonly Bundle[],
  stood: readonly Bundle["through"][],
): readonly Bundle[] {
  const placeOf = ({ through }: Bundle): number => {
    if (through === null) return stood.length + 1;
    const place = stood.indexOf(through);
    return place === -1 ? stood.length : place;
  };
  return bundles.toSorted((one, other) => placeOf(one) - placeOf(other));
}

export interface Node {
  readonly key: string;
  readonly column: number;
  /** Not whole where it stands between those it joins. */
  readonly row: number;
  /** In how many roads it stands. */
  readonly roads: number;
  /** How many publishers it stands for, where there are too many to draw; else 0. */
  readonly folded: number;
  /** A bend of an edge that passes a column, not a party. */
  readonly bend: boolean;
}

interface Edge {
  readonly from: string;
  readonly to: string;
  readonly roads: number;
}

interface Graph {
  readonly nodes: ReadonlyMap<string, Node>;
  readonly edges: readonly Edge[];
  readonly columns: number;
  readonly rows: number;
}

interface Draft {
  readonly next: Map<string, Map<string, number>>;
  readonly roads: Map<string, number>;
  readonly folded: Map<string, number>;
}

/** Each party once, right of all it heard from; publishers below each other, whom they quote between them. */
export function layOut(roads: readonly Road[], most = 10): Graph {
  const draft = joinRoads(foldLeaves(roads, most));
  const column = placeColumns(draft.next);
  const bends = bendEdges(draft.next, column);
  const rows = placeRows(draft.next, column);
  const nodes = new Map(
    [...column].map(([key, at]) => [
      key,
      {
        key,
        column: at,
        row: rows.get(key) ?? 0,
        roads: draft.roads.get(key) ?? 0,
        folded: draft.folded.get(key) ?? 0,
        bend: bends.has(key),
      },
    ]),
  );
  const edges = [...draft.next].flatMap(([from, to]) =>
    [...to].map(([key, count]) => ({ from, to: key, roads: count })),
  );
  return {
    nodes,
    edges,
    columns: Math.max(0, ...column.values()) + (column.size === 0 ? 0 : 1),
    rows: Math.max(0, ...rows.values()) + (rows.size === 0 ? 0 : 1),
  };
}

interface Folded {
  readonly roads: readonly Road[];
  readonly folded: Map<string, number>;
}

/** Publishers at the end of the same road, past `most` of them, become one node. */
function foldLeaves(roads: readonly Road[], most: number): Folded {
  const inner = new Set(roads.flatMap((road) => road.slice(0, -1)));
  const leaves = new Map<string, Set<string>>();
  const [kept, folded] = [new Set<string>(), new Map<string, number>()];
  for (const road of roads) {
    const leaf = road.at(-1);
    if (leaf === undefined || inner.has(leaf)) continue;
    const behind = road.slice(0, -1).join("\n");
    leaves.set(behind, (leaves.get(behind) ?? new Set()).add(leaf));
  }
  for (const [behind, of] of leaves) {
    const all = [...of];
    if (all.length > most) folded.set(`more\n${behind}`, all.length - most + 1);
    for (const leaf of all.length > most ? all.slice(0, most - 1) : all) kept.add(leaf);
  }
  return {
    folded,
    roads: roads.map((road) => {
      const leaf = road.at(-1) ?? "";
      if (inner.has(leaf) || kept.has(leaf)) return road;
      return [...road.slice(0, -1), `more\n${road.slice(0, -1).join("\n")}`];
    }),
  };
}

function joinRoads({ roads, folded }: Folded): Draft {
  const next = new Map<string, Map<string, number>>();
  const count = new Map<string, number>();
  for (const road of roads) {
    road.forEach((key, index) => {
      count.set(key, (count.get(key) ?? 0) + 1);
      if (!next.has(key)) next.set(key, new Map());
      const before = next.get(road[index - 1] ?? "");
      if (before !== undefined) before.set(key, (before.get(key) ?? 0) + 1);
    });
  }
  return { next, roads: count, folded };
}

/** The longest way from an origin; where parties quote each other in a circle, the first road decides. */
function placeColumns(next: Draft["next"]): Map<string, number> {
  const column = new Map<string, number>();
  const open = new Set<string>();
  const visit = (key: string, at: number): void => {
    if (open.has(key)) return;
    if ((column.get(key) ?? -1) >= at) return;
    column.set(key, at);
    open.add(key);
    for (const to of next.get(key)?.keys() ?? []) visit(to, at + 1);
    open.delete(key);
  };
  const heard = new Set([...next.values()].flatMap((to) => [...to.keys()]));
  for (const key of next.keys()) if (!heard.has(key)) visit(key, 0);
  for (const key of next.keys()) if (!column.has(key)) visit(key, 0);
  return column;
}

/** An edge that passes a column bends there, beside its parties rather than through them. */
function bendEdges(next: Draft["next"], column: Map<string, number>): Set<string> {
  const bends = new Set<string>();
  for (const [from, to] of [...next]) {
    for (const [key, roads] of [...to]) {
      const [start, end] = [column.get(from) ?? 0, column.get(key) ?? 0];
      if (end - start < 2) continue;
      to.delete(key);
      let before = from;
      for (let at = start + 1; at < end; at++) {
        const bend = `bend\n${from}\n${key}\n${at}`;
        bends.add(bend);
        column.set(bend, at);
        next.get(before)?.set(bend, roads);
        next.set(bend, new Map());
        before = bend;
      }
      next.get(before)?.set(key, roads);
    }
  }
  return bends;
}

/** Whoever passes to nobody has a row of its own; the others stand in the middle of those they pass to. */
function placeRows(next: Draft["next"], column: ReadonlyMap<string, number>): Map<string, number> {
  const wanted = new Map<string, number>();
  let row = 0;
  const visit = (key: string): number => {
    const known = wanted.get(key);
    if (known !== undefined) return known;
    wanted.set(key, row);
    const to = [...(next.get(key)?.keys() ?? [])].filter(
      (after) => (column.get(after) ?? 0) > (column.get(key) ?? 0),
    );
    const rows = to.map(visit);
    const middle = rows.length === 0 ? row++ : (Math.min(...rows) + Math.max(...rows)) / 2;
    wanted.set(key, middle);
    return middle;
  };
  for (const [key] of [...column].sort(([, one], [, other]) => one - other)) visit(key);
  const rows = new Map<string, number>();
  const free = new Map<number, number>();
  for (const [key, want] of [...wanted].sort(([, one], [, other]) => one - other)) {
    const at = column.get(key) ?? 0;
    const place = Math.max(want, free.get(at) ?? 0);
    rows.set(key, place);
    free.set(at, place + 1);
  }
  return rows;
}
