// A page of drivers that is filtered, ordered and paged forwards; each row fetches itself again by its node id.
import { graphql } from 'relay-runtime'

export const query = graphql`
  query DriversPageQuery($filter: DriverFilterInput) {
    viewer {
      role
    }
    ...DriversPage_query @arguments(filter: $filter)
  }
`

export const page = graphql`
  fragment DriversPage_query on Query
  @refetchable(queryName: "DriversPagePaginationQuery")
  @argumentDefinitions(
    first: { type: "Int", defaultValue: 25 }
    after: { type: "String" }
    filter: { type: "DriverFilterInput" }
    orderBy: { type: "DriverOrderInput", defaultValue: { field: FULL_NAME } }
  ) {
    drivers(first: $first, after: $after, filter: $filter, orderBy: $orderBy)
      @connection(key: "DriversPage_drivers", filters: ["filter", "orderBy"]) {
      totalCount
      edges {
        cursor
        node {
          id
          ...DriversPage_driver
        }
      }
      pageInfo {
        hasNextPage
        endCursor
      }
    }
  }
`

export const driver = graphql`
  fragment DriversPage_driver on Driver @refetchable(queryName: "DriversPageDriverRefetchQuery") {
    fullName
    status
    version
    currentVehicle {
      plate
      model {
        make
        name
        connectorTypes
      }
      latestTelemetry {
        recordedAt
        stateOfChargePct
      }
    }
  }
`
