// Relay: relay-compiler takes the schema, and what it generates runs against the server, by persisted documents.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import relay from 'relay-runtime'
import { ask, claimInput, headers, makeSource, url } from './server.ts'
import ListQuery from './relay/artifacts/documentsListQuery.graphql.ts'
import ListPaginationQuery from './relay/artifacts/documentsListPaginationQuery.graphql.ts'
import listFragment from './relay/artifacts/documents_list.graphql.ts'
import RecordMutation from './relay/artifacts/documentsRecordMutation.graphql.ts'
import RecordNodeMutation from './relay/artifacts/documentsRecordNodeMutation.graphql.ts'
import SourcePaginationQuery from './relay/artifacts/documentsSourcePaginationQuery.graphql.ts'
import SourceQuery from './relay/artifacts/documentsSourceQuery.graphql.ts'
import sourceFragment from './relay/artifacts/documents_source.graphql.ts'

const { Environment, Network, RecordSource, Store, commitMutation, createOperationDescriptor, fetchQuery, getSelector } =
  relay

function makeEnvironment() {
  return new Environment({
    network: Network.create(async (operation, variables) => {
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
        body: JSON.stringify({ documentId: operation.id, variables }),
      })
      return (await answer.json()) as any
    }),
    store: new Store(new RecordSource()),
  })
}

type Any = any

/** The fragment of a query's answer, as useFragment would read it from the store. */
function read(environment: Any, fragment: Any, query: Any, variables: Any, at: (data: Any) => Any = (data) => data) {
  const operation = createOperationDescriptor(query, variables)
  environment.retain(operation)
  const root = at(environment.lookup(operation.fragment).data)
  return environment.lookup(getSelector(fragment, root)).data
}

function load(environment: Any, query: Any, variables: Any): Promise<Any> {
  return fetchQuery(environment, query, variables).toPromise()
}

test('a refetchable fragment on Query is paged to its end', async () => {
  const environment = makeEnvironment()
  await load(environment, ListQuery, {})
  const readList = () => read(environment, listFragment, ListQuery, {}).claims
  assert.equal(readList().edges.length, 6)
  while (readList().pageInfo.hasNextPage) {
    await load(environment, ListPaginationQuery, { first: 6, after: readList().pageInfo.endCursor })
  }
  const whole = await ask('{ claims(filter: { hasQuestion: true }, first: 100) { totalCount edges { node { id } } } }')
  const ids = readList().edges.map((edge: Any) => edge.node.id)
  assert.deepEqual(ids, whole.claims.edges.map((edge: Any) => edge.node.id))
  assert.equal(ids.length, whole.claims.totalCount)
})

test('a refetchable fragment on a node is refetched by its id', async () => {
  const environment = makeEnvironment()
  const { sources } = await ask('{ sources(first: 1) { edges { node { id claims { totalCount } } } } }')
  const { id, claims } = sources.edges[0].node
  await load(environment, SourceQuery, { id })
  const readSource = () => read(environment, sourceFragment, SourceQuery, { id }, (data) => data.source)
  while (readSource().claims.pageInfo.hasNextPage) {
    await load(environment, SourcePaginationQuery, { id, first: 5, after: readSource().claims.pageInfo.endCursor })
  }
  assert.equal(readSource().claims.edges.length, claims.totalCount)
  const unknown = await load(environment, SourcePaginationQuery, { id: 'source_00000000-0000-0000-0000-000000000000' })
  assert.equal(unknown.node, null)
})

for (const [name, mutation] of [
  ['@appendEdge', RecordMutation],
  ['@appendNode', RecordNodeMutation],
] as const) {
  test(`a recorded claim stands in the list by ${name}`, async () => {
    const environment = makeEnvironment()
    const id = await makeSource(`Of Relay, ${name}`)
    await load(environment, SourceQuery, { id })
    const readSource = () => read(environment, sourceFragment, SourceQuery, { id }, (data) => data.source)
    const connections = [readSource().claims.__id]
    await new Promise((resolve, reject) =>
      commitMutation(environment, {
        mutation: mutation as Any,
        variables: { input: claimInput(id), connections },
        onCompleted: resolve,
        onError: reject,
      }),
    )
    const [edge] = readSource().claims.edges
    assert.equal(edge.node.statement, 'At least 25 fighters died')
    assert.equal(readSource().claims.edges.length, 1)
  })
}

test('a refusal leaves the list as it was', async () => {
  const environment = makeEnvironment()
  const id = await makeSource('Of Relay, refused')
  await load(environment, SourceQuery, { id })
  const readSource = () => read(environment, sourceFragment, SourceQuery, { id }, (data) => data.source)
  const input = { ...claimInput(id), quote: { exact: 'nothing of the kind' } }
  const answer: Any = await new Promise((resolve, reject) =>
    commitMutation(environment, {
      mutation: RecordMutation as Any,
      variables: { input, connections: [readSource().claims.__id] },
      onCompleted: resolve,
      onError: reject,
    }),
  )
  assert.equal(answer.recordClaim.code, 'QUOTE_NOT_FOUND')
  assert.deepEqual(readSource().claims.edges, [])
})
