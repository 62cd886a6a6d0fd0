// PostGraphile as its documentation says to run it in production: no watching, no GraphiQL, no explain,
// statements prepared (on unless switched off), one process, node's own HTTP server.
//
//   node server.mjs CONNECTION_STRING     prints the port it listens on
import { createServer } from "node:http";
import { grafserv } from "postgraphile/grafserv/node";
import { makePgService } from "postgraphile/adaptors/pg";
import { postgraphile } from "postgraphile";
import { PostGraphileAmberPreset } from "postgraphile/presets/amber";
import { pgSmartTags } from "postgraphile/utils";

// The preset calls a table's `id` rowId; two tables have a row_id of their own. And it lets only what is first
// in an index be asked for: withdrawn rows are left out by a condition that is not, hops are in order of theirs.
const tags = pgSmartTags([
  ...["revision", "imported"].map((table) => ({
    kind: "attribute",
    match: `${table}.row_id`,
    tags: { name: "changed_row" },
  })),
  ...["claim.withdrawn_at", "assessment.withdrawn_at", "attribution.hop"].map((match) => ({
    kind: "attribute",
    match,
    tags: { behavior: ["+filterBy", "+attribute:filterBy", "+orderBy", "+attribute:orderBy"] },
  })),
]);

const service = postgraphile({
  extends: [PostGraphileAmberPreset],
  plugins: [tags],
  pgServices: [
    makePgService({
      connectionString: process.argv[2],
      schemas: ["public"],
      pubsub: false,
      // Behind a cursor Postgres would merge claims with their corroboration from the first row on: 40 times
      // the time on Q3. Somebody who runs this in production would find out and say so.
      poolConfig: {
        application_name: "postgraphile",
        options: "-c TimeZone=UTC -c enable_mergejoin=off",
        idleTimeoutMillis: 0, // connections live on while others have their turn
      },
    }),
  ],
  grafserv: { watch: false, graphiql: false, graphqlPath: "/graphql" },
  grafast: { explain: false },
});

const server = createServer({ keepAliveTimeout: 600_000 });
await service.createServ(grafserv).addTo(server);
server.listen(0, "127.0.0.1", () => console.log(server.address().port));
