// urql: its default Accept lists everything it could read, and its document cache watches __typename.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Client, cacheExchange, fetchExchange, gql } from '@urql/core'
import { persistedExchange } from '@urql/exchange-persisted'
import { claimInput, headers, makeSource, url } from './server.ts'

function makeClient(preferGetMethod: boolean | 'within-url-limit' = false): Client {
  return new Client({ url, preferGetMethod, fetchOptions: { headers }, exchanges: [cacheExchange, fetchExchange] })
}

const ROW = gql`
  fragment Row on Claim { id statement source { title } corroboration { status } }
`
const PAGE = gql`
  query Page($filter: ClaimFilter, $first: Int!, $after: String) {
    claims(filter: $filter, first: $first, after: $after) {
      edges { cursor node { ...Row } }
      pageInfo { hasNextPage endCursor }
    }
  }
  ${ROW}
`

for (const method of [false, 'within-url-limit'] as const) {
  test(`every page, by ${method ? 'GET' : 'POST'}`, async () => {
    const client = makeClient(method)
    const variables = { filter: { or: [{ status: ['DISPUTED'] }, { hasQuestion: true }] }, first: 9 }
    const found: string[] = []
    let after: string | null = null
    do {
      const { data, error }: any = await client.query(PAGE, { ...variables, after })
      assert.equal(error, undefined)
      found.push(...data.claims.edges.map((edge: any) => edge.node.id))
      after = data.claims.pageInfo.hasNextPage ? data.claims.pageInfo.endCursor : null
    } while (after)
    assert(found.length > 18)
    assert.equal(new Set(found).size, found.length)
  })
}

test('a mutation makes the lists it touches be asked for again', async () => {
  const client = makeClient()
  const source = await makeSource('Of urql')
  const list = gql`query List($id: ID!) { source(id: $id) { id claims { edges { node { ...Row } } } } } ${ROW}`
  const seen: number[] = []
  const watching = client.query(list, { id: source }).subscribe((result: any) => {
    seen.push(result.data.source.claims.edges.length)
  })
  await client.query(list, { id: source })
  const result: any = await client.mutation(
    gql`
      mutation Record($input: RecordClaimInput!) {
        recordClaim(input: $input) {
          ... on ClaimPayload { claim { ...Row source { id } } }
          ... on Error { code message }
        }
      }
      ${ROW}
    `,
    { input: claimInput(source) },
  )
  assert.equal(result.error, undefined)
  assert.equal(result.data.recordClaim.__typename, 'ClaimPayload')
  const fresh: any = await client.query(list, { id: source }, { requestPolicy: 'network-only' })
  watching.unsubscribe()
  assert.equal(fresh.data.source.claims.edges.length, 1)
  assert.equal(seen.at(-1), 1)
})

test('what GraphQL refuses is a combined error with its code', async () => {
  const { data, error }: any = await makeClient().query(PAGE, { first: 101 })
  assert.equal(data, undefined)
  assert.equal(error.graphQLErrors[0].extensions.code, 'QUERY_REFUSED')
  const invalid = await makeClient().query(gql`{ nothingOfTheKind }`, {})
  assert.match(invalid.error!.graphQLErrors[0].message, /nothingOfTheKind/)
})

test('documents are sent once, then asked for by their hash and by GET', async () => {
  const asked: string[] = []
  const makePersisted = () =>
    new Client({
      url,
      preferGetMethod: false,
      fetchOptions: { headers },
      fetch: (input, options) => {
        asked.push(options?.method === 'POST' ? `POST ${options.body}` : `GET ${input}`)
        return fetch(input, options)
      },
      exchanges: [persistedExchange({ preferGetForPersistedQueries: true }), fetchExchange],
    })
  const first: any = await makePersisted().query(PAGE, { first: 3 })
  assert.equal(first.error, undefined)
  // Without the document, refused; with it.
  assert.equal(asked.length, 2)
  const second: any = await makePersisted().query(PAGE, { first: 3 })
  assert.deepEqual(second.data, first.data)
  assert.equal(asked.length, 3)
  assert.match(asked[2]!, /^GET (?!.*Page%28)/)
})
