import { Client, cacheExchange, fetchExchange } from "urql";

export const client = new Client({
  url: "/graphql",
  // What is shown stays while it is asked for again, so that nothing flickers and nothing is stale for long.
  requestPolicy: "cache-and-network",
  preferGetMethod: false,
  fetchOptions: { headers: { accept: "application/graphql-response+json, application/json;q=0.9" } },
  exchanges: [cacheExchange, fetchExchange],
});
