"""An operation that may run."""

from typing import Any

from graphql.execution.values import VariableValues

from fleet_api.graphql.execution.documents import Operation


class Ready:
    """Valid, and with variables that fit.

    given: the variables as they came. case: the values of those that decide what is selected.
    """

    __slots__ = ("case", "given", "operation", "variables")

    def __init__(self, operation: Operation, given: dict[str, Any], variables: VariableValues) -> None:
        self.operation = operation
        self.given = given
        self.variables = variables
        self.case = tuple(map(variables.coerced.get, operation.conditions)) if operation.conditions else ()
