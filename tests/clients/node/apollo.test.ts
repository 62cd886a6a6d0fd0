// Apollo Client: a cache that merges pages by relayStylePagination and knows which types a fragment matches.
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import { ApolloClient, CombinedGraphQLErrors, HttpLink, InMemoryCache, gql } from '@apollo/client'
import { PersistedQueryLink } from '@apollo/client/link/persisted-queries'
import { relayStylePagination } from '@apollo/client/utilities'
import { filter as choose, firstValueFrom } from 'rxjs'
import { ask, claimInput, headers, makeSource, url } from './server.ts'

const { __schema } = await ask('{ __schema { types { name possibleTypes { name } } } }')
const possibleTypes = Object.fromEntries(
  __schema.types
    .filter((type: any) => type.possibleTypes)
    .map((type: any) => [type.name, type.possibleTypes.map((each: any) => each.name)]),
)

// What has no id belongs to the node it hangs on: two queries that ask for different fields of it are merged.
const PARTS = ['Corroboration', 'Quote', 'Quantity', 'Moment', 'Retraction', 'Withdrawal']

function makeClient(useGETForQueries = false): ApolloClient {
  return new ApolloClient({
    link: new HttpLink({ uri: url, useGETForQueries, headers }),
    cache: new InMemoryCache({
      possibleTypes,
      typePolicies: {
        Query: { fields: { claims: relayStylePagination(['filter', 'orderBy']) } },
        Source: { fields: { claims: relayStylePagination(['filter', 'orderBy']) } },
        ...Object.fromEntries(PARTS.map((name) => [name, { merge: true }])),
      },
    }),
  })
}

const CLAIM = gql`
  fragment Row on Claim {
    id
    statement
    source { id title }
    corroboration { status linesFor weakestLinks { ... on Agent { id name } } }
  }
`
const PAGE = gql`
  query Page($filter: ClaimFilter, $first: Int!, $after: String) {
    claims(filter: $filter, first: $first, after: $after) {
      totalCount
      edges { cursor node { ...Row } }
      pageInfo { hasNextPage endCursor }
    }
  }
  ${CLAIM}
`

for (const get of [false, true]) {
  test(`pages are merged in the cache, asked for by ${get ? 'GET' : 'POST'}`, async () => {
    const client = makeClient(get)
    const filter = { hasQuestion: true }
    const query = client.watchQuery<any>({ query: PAGE, variables: { filter, first: 7 } })
    const watching = query.subscribe(() => {})
    let { data } = await firstValueFrom(query.pipe(choose((result) => result.dataState === 'complete')))
    const total = data.claims.totalCount
    assert(total > 14)
    while (data.claims.pageInfo.hasNextPage) {
      await query.fetchMore({ variables: { after: data.claims.pageInfo.endCursor } })
      data = client.readQuery<any>({ query: PAGE, variables: { filter, first: 7 } })
    }
    watching.unsubscribe()
    const ids = data.claims.edges.map((edge: any) => edge.node.id)
    assert.equal(ids.length, total)
    assert.equal(new Set(ids).size, total)
    const whole = await ask('query ($filter: ClaimFilter) { claims(filter: $filter, first: 100) { edges { node { id } } } }', { filter })
    assert.deepEqual(ids, whole.claims.edges.map((edge: any) => edge.node.id))
  })
}

test('what two queries ask of one node is one entry of the cache', async () => {
  const client = makeClient()
  const warnings: unknown[] = []
  console.warn = (...said: unknown[]) => warnings.push(said)
  console.error = console.warn
  const { data } = await client.query<any>({ query: PAGE, variables: { first: 1 } })
  const { id } = data.claims.edges[0].node
  await client.query({
    query: gql`query More($id: ID!) { claim(id: $id) { id quote { exact } corroboration { explanation reportsFor } } }`,
    variables: { id },
  })
  const kept = client.cache.readFragment<any>({
    id: `Claim:${id}`,
    fragment: gql`
      fragment Both on Claim { statement quote { exact } corroboration { status linesFor explanation } }
    `,
  })
  assert(kept.corroboration.status && kept.corroboration.explanation && kept.statement && kept.quote.exact)
  assert.deepEqual(warnings, [])
})

const RECORD = gql`
  mutation Record($input: RecordClaimInput!) {
    recordClaim(input: $input) {
      __typename
      ... on ClaimPayload { claimEdge { cursor node { ...Row } } }
      ... on QuoteNotFound { candidates { exact start end } }
      ... on Duplicate { existing { id } }
      ... on Error { code message hint }
    }
  }
  ${CLAIM}
`

test('a recorded claim is put into a list of the cache by its edge', async () => {
  const client = makeClient()
  const source = await makeSource('Of Apollo')
  const list = gql`query List($id: ID!) { source(id: $id) { id claims { edges { cursor node { ...Row } } pageInfo { hasNextPage endCursor hasPreviousPage startCursor } } } } ${CLAIM}`
  const query = { query: list, variables: { id: source } }
  assert.deepEqual((await client.query<any>(query)).data.source.claims.edges, [])
  const { data } = await client.mutate<any>({
    mutation: RECORD,
    variables: { input: claimInput(source) },
    update(cache, { data }) {
      cache.updateQuery<any>(query, (kept) => ({
        source: {
          ...kept.source,
          claims: { ...kept.source.claims, edges: [...kept.source.claims.edges, (data as any).recordClaim.claimEdge] },
        },
      }))
    },
  })
  assert.equal(data.recordClaim.__typename, 'ClaimPayload')
  const cached = client.readQuery<any>(query).source.claims.edges
  const fresh = await makeClient().query<any>(query)
  assert.deepEqual(cached, fresh.data.source.claims.edges)
})

test('a refusal is data with a type', async () => {
  const client = makeClient()
  const source = await makeSource('Of refusals')
  const input = { ...claimInput(source), quote: { exact: 'At least 26 fighters died' } }
  const { data, error } = await client.mutate<any>({ mutation: RECORD, variables: { input } })
  assert.equal(error, undefined)
  assert.equal(data.recordClaim.code, 'QUOTE_NOT_FOUND')
  assert(data.recordClaim.candidates[0].exact.includes('25 fighters'))
  // `... on Error` matches by possibleTypes in the cache too, for types that the document does not name.
  const missing = { ...claimInput('source_00000000-0000-0000-0000-000000000000') }
  const refused = await client.mutate<any>({ mutation: RECORD, variables: { input: missing } })
  assert.equal(refused.data.recordClaim.code, 'NOT_FOUND')
})

test('a request that is refused as a whole is an error with a code', async () => {
  await assert.rejects(makeClient().query({ query: PAGE, variables: { first: 1000 } }), (problem) => {
    assert(CombinedGraphQLErrors.is(problem))
    assert.equal(problem.errors[0].extensions?.code, 'QUERY_REFUSED')
    return true
  })
})

test('automatic persisted queries, by GET', async () => {
  const asked: string[] = []
  const makePersisted = () =>
    new ApolloClient({
      cache: new InMemoryCache({ possibleTypes }),
      link: new PersistedQueryLink({
        sha256: (text) => createHash('sha256').update(text).digest('hex'),
        useGETForHashedQueries: true,
      }).concat(
        new HttpLink({
          uri: url,
          headers,
          fetch: (input, options) => {
            asked.push(options?.method ?? 'GET')
            return fetch(input, options)
          },
        }),
      ),
    })
  const query = { query: PAGE, variables: { first: 3 } }
  const { data } = await makePersisted().query<any>(query)
  assert.equal(data.claims.edges.length, 3)
  assert.deepEqual(asked.splice(0), ['GET', 'POST'])
  assert.deepEqual((await makePersisted().query<any>(query)).data, data)
  assert.deepEqual(asked, ['GET'])
})
