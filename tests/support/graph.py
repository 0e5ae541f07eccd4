"""Operations without a transport."""

from typing import Any

from graphql.execution.values import VariableValues

from fleet_api.graphql.desk import Desk
from fleet_api.graphql.execution.documents import Documents
from fleet_api.graphql.execution.fleet_schema import FleetSchema
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.seen.names import Names
from fleet_api.graphql.seen.seen import Seen
from fleet_api.graphql.seen.workers import Workers


def desk_of(schema: FleetSchema) -> Desk:
    """One that follows nothing."""
    nothing: Any = None
    return Desk(schema, Documents(schema._schema), nothing, Seen(Workers(None), Names()))


def ready(schema: FleetSchema, document: str) -> Ready:
    """An operation that has no variables."""
    operation = Documents(schema._schema).operation(document, None)
    coerced = operation.variables.coerced({})
    assert isinstance(coerced, VariableValues), coerced
    return Ready(operation, {}, coerced)
