"""Operations without a transport."""

import sys
from typing import Any

from graphql.execution.values import VariableValues

from fleet_api.graphql.desk import Desk, Live
from fleet_api.graphql.execution.documents import Documents
from fleet_api.graphql.execution.fleet_schema import FleetSchema
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.limits.admission import Admission
from fleet_api.graphql.limits.budget import OwnBudget
from fleet_api.graphql.limits.limits import Limits
from fleet_api.graphql.limits.patience import Patience
from fleet_api.graphql.limits.turns import Turns
from fleet_api.graphql.seen.names import Names
from fleet_api.graphql.seen.seen import Seen
from fleet_api.graphql.seen.workers import Workers

_MOST = sys.maxsize
NO_LIMITS = Limits(_MOST, _MOST, _MOST, _MOST, _MOST, _MOST, _MOST, open_schema=True)


def desk_of(schema: FleetSchema, live: Live | None = None) -> Desk:
    """One that lets everything pass. live: what follows; nothing by default."""
    nothing: Any = None
    admission = Admission(schema._schema, NO_LIMITS, OwnBudget(sys.maxsize, sys.maxsize))
    return Desk(schema, live or nothing, admission, Turns(_MOST, _MOST), Patience(60), unseen())


def unseen() -> Seen:
    """Counts what nobody collects."""
    return Seen(Workers(None), Names())


def ready(schema: FleetSchema, document: str) -> Ready:
    """An operation that has no variables."""
    operation = Documents(schema._schema, sys.maxsize).read(document).operation(None)
    coerced = operation.variables.coerced({})
    assert isinstance(coerced, VariableValues), coerced
    return Ready(operation, {}, coerced)
