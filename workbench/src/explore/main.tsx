// GraphiQL, out of this host alone, with the queries of app/web/queries to begin with.
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { createRoot } from "react-dom/client";
import { say } from "../strings.ts";
import "./explore.css";

const examples = Object.entries(
  import.meta.glob<string>("../../../app/web/queries/*.graphql", {
    query: "?raw",
    import: "default",
    eager: true,
  }),
)
  .sort(([one], [other]) => one.localeCompare(other))
  .map(([, query]) => ({ query: query.trim() }));

async function ask(body: unknown): Promise<never> {
  const response = await fetch("/graphql", {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
  });
  return (await response.json()) as never;
}

const root = document.getElementById("root");
if (root === null) throw new Error("graphiql.html has no element #root");
createRoot(root).render(
  <GraphiQL fetcher={ask} defaultTabs={examples} defaultEditorToolsVisibility="variables">
    <GraphiQL.Logo>
      <a href="/">{say.name}</a>
    </GraphiQL.Logo>
  </GraphiQL>,
);
