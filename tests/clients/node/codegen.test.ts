// graphql-codegen's client preset: typed documents, masked fragments; tsc checks this file against them.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { TypedDocumentNode } from '@graphql-typed-document-node/core'
import { print } from 'graphql'
import { Page, Record as RecordClaim, Row } from './codegen/documents.ts'
import { unmask } from './codegen/generated/index.ts'
import { claimInput, headers, makeSource, url } from './server.ts'

async function execute<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/graphql-response+json', ...headers },
    body: JSON.stringify({ query: print(document), variables }),
  })
  return dataOf(answer)
}

/** By the id of the document alone, in a URL. */
async function fetchKnown<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
  const documentId = (document as any).__meta__.hash
  const asked = new URLSearchParams({ documentId, variables: JSON.stringify(variables) })
  return dataOf(await fetch(`${url}?${asked}`, { headers }))
}

async function dataOf<Data>(answer: Response): Promise<Data> {
  assert.equal(answer.status, 200)
  const { data, errors } = (await answer.json()) as { data: Data; errors?: unknown }
  assert.equal(errors, undefined)
  return data
}

test('a page has the type that the schema gives it', async () => {
  const { claims } = await execute(Page, { filter: { status: ['DISPUTED'], quantity: { lower: '20' } }, first: 3 })
  assert.equal(claims.edges.length, 3)
  for (const edge of claims.edges) {
    const row = unmask(Row, edge.node)
    const lower: string | null | undefined = row.quantity?.lower
    assert.equal(row.corroboration.status, 'DISPUTED')
    assert.match(lower ?? '0', /^\d+/)
    for (const party of row.corroboration.weakestLinks) {
      assert(party.__typename === 'Agent' ? party.name : party.source.title)
    }
  }
})

test('a persisted document is asked for by its id', async () => {
  const variables = { filter: { status: ['CORROBORATED' as const] }, first: 2 }
  const known = await fetchKnown(Page, variables)
  assert.deepEqual(known, await execute(Page, variables))
  assert.equal(known.claims.edges.length, 2)
})

test('a result is told apart by its type', async () => {
  const input = claimInput(await makeSource('Of the client preset'))
  const { recordClaim } = await execute(RecordClaim, { input })
  assert(recordClaim.__typename === 'ClaimPayload')
  assert.equal(unmask(Row, recordClaim.claim).statement, input.statement)
  const again = await execute(RecordClaim, { input: { ...input, quote: { exact: 'At least 26 fighters died' } } })
  assert(again.recordClaim.__typename === 'QuoteNotFound')
  assert(again.recordClaim.candidates[0]!.start >= 0)
  assert.equal(again.recordClaim.code, 'QUOTE_NOT_FOUND')
})
