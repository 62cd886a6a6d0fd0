// graphql-ws and graphql-sse: queries and mutations over them, several at once, and what is refused.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ApolloClient, InMemoryCache, gql } from '@apollo/client'
import { GraphQLWsLink } from '@apollo/client/link/subscriptions'
import { Client, fetchExchange, subscriptionExchange } from '@urql/core'
import { createClient as createSse } from 'graphql-sse'
import { createClient as createWs } from 'graphql-ws'
import { ask, claimInput, headers, makeSource, socketUrl, url } from './server.ts'

const PAGE = 'query Page($first: Int!) { claims(first: $first) { edges { node { id statement } } } }'
const RECORD = `mutation Record($input: RecordClaimInput!) {
  recordClaim(input: $input) { ... on ClaimPayload { claim { id } } ... on Error { code } }
}`

/** Every result of an operation, once it is complete. */
async function collect(client: any, query: string, variables: Record<string, unknown>): Promise<any[]> {
  const results = []
  for await (const result of client.iterate({ query, variables })) results.push(result)
  return results
}

for (const [name, make] of [
  ['graphql-ws', () => createWs({ url: socketUrl, connectionParams: headers, retryAttempts: 0 })],
  ['graphql-sse', () => createSse({ url, headers, retryAttempts: 0 })],
] as const) {
  test(`${name}: a query is answered as over HTTP, several at once`, async () => {
    const client = make()
    const found = await Promise.all([1, 2, 3, 4].map((first) => collect(client, PAGE, { first })))
    for (const [index, [result, ...rest]] of found.entries()) {
      assert.deepEqual(rest, [])
      assert.deepEqual(result.data, await ask(PAGE, { first: index + 1 }))
    }
    client.dispose()
  })

  test(`${name}: a mutation records, and a refusal is data`, async () => {
    const client = make()
    const input = claimInput(await makeSource(`Of ${name}`))
    const [recorded] = await collect(client, RECORD, { input })
    assert.match(recorded.data.recordClaim.claim.id, /^claim_/)
    const [again] = await collect(client, RECORD, { input })
    assert.equal(again.data.recordClaim.code, 'DUPLICATE')
    client.dispose()
  })

  test(`${name}: an operation that is refused has an error with its code`, async () => {
    const client = make()
    let codes: unknown[] = []
    try {
      const [result] = await collect(client, PAGE, { first: 101 })
      codes = result.errors.map((error: any) => error.extensions.code)
    } catch (problem: any) {
      codes = problem.map((error: any) => error.extensions.code)
    }
    assert.deepEqual(codes, ['QUERY_REFUSED'])
    client.dispose()
  })
}

test('Apollo Client and urql over graphql-ws', async () => {
  const socket = createWs({ url: socketUrl, connectionParams: headers, retryAttempts: 0 })
  const apollo = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(socket) })
  const { data } = await apollo.query<any>({ query: gql(PAGE), variables: { first: 2 } })
  assert.equal(data.claims.edges.length, 2)
  const urql = new Client({
    url,
    preferGetMethod: false,
    exchanges: [
      subscriptionExchange({
        enableAllOperations: true,
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink: any) => ({ unsubscribe: socket.subscribe({ query: query!, variables }, sink) }),
        }),
      }),
      fetchExchange,
    ],
  })
  const result: any = await urql.query(PAGE, { first: 2 })
  assert.equal(result.error, undefined)
  assert.deepEqual(
    result.data.claims.edges.map((edge: any) => edge.node.id),
    data.claims.edges.map((edge: any) => edge.node.id),
  )
  await socket.dispose()
})
