// Pages within pages: a provider that fetches its vehicles, each of which fetches its own history, backwards.
import { graphql } from 'relay-runtime'

export const query = graphql`
  query ProviderPageQuery($id: ID!) {
    node(id: $id) {
      __typename
      ...ProviderPage_provider @alias
    }
    fleetProvider(id: $id) {
      ...ProviderPage_provider
    }
  }
`

export const provider = graphql`
  fragment ProviderPage_provider on FleetProvider
  @refetchable(queryName: "ProviderPageVehiclesQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 10 }, after: { type: "String" }) {
    legalName
    totals {
      __typename
    }
    vehicles(first: $first, after: $after) @connection(key: "ProviderPage_vehicles") {
      edges {
        node {
          plate
          ...ProviderPage_history
          ...ProviderPage_telemetry
        }
      }
    }
  }
`

export const history = graphql`
  fragment ProviderPage_history on Vehicle
  @refetchable(queryName: "ProviderPageHistoryQuery")
  @argumentDefinitions(last: { type: "Int", defaultValue: 5 }, before: { type: "String" }) {
    assignments(last: $last, before: $before) @connection(key: "ProviderPage_assignments") {
      edges {
        node {
          startedAt
          driver {
            fullName
          }
        }
      }
    }
  }
`

export const telemetry = graphql`
  fragment ProviderPage_telemetry on Vehicle
  @refetchable(queryName: "ProviderPageTelemetryQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 100 }, after: { type: "String" }, from: { type: "DateTime" }) {
    telemetry(first: $first, after: $after, from: $from) @connection(key: "ProviderPage_telemetry", filters: ["from"]) {
      edges {
        node {
          recordedAt
          speedKph
        }
      }
    }
  }
`
