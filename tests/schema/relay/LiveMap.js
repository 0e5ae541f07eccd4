// What moves, what is changed and what is deleted finds its record in the store by itself.
import { graphql } from 'relay-runtime'

export const vehicles = graphql`
  fragment LiveMap_query on Query
  @refetchable(queryName: "LiveMapPaginationQuery")
  @argumentDefinitions(first: { type: "Int", defaultValue: 100 }, after: { type: "String" }, box: { type: "BoxInput!" }) {
    vehiclesWithin(first: $first, after: $after, box: $box) @connection(key: "LiveMap_vehiclesWithin") {
      edges {
        node {
          id
          plate
        }
      }
    }
  }
`

export const positions = graphql`
  subscription LiveMapSubscription($within: BoxInput) {
    vehiclePositions(within: $within) {
      cursor
      latitude
      longitude
      vehicle {
        id
        status
      }
    }
  }
`

export const retire = graphql`
  mutation LiveMapRetireMutation($input: RetireVehicleInput!) {
    retireVehicle(input: $input) {
      __typename
      ... on Vehicle {
        status
        version
      }
      ... on Error {
        code
        message
        field
      }
    }
  }
`

export const deleteGeofence = graphql`
  mutation LiveMapDeleteGeofenceMutation($input: DeleteGeofenceInput!) {
    deleteGeofence(input: $input) {
      ... on DeletedGeofence {
        geofenceId @deleteRecord
      }
      ... on Error {
        code
        message
      }
    }
  }
`
