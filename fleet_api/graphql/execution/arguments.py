"""A field's arguments, of which most are known once its operation is, or are a variable and nothing else."""

from typing import Any

from graphql import FieldNode, GraphQLField, VariableNode, Visitor, visit
from graphql.execution.values import VariableValues, coerce_argument, get_argument_values


class Arguments:
    """Raises `GraphQLError` where one that is known does not fit."""

    def __init__(self, definition: GraphQLField, node: FieldNode) -> None:
        self._definition = definition
        self._node = node
        self._constants: dict[str, Any] = {}
        self._variables: dict[str, str] = {}
        self._mixed = False
        given = {argument.name.value: argument for argument in node.arguments or ()}
        for name, argument in definition.args.items():
            value = given[name].value if name in given else None
            if isinstance(value, VariableNode):
                self._variables[argument.out_name or name] = value.name.value
            elif name in given and _names_variables(given[name]):
                self._mixed = True
            else:
                coerce_argument(self._constants, node, name, argument, given.get(name), None, None)

    def values(self, variables: VariableValues) -> dict[str, Any]:
        """As graphql-core coerces them, which is asked where a variable is absent or null. Raises `GraphQLError`."""
        if not self._variables and not self._mixed:
            return self._constants
        values = {name: variables.coerced.get(variable) for name, variable in self._variables.items()}
        if self._mixed or None in values.values():
            return get_argument_values(self._definition, self._node, variables)
        return {**self._constants, **values}


def _names_variables(node: Any) -> bool:
    found: list[VariableNode] = []

    class Variables(Visitor):
        def enter_variable(self, variable: VariableNode, *_: Any) -> None:
            found.append(variable)

    visit(node, Variables())
    return bool(found)
