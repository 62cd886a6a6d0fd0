// Who stands behind each line: the roads of reports, from origins through agencies to publishers. Pure.

export interface Road {
  /** Keys of parties, origin first. */
  readonly parties: readonly string[];
}

export interface GraphNode {
  readonly key: string;
  readonly column: number;
  readonly row: number;
  /** In how many roads it stands. */
  readonly roads: number;
}

export interface GraphEdge {
  readonly from: string;
  readonly to: string;
  readonly roads: number;
}

export interface Graph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly columns: number;
  readonly rows: number;
}

const MOST_COLUMNS = 8;

/** Each party once, in a column behind all that it quotes; in it, beside those it is joined with. */
export function layOut(roads: readonly Road[]): Graph {
  const column = new Map<string, number>();
  const count = new Map<string, number>();
  const edges = new Map<string, GraphEdge>();
  for (const { parties } of roads) {
    parties.forEach((key, index) => {
      column.set(key, Math.max(column.get(key) ?? 0, index));
      count.set(key, (count.get(key) ?? 0) + 1);
      const before = parties[index - 1];
      if (before === undefined) return;
      const id = `${before}\n${key}`;
      edges.set(id, { from: before, to: key, roads: (edges.get(id)?.roads ?? 0) + 1 });
    });
  }
  // Whom one quotes stands before one, along every road; where two quote each other, as far as columns go.
  for (let round = 0; round < MOST_COLUMNS; round++) {
    for (const { from, to } of edges.values()) {
      const behind = Math.min((column.get(from) ?? 0) + 1, MOST_COLUMNS - 1);
      if (behind > (column.get(to) ?? 0)) column.set(to, behind);
    }
  }
  const columns = Math.max(0, ...[...column.values()].map((place) => place + 1));
  const rows = new Map<string, number>();
  for (let at = 0; at < columns; at++) {
    const keys = [...column].filter(([, place]) => place === at).map(([key]) => key);
    const wanted = (key: string): number => {
      const before = [...edges.values()]
        .filter(({ to }) => to === key)
        .map(({ from }) => rows.get(from) ?? 0);
      return before.length === 0
        ? Number.POSITIVE_INFINITY
        : before.reduce((sum, row) => sum + row, 0) / before.length;
    };
    keys
      .map((key) => ({ key, wanted: at === 0 ? -(count.get(key) ?? 0) : wanted(key) }))
      .sort((one, other) => one.wanted - other.wanted || one.key.localeCompare(other.key))
      .forEach(({ key }, row) => {
        rows.set(key, row);
      });
  }
  const nodes = [...column].map(([key, place]) => ({
    key,
    column: place,
    row: rows.get(key) ?? 0,
    roads: count.get(key) ?? 0,
  }));
  return { nodes, edges: [...edges.values()], columns, rows: Math.max(0, ...rows.values()) + 1 };
}
