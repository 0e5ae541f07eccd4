import strawberry

from fleet_api.graphql.context import Context

Info = strawberry.Info[Context, None]
