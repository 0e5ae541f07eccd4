"""Which of several operations to run must be said; strawberry would run the first."""

from collections.abc import Iterator

from graphql import GraphQLError, OperationDefinitionNode
from strawberry.extensions import SchemaExtension


class OperationNameNeeded(SchemaExtension):
    def on_validate(self) -> Iterator[None]:
        # What the request named; the public `operation_name` falls back to the first operation's.
        context = self.execution_context
        definitions = context.graphql_document.definitions if context.graphql_document else ()
        operations = [each for each in definitions if isinstance(each, OperationDefinitionNode)]
        if len(operations) > 1 and context._provided_operation_name is None:
            message = "The document has several operations: say which in operationName."
            error = GraphQLError(message, operations, extensions={"code": "OPERATION_NAME_NEEDED"})
            context.pre_execution_errors = [error]
        yield
