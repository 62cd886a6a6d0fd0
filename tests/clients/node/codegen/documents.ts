// Typed documents, as applications write them with the client preset.
import { graphql } from './generated/index.ts'

export const Row = graphql(/* GraphQL */ `
  fragment Row on Claim {
    id
    statement
    quantity {
      lower
      upper
    }
    corroboration {
      status
      linesFor
      weakestLinks {
        __typename
        ... on Agent {
          name
        }
        ... on UnknownPublisher {
          source {
            title
          }
        }
      }
    }
  }
`)

export const Page = graphql(/* GraphQL */ `
  query Page($filter: ClaimFilter, $first: Int = 5, $after: String) {
    claims(filter: $filter, first: $first, after: $after) {
      edges {
        node {
          ...Row
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`)

export const Record = graphql(/* GraphQL */ `
  mutation Record($input: RecordClaimInput!) {
    recordClaim(input: $input) {
      __typename
      ... on ClaimPayload {
        claim {
          ...Row
        }
      }
      ... on QuoteNotFound {
        candidates {
          exact
          start
          end
        }
      }
      ... on Error {
        code
        message
        hint
      }
    }
  }
`)
