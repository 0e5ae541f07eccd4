"""An operation that may run."""

from dataclasses import dataclass
from typing import Any

from graphql.execution.values import VariableValues

from fleet_api.graphql.execution.documents import Operation


@dataclass(frozen=True, slots=True)
class Ready:
    """Valid, and with variables that fit. given: the variables as they came."""

    operation: Operation
    given: dict[str, Any]
    variables: VariableValues
