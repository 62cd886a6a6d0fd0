// What relay-compiler reads. Applications write these beside their components.
import relay from 'relay-runtime'

const { graphql } = relay

graphql`
  fragment documents_row on Claim {
    id
    statement
    source {
      title
    }
    corroboration {
      status
      linesFor
      weakestLinks {
        __typename
        ... on Agent {
          name
        }
      }
    }
  }
`

export const list = graphql`
  fragment documents_list on Query
  @argumentDefinitions(first: { type: "Int", defaultValue: 6 }, after: { type: "String" })
  @refetchable(queryName: "documentsListPaginationQuery") {
    claims(first: $first, after: $after, filter: { hasQuestion: true }) @connection(key: "documents_list_claims") {
      edges {
        node {
          id
          ...documents_row @relay(mask: false)
        }
      }
    }
  }
`

export const listQuery = graphql`
  query documentsListQuery {
    ...documents_list
  }
`

// Refetched by node(id:), which Relay writes by itself: `node` has to be nullable.
export const source = graphql`
  fragment documents_source on Source
  @argumentDefinitions(first: { type: "Int", defaultValue: 2 }, after: { type: "String" })
  @refetchable(queryName: "documentsSourcePaginationQuery") {
    title
    claims(first: $first, after: $after) @connection(key: "documents_source_claims") {
      __id
      edges {
        node {
          id
          statement
        }
      }
    }
  }
`

export const sourceQuery = graphql`
  query documentsSourceQuery($id: ID!) {
    source(id: $id) {
      id
      ...documents_source
    }
  }
`

export const record = graphql`
  mutation documentsRecordMutation($input: RecordClaimInput!, $connections: [ID!]!) {
    recordClaim(input: $input) {
      __typename
      ... on ClaimPayload {
        claimEdge @appendEdge(connections: $connections) {
          cursor
          node {
            id
            statement
          }
        }
      }
      ... on QuoteNotFound {
        candidates {
          exact
        }
      }
      ... on Error {
        code
        message
      }
    }
  }
`

export const recordNode = graphql`
  mutation documentsRecordNodeMutation($input: RecordClaimInput!, $connections: [ID!]!) {
    recordClaim(input: $input) {
      ... on ClaimPayload {
        claim @appendNode(connections: $connections, edgeTypeName: "ClaimEdge") {
          id
          statement
        }
      }
      ... on Error {
        code
      }
    }
  }
`

export const recorded = graphql`
  subscription documentsRecordedSubscription($filter: ClaimFilter, $connections: [ID!]!) {
    claimRecorded(filter: $filter) @appendNode(connections: $connections, edgeTypeName: "ClaimEdge") {
      id
      statement
    }
  }
`
