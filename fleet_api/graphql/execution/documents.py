"""Documents, parsed and validated once."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    OperationType,
    VariableNode,
    Visitor,
    parse,
    specified_rules,
    validate,
    visit,
)
from graphql.execution.collect_fields import FragmentDetails

from fleet_api.graphql.execution.variables import Variables
from fleet_api.graphql.limits.depth import DepthLimit

# So that nobody keeps the parser busy. What an operation works on belongs into its variables.
MAX_TOKENS = 2_000
# A parsed document takes some fifty times its text.
_LONGEST_KEPT = 16_384
_KEPT = 512


class InvalidDocument(Exception):
    """A document that cannot run, or not without saying which of its operations."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


class Operation:
    """An operation of a valid document."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, definition: OperationDefinitionNode) -> None:
        self.document = document
        self.definition = definition
        fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
        self.fragment_definitions = {each.name.value: each for each in fragments}
        self.fragments = {name: FragmentDetails(each) for name, each in self.fragment_definitions.items()}
        self.name = definition.name.value if definition.name else None
        self.is_query = definition.operation is OperationType.QUERY
        self.variables = Variables(schema, definition)
        self.conditions = _conditions(document)
        """The variables that decide what is selected."""
        self.inner_variables = _inner_variables(document, definition)
        """Those that may differ from event to event of a subscription: all but what only its own arguments use."""


class Documents:
    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._rules = [*specified_rules, DepthLimit]
        self.kept = lru_cache(_KEPT)(self._read)

    def operation(self, text: str, name: str | None) -> Operation:
        """The operation to run. Raises `InvalidDocument`."""
        operations = self.kept(text) if len(text) <= _LONGEST_KEPT else self._read(text)
        if name is None and len(operations) > 1:
            raise _unclear("OPERATION_NAME_NEEDED", "The document has several operations: say which in operationName.")
        for operation in operations:
            if name in {None, operation.name}:
                return operation
        raise _unclear("UNKNOWN_OPERATION", "The document has no operation of that name.")

    def _read(self, text: str) -> list[Operation]:
        try:
            document = parse(text, max_tokens=MAX_TOKENS)
            errors = validate(self._schema, document, self._rules)
        except GraphQLError as error:
            errors = [error]
        except Exception as error:  # such as a number of thousands of digits, which Python will not read
            errors = [GraphQLError(str(error), original_error=error)]
        if errors:
            raise InvalidDocument(errors)
        operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
        return [Operation(self._schema, document, each) for each in operations]


def _unclear(code: str, message: str) -> InvalidDocument:
    return InvalidDocument([GraphQLError(message, extensions={"code": code})])


def _conditions(document: DocumentNode) -> tuple[str, ...]:
    names: set[str] = set()

    class Conditions(Visitor):
        def enter_directive(self, node: DirectiveNode, *_: Any) -> None:
            values = (argument.value for argument in node.arguments or ())
            names.update(value.name.value for value in values if isinstance(value, VariableNode))

    visit(document, Conditions())
    return tuple(sorted(names))


def _inner_variables(document: DocumentNode, definition: OperationDefinitionNode) -> tuple[str, ...]:
    fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
    inner: list[Node] = [*fragments, *(definition.directives or ())]
    for root in definition.selection_set.selections:
        if isinstance(root, FieldNode):
            inner += [*(root.directives or ()), *([root.selection_set] if root.selection_set else [])]
        else:
            inner.append(root)
    names: set[str] = set()

    class Names(Visitor):
        def enter_variable(self, node: VariableNode, *_: Any) -> None:
            names.add(node.name.value)

    for node in inner:
        visit(node, Names())
    return tuple(sorted(names))
