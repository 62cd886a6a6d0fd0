// The server under test, and what a test records before its client comes into it.
import assert from 'node:assert/strict'

const given = process.env.SAYSO_URL
assert(given, 'SAYSO_URL says where GraphQL is served')
export const url: string = given
// What an application sends that a researcher signed in to.
export const headers = { authorization: `Bearer ${process.env.SAYSO_TOKEN}` }
export const socketUrl: string = url.replace(/^http/, 'ws')

export const TEXT = 'At least 25 fighters died in the strikes, a spokesman said.'

/** The data of a plain POST; whatever is under errors fails the test. */
export async function ask(query: string, variables: Record<string, unknown> = {}): Promise<any> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  })
  const { data, errors } = (await answer.json()) as { data?: any; errors?: unknown }
  assert.equal(errors, undefined)
  return data
}

/** The id of a new source that holds TEXT. */
export async function makeSource(title: string): Promise<string> {
  const { recordSource } = await ask(
    `mutation ($input: RecordSourceInput!) {
      recordSource(input: $input) { ... on SourcePayload { source { id } } ... on Error { message } }
    }`,
    { input: { kind: 'ARTICLE', title, text: `${title}\n\n${TEXT}` } },
  )
  assert(recordSource.source, recordSource.message)
  return recordSource.source.id
}

/** What it takes to record the one claim of such a source. */
export function claimInput(source: string) {
  return {
    source,
    statement: 'At least 25 fighters died',
    quote: { exact: 'At least 25 fighters died' },
    basis: 'UNATTRIBUTED' as const,
  }
}
