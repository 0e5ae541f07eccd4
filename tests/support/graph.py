"""Operations without a transport."""

import sys
from dataclasses import replace
from typing import Any

from graphql.execution.values import VariableValues

from fleet_api.graphql.desk import Desk, Live
from fleet_api.graphql.execution.documents import Documents
from fleet_api.graphql.execution.fleet_schema import FleetSchema
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.limits.admission import Admission
from fleet_api.graphql.limits.budget import OwnBudget
from fleet_api.graphql.limits.limits import Limits
from fleet_api.settings import Settings

_MOST = sys.maxsize
NO_LIMITS = replace(
    Limits.of(Settings()), aliases=_MOST, depth=_MOST, cost=_MOST, values=_MOST, at_once=_MOST, open_schema=True
)


def desk_of(schema: FleetSchema, live: Live | None = None) -> Desk:
    """One that lets everything pass. live: what follows; nothing by default."""
    nothing: Any = None
    admission = Admission(schema._schema, NO_LIMITS, OwnBudget(sys.maxsize, sys.maxsize))
    return Desk(schema, live or nothing, admission, observe=lambda *_: None, seconds=60)


def ready(schema: FleetSchema, document: str) -> Ready:
    """An operation that has no variables."""
    operation = Documents(schema._schema, sys.maxsize).read(document).operation(None)
    coerced = operation.variables.coerced({})
    assert isinstance(coerced, VariableValues), coerced
    return Ready(operation, {}, coerced)
