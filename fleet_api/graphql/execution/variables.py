"""What a client sent for an operation's variables, as graphql-core coerces it."""

from typing import Any

from graphql import GraphQLError, GraphQLNonNull, GraphQLSchema, OperationDefinitionNode
from graphql.execution.get_variable_signature import GraphQLVariableSignature, get_variable_signature
from graphql.execution.values import VariableValues, VariableValueSource, get_variable_values

_MAX_ERRORS = 50

# Of these types, what JSON gives is what coercion gives.
_AS_IT_IS = {"ID": str, "String": str, "Boolean": bool}


class Variables:
    """Those of one operation. Their signatures do not change from request to request."""

    def __init__(self, schema: GraphQLSchema, definition: OperationDefinitionNode) -> None:
        self._schema = schema
        self._definitions = definition.variable_definitions or ()
        signatures = [get_variable_signature(schema, each) for each in self._definitions]
        self._plain = [_plain(each) for each in signatures]

    def coerced(self, given: dict[str, Any]) -> VariableValues | list[GraphQLError]:
        sources: dict[str, VariableValueSource] = {}
        values: dict[str, Any] = {}
        for plain in self._plain:
            if plain is None or given.get(plain[0].name).__class__ is not plain[1]:
                return get_variable_values(self._schema, self._definitions, given, _MAX_ERRORS)
            signature = plain[0]
            values[signature.name] = value = given[signature.name]
            sources[signature.name] = VariableValueSource(signature, value)
        return VariableValues(sources, values)


def _plain(signature: GraphQLVariableSignature | GraphQLError) -> tuple[GraphQLVariableSignature, type] | None:
    if isinstance(signature, GraphQLError):
        return None
    kind = signature.type.of_type if isinstance(signature.type, GraphQLNonNull) else signature.type
    expected = _AS_IT_IS.get(getattr(kind, "name", ""))
    return (signature, expected) if expected else None
