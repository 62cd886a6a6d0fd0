// Relay as applications use it: hooks of react-relay in components that are rendered, and subscriptions.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Suspense, act, createElement as h } from 'react'
import relay from 'react-relay'
import { create } from 'react-test-renderer'
import runtime from 'relay-runtime'
import { createClient } from 'graphql-ws'
import { ask, claimInput, headers, makeSource, socketUrl, url } from './server.ts'
import ListQuery from './relay/artifacts/documentsListQuery.graphql.ts'
import listFragment from './relay/artifacts/documents_list.graphql.ts'
import RecordNodeMutation from './relay/artifacts/documentsRecordNodeMutation.graphql.ts'
import RecordedSubscription from './relay/artifacts/documentsRecordedSubscription.graphql.ts'
import SourceQuery from './relay/artifacts/documentsSourceQuery.graphql.ts'
import sourceFragment from './relay/artifacts/documents_source.graphql.ts'

type Any = any

const {
  RelayEnvironmentProvider,
  useLazyLoadQuery,
  useMutation,
  usePaginationFragment,
  useRefetchableFragment,
  useSubscription,
} = relay as Any
const { Environment, Network, Observable, RecordSource, Store } = runtime as Any
const globals: Any = globalThis
globals.IS_REACT_ACT_ENVIRONMENT = true

/** An environment as an application makes it: queries by POST, subscriptions over a socket, all by their ids. */
function makeEnvironment(socket?: Any) {
  async function request(operation: Any, variables: Any) {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
      body: JSON.stringify({ documentId: operation.id, variables }),
    })
    return answer.json()
  }
  function subscribe(operation: Any, variables: Any) {
    return Observable.create((sink: Any) => socket.subscribe({ query: operation.id, variables }, sink))
  }
  return new Environment({ network: Network.create(request, subscribe), store: new Store(new RecordSource()) })
}

/** What is rendered, once `isDone` holds for the texts of its rows. */
async function until(rendered: Any, isDone: (rows: string[]) => boolean, meanwhile?: () => Promise<void>) {
  for (let left = meanwhile ? 20 : 400; ; left -= 1) {
    const rows = rendered.root.findAllByType('li').map((row: Any) => row.children.join(''))
    if (isDone(rows)) return rows
    assert(left > 0, `rendered: ${JSON.stringify(rows)}`)
    await act(async () => {
      await meanwhile?.()
      await new Promise((resolve) => setTimeout(resolve, 25))
    })
  }
}

async function render(environment: Any, component: Any, properties: Any = {}) {
  let rendered: Any
  await act(async () => {
    rendered = create(
      h(RelayEnvironmentProvider, { environment }, h(Suspense, { fallback: 'loading' }, h(component, properties))),
    )
  })
  return rendered
}

function rows(connection: Any) {
  return h('ul', null, connection.edges.map((edge: Any) => h('li', { key: edge.node.id }, edge.node.statement)))
}

test('usePaginationFragment pages a list to its end', async () => {
  let list: Any
  function List() {
    list = usePaginationFragment(listFragment, useLazyLoadQuery(ListQuery, {}))
    return rows(list.data.claims)
  }
  const rendered = await render(makeEnvironment(), List)
  let shown = await until(rendered, (found) => found.length === 6)
  while (list.hasNext) {
    const before = shown.length
    await act(async () => list.loadNext(6))
    shown = await until(rendered, (found) => found.length > before)
  }
  const whole = await ask('{ claims(filter: { hasQuestion: true }, first: 100) { edges { node { statement } } } }')
  assert.deepEqual(shown, whole.claims.edges.map((edge: Any) => edge.node.statement))
  await act(async () => rendered.unmount())
})

test('useRefetchableFragment asks for a node again, with other variables', async () => {
  const { sources } = await ask('{ sources(first: 20) { edges { node { id claims { totalCount } } } } }')
  const { node } = sources.edges.find((edge: Any) => edge.node.claims.totalCount > 2)
  let refetch: Any
  function Source() {
    const { source } = useLazyLoadQuery(SourceQuery, { id: node.id })
    const [data, again] = useRefetchableFragment(sourceFragment, source)
    refetch = again
    return rows(data.claims)
  }
  const rendered = await render(makeEnvironment(), Source)
  await until(rendered, (found) => found.length === 2)
  await act(async () => refetch({ first: 50 }))
  await until(rendered, (found) => found.length === Math.min(node.claims.totalCount, 50))
  await act(async () => rendered.unmount())
})

test('a recorded claim is appended to the rendered list by @appendNode', async () => {
  const id = await makeSource("Of Relay's hooks, appended")
  let record: Any
  function Source() {
    const { source } = useLazyLoadQuery(SourceQuery, { id })
    const { data } = usePaginationFragment(sourceFragment, source)
    const [commit] = useMutation(RecordNodeMutation)
    record = () => commit({ variables: { input: claimInput(id), connections: [data.claims.__id] } })
    return rows(data.claims)
  }
  const rendered = await render(makeEnvironment(), Source)
  assert.deepEqual(await until(rendered, () => record !== undefined), [])
  await act(async () => record())
  assert.deepEqual(await until(rendered, (found) => found.length > 0), ['At least 25 fighters died'])
  await act(async () => rendered.unmount())
})

test('useSubscription appends what others record to the rendered list', async (context) => {
  const id = await makeSource("Of Relay's hooks, heard")
  const socket = createClient({
    url: socketUrl,
    connectionParams: headers,
    retryAttempts: 0,
    // graphql-ws knows texts alone: what stands for one is an id.
    jsonMessageReplacer: (key, value) =>
      key === 'payload' && value?.query ? { documentId: value.query, variables: value.variables } : value,
  })
  context.after(() => socket.dispose())
  function Heard({ connection }: Any) {
    useSubscription({
      subscription: RecordedSubscription,
      variables: { filter: { source: [id] }, connections: [connection] },
    })
    return null
  }
  function Source() {
    const { source } = useLazyLoadQuery(SourceQuery, { id })
    const { data } = usePaginationFragment(sourceFragment, source)
    return h('div', null, h(Heard, { connection: data.claims.__id }), rows(data.claims))
  }
  const rendered = await render(makeEnvironment(socket), Source)
  const words = ['At', 'least', '25', 'fighters', 'died', 'in', 'the', 'strikes', 'a', 'spokesman', 'said']
  const RECORD = 'mutation ($input: RecordClaimInput!) { recordClaim(input: $input) { __typename } }'
  // Nobody says when a subscription has begun: claims are recorded until one is heard of.
  const heard = await until(
    rendered,
    (found) => found.length > 0,
    async () => {
      const exact = words.shift()
      if (exact) await ask(RECORD, { input: { ...claimInput(id), statement: exact, quote: { exact } } })
      await new Promise((resolve) => setTimeout(resolve, 200))
    },
  )
  assert(!words.includes(heard[0]!))
  await act(async () => rendered.unmount())
})
