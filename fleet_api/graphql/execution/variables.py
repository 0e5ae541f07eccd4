"""What a client sent for an operation's variables, as graphql-core coerces it."""

from collections.abc import Callable
from typing import Any

from graphql import GraphQLError, GraphQLSchema, OperationDefinitionNode
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values

from fleet_api.graphql.execution.anomaly import Anomaly
from fleet_api.graphql.execution.inputs import coercer_of

_MAX_ERRORS = 50


class Variables:
    """Those of one operation. Their signatures do not change from request to request."""

    def __init__(self, schema: GraphQLSchema, definition: OperationDefinitionNode) -> None:
        self._schema = schema
        self._definitions = definition.variable_definitions or ()
        signatures = [get_variable_signature(schema, each) for each in self._definitions]
        self._known = [_known(each) for each in signatures]

    def coerced(self, given: dict[str, Any]) -> VariableValues | list[GraphQLError]:
        sources: dict[str, VariableValueSource] = {}
        values: dict[str, Any] = {}
        try:
            for known in self._known:
                if known is None or known[0].name not in given:
                    raise Anomaly
                signature, coerce = known
                value = given[signature.name]
                values[signature.name] = coerce(value)
                sources[signature.name] = VariableValueSource(signature, value)
        except Anomaly:
            return get_variable_values(self._schema, self._definitions, given, _MAX_ERRORS)
        return VariableValues(sources, values)


_Known = tuple[GraphQLVariableSignature, Callable[[Any], Any]]


def _known(signature: GraphQLVariableSignature | GraphQLError) -> _Known | None:
    if isinstance(signature, GraphQLError):
        return None
    coercer = coercer_of(signature.type)
    return (signature, coercer) if coercer else None
