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

const RECORDED = `subscription Recorded($filter: ClaimFilter, $after: String) {
  claimRecorded(filter: $filter, after: $after) { id statement corroboration { status } }
}`

/** Record claims of a source one after the other, each by words of its text. */
async function record(source: string, quotes: string[]): Promise<void> {
  for (const exact of quotes) {
    const input = { ...claimInput(source), statement: exact, quote: { exact } }
    assert((await ask(RECORD, { input })).recordClaim.claim, exact)
  }
}

/** What comes of an event. Nobody says when a subscription has begun: claims are recorded until it does. */
async function tell<T>(event: Promise<T>, source: string): Promise<T> {
  const late = Symbol()
  for (const word of ['At', 'least', '25', 'died', 'in', 'the', 'a', 'said']) {
    await record(source, [word])
    const wait = new Promise<typeof late>((resolve) => setTimeout(resolve, 1000, late))
    const told = await Promise.race([event, wait])
    if (told !== late) return told as T
  }
  return event
}

/** The statements of a source, in the order of recording. */
async function statements(source: string): Promise<string[]> {
  const found = await ask('query ($id: ID!) { source(id: $id) { claims { edges { node { statement } } } } }', { id: source })
  return found.source.claims.edges.map((edge: any) => edge.node.statement)
}

/** Every result of an operation, once it is complete. */
async function collect(client: any, query: string, variables: Record<string, unknown>): Promise<any[]> {
  const results = []
  for await (const result of client.iterate({ query, variables })) results.push(result)
  return results
}

for (const [name, make] of [
  ['graphql-ws', () => createWs({ url: socketUrl, connectionParams: headers, retryAttempts: 0 })],
  ['graphql-sse', () => createSse({ url, headers, retryAttempts: 0 })],
  // It writes its token into the headers that it is given.
  [
    'graphql-sse over one connection',
    () => createSse({ url, headers: { ...headers }, retryAttempts: 0, singleConnection: true }),
  ],
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

  test(`${name}: a subscription tells of what is recorded, and goes on where it ended`, async () => {
    const source = await makeSource(`Of subscriptions by ${name}`)
    const filter = { source: [source] }
    const client = make()
    const events: any = client.iterate({ query: RECORDED, variables: { filter } })
    const first = events.next()
    const { value }: any = await tell(first, source)
    await events.return()
    await record(source, ['fighters died', 'in the strikes'])
    const all = await statements(source)
    const seen = all.indexOf(value.data.claimRecorded.statement)
    assert(seen >= 0)
    const later: any = client.iterate({ query: RECORDED, variables: { filter, after: value.extensions.cursor } })
    const missed: string[] = []
    while (missed.length < all.length - seen - 1) missed.push((await later.next()).value.data.claimRecorded.statement)
    assert.deepEqual(missed, all.slice(seen + 1))
    await later.return()
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

test('Apollo Client and urql subscribe over graphql-ws', async () => {
  const socket = createWs({ url: socketUrl, connectionParams: headers, retryAttempts: 0 })
  const apollo = new ApolloClient({ cache: new InMemoryCache(), link: new GraphQLWsLink(socket) })
  const urql = new Client({
    url,
    preferGetMethod: false,
    exchanges: [
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink: any) => ({ unsubscribe: socket.subscribe({ query: query!, variables }, sink) }),
        }),
      }),
    ],
  })
  const source = await makeSource('Of subscriptions by Apollo and urql')
  const variables = { filter: { source: [source] } }
  const both = Promise.all([
    new Promise<any>((resolve, reject) => {
      const watching = apollo.subscribe<any>({ query: gql(RECORDED), variables }).subscribe({
        next: (result) => (resolve(result.data), setTimeout(() => watching.unsubscribe())),
        error: reject,
      })
    }),
    new Promise<any>((resolve) => {
      const watching = urql.subscription<any>(RECORDED, variables).subscribe((result) => {
        resolve(result.data)
        setTimeout(() => watching.unsubscribe())
      })
    }),
  ])
  const found = await tell(both, source)
  const all = await statements(source)
  for (const data of found) assert(all.includes(data.claimRecorded.statement))
  await socket.dispose()
})
