// mercurius with graphql-jit from the first request on; a loader for each link, a named (prepared) statement
// for each loader, rows in the shape of the schema as they come from Postgres.
//
//   node server.mjs CONNECTION_STRING     prints the port it listens on
import { readFileSync } from "node:fs";
import Fastify from "fastify";
import mercurius from "mercurius";
import pg from "pg";

const pool = new pg.Pool({
  connectionString: process.argv[2],
  application_name: "mercurius",
  options: "-c TimeZone=UTC",
  idleTimeoutMillis: 0, // connections live on while others have their turn
});

async function fetch(name, text, values) {
  return (await pool.query({ name, text, values })).rows;
}

const CLAIM = `c.id AS key, 'claim_' || c.id AS id, c.statement,
  json_build_object('exact', c.quote_exact, 'prefix', c.quote_prefix, 'suffix', c.quote_suffix,
    'start', c.quote_start, 'end', c.quote_end) AS quote,
  CASE WHEN c.bounds IS NOT NULL THEN json_build_object('text', c.quantity_text, 'modality', c.modality,
    'lower', lower(c.bounds)::text, 'upper', upper(c.bounds)::text,
    'lowerInclusive', lower_inc(c.bounds), 'upperInclusive', upper_inc(c.bounds)) END AS quantity,
  c.source AS source_key, c.question AS question_key`;
const SOURCE = `s.id AS key, 'source_' || s.id AS id, s.title, s.url, s.language, s.publisher AS publisher_key,
  CASE WHEN s.published IS NOT NULL THEN
    json_build_object('from', lower(s.published), 'to', upper(s.published)) END AS published`;

const keyOf = (id) => id.slice(id.indexOf("_") + 1);
const cursorOf = (key) => `RECORDED.${key}`;
const rowOf = (cursor) => cursor.split(".")[1];

function connection(rows, first) {
  const nodes = rows.length > first ? rows.slice(0, first) : rows;
  return {
    edges: nodes.map((node) => ({ cursor: cursorOf(node.key), node })),
    pageInfo: {
      hasNextPage: rows.length > first,
      endCursor: nodes.length ? cursorOf(nodes[nodes.length - 1].key) : null,
    },
  };
}

// One statement for all rows that were asked for at once; `link` is the column that names the other row.
function one(name, link, text) {
  return async (queries) => {
    const keys = [...new Set(queries.map(({ obj }) => obj[link]).filter(Boolean))];
    const rows = keys.length ? await fetch(name, text, [keys]) : [];
    const byKey = new Map(rows.map((row) => [row.key, row]));
    return queries.map(({ obj }) => byKey.get(obj[link]) ?? null);
  };
}

function group(rows, column) {
  const groups = new Map();
  for (const row of rows) {
    if (!groups.has(row[column])) groups.set(row[column], []);
    groups.get(row[column]).push(row);
  }
  return groups;
}

const AGENTS = "SELECT g.id AS key, 'agent_' || g.id AS id, g.name, g.party AS party_key FROM agent g WHERE g.id = ANY($1)";

const resolvers = {
  Query: {
    async claim(_, { id }) {
      return (await fetch("claim", `SELECT ${CLAIM} FROM claim c WHERE c.id = $1`, [keyOf(id)]))[0] ?? null;
    },
    async source(_, { id }) {
      return (await fetch("source", `SELECT ${SOURCE} FROM source s WHERE s.id = $1`, [keyOf(id)]))[0] ?? null;
    },
    async claims(_, { filter, first, after }) {
      const conditions = ["c.withdrawn_at IS NULL"];
      const values = [];
      if (filter?.question) {
        values.push(filter.question.map(keyOf));
        conditions.push(
          `c.question_root = ANY(ARRAY(SELECT q.root FROM question q WHERE q.id = ANY($${values.length}::uuid[])))`,
        );
      }
      if (after) {
        values.push(rowOf(after));
        conditions.push(`c.id > $${values.length}`);
      }
      const text = `SELECT ${CLAIM} FROM claim c WHERE ${conditions.join(" AND ")} ORDER BY c.id LIMIT ${first + 1}`;
      return connection(await fetch(`claims${conditions.length}${first}${Boolean(after)}`, text, values), first);
    },
  },
};

const loaders = {
  Claim: {
    source: one("sources", "source_key", `SELECT ${SOURCE} FROM source s WHERE s.id = ANY($1)`),
    question: one(
      "questions",
      "question_key",
      "SELECT q.id AS key, 'question_' || q.id AS id, q.text, q.event AS event_key FROM question q WHERE q.id = ANY($1)",
    ),
    corroboration: one(
      "corroborations",
      "key",
      `SELECT k.claim AS key, k.status, k.lines_for AS "linesFor", k.lines_against AS "linesAgainst",
         k.reports_for AS "reportsFor", k.reports_against AS "reportsAgainst", k.explanation
       FROM corroboration k WHERE k.claim = ANY($1)`,
    ),
    async attribution(queries) {
      const rows = await fetch(
        "attributions",
        `SELECT a.claim, a.hop AS position, min(a.cue) AS cue, min(a.mode) AS mode, min(a.channel) AS channel,
           array_agg(a.agent ORDER BY a.id) AS agent_keys
         FROM attribution a WHERE a.claim = ANY($1) GROUP BY a.claim, a.hop ORDER BY a.claim, a.hop`,
        [queries.map(({ obj }) => obj.key)],
      );
      const hops = group(rows, "claim");
      return queries.map(({ obj }) => hops.get(obj.key) ?? []);
    },
    async assessments(queries) {
      const first = queries[0].params.first;
      const rows = await fetch(
        `assessments${first}`,
        `SELECT x.* FROM unnest($1::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
           SELECT a.id AS key, 'assessment_' || a.id AS id, a.claim, a.stance, a.rationale,
             a.evidence_claim AS evidence_key, a.recorded_by AS recorder_key
           FROM assessment a WHERE a.claim = wanted.id AND a.withdrawn_at IS NULL ORDER BY a.id LIMIT ${first + 1}
         ) x`,
        [queries.map(({ obj }) => obj.key)],
      );
      const found = group(rows, "claim");
      return queries.map(({ obj }) => connection(found.get(obj.key) ?? [], first));
    },
  },
  Hop: {
    async agents(queries) {
      const keys = [...new Set(queries.flatMap(({ obj }) => obj.agent_keys))];
      const agents = new Map((await fetch("agents", AGENTS, [keys])).map((row) => [row.key, row]));
      return queries.map(({ obj }) => obj.agent_keys.map((key) => agents.get(key)));
    },
  },
  Source: {
    publisher: one("agents", "publisher_key", AGENTS),
    async claims(queries) {
      const first = queries[0].params.first;
      const rows = await fetch(
        `source-claims${first}`,
        `SELECT x.* FROM unnest($1::uuid[]) AS wanted(id) CROSS JOIN LATERAL (
           SELECT ${CLAIM} FROM claim c WHERE c.source = wanted.id AND c.withdrawn_at IS NULL
           ORDER BY c.id LIMIT ${first + 1}
         ) x`,
        [queries.map(({ obj }) => obj.key)],
      );
      const found = group(rows, "source_key");
      return queries.map(({ obj }) => connection(found.get(obj.key) ?? [], first));
    },
  },
  Agent: { party: one("agents", "party_key", AGENTS) },
  Question: {
    event: one("events", "event_key", "SELECT e.id AS key, e.title FROM event e WHERE e.id = ANY($1)"),
  },
  Assessment: {
    evidenceClaim: one("evidence", "evidence_key", `SELECT ${CLAIM} FROM claim c WHERE c.id = ANY($1)`),
    recordedBy: one(
      "researchers",
      "recorder_key",
      "SELECT r.id AS key, r.name FROM researcher r WHERE r.id = ANY($1)",
    ),
  },
};

const app = Fastify({ logger: false, keepAliveTimeout: 600_000 });
app.register(mercurius, {
  schema: readFileSync(new URL("schema.graphql", import.meta.url), "utf8"),
  resolvers,
  loaders,
  jit: 1,
});
await app.listen({ port: 0, host: "127.0.0.1" });
console.log(app.server.address().port);
