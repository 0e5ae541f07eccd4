"""Documents, parsed and validated once."""

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from graphql import (
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    GraphQLSchema,
    InlineFragmentNode,
    Node,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    Token,
    VariableNode,
    Visitor,
    parse,
    visit,
)
from graphql.execution.collect_fields import FragmentDetails

from fleet_api.graphql.execution.validation import errors_in
from fleet_api.graphql.execution.variables import Variables
from fleet_api.graphql.limits.depth import depth_of
from fleet_api.graphql.limits.limits_errors import too_deep
from fleet_api.shared.domain.output_context import Refused

if TYPE_CHECKING:
    from fleet_api.graphql.limits.cost import Cost, Costing

# Tokens of all documents together: some 100 MB. Whoever drives out what others use pays as much for it.
_ROOM = 200_000
# Of each, beside its tokens: whatever else is known of it, and its text.
_SMALLEST = 20
_CHARACTERS_OF_A_TOKEN = 500
# To find more keeps everybody else waiting.
_MOST_ERRORS = 5


class InvalidDocument(Exception):
    """A document that cannot run, or not without saying which of its operations."""

    def __init__(self, errors: Sequence[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


class Operation:
    """An operation of a valid document."""

    def __init__(
        self, schema: GraphQLSchema, document: DocumentNode, size: int, definition: OperationDefinitionNode
    ) -> None:
        self.document = document
        self.size = size
        """Of its document, which lives as long, in tokens."""
        self.definition = definition
        fragments = [each for each in document.definitions if isinstance(each, FragmentDefinitionNode)]
        self.fragment_definitions = {each.name.value: each for each in fragments}
        self.fragments = {name: FragmentDetails(each) for name, each in self.fragment_definitions.items()}
        self.name = definition.name.value if definition.name else None
        self.type = definition.operation.value
        self.is_query = definition.operation is OperationType.QUERY
        self.is_subscription = definition.operation is OperationType.SUBSCRIPTION
        self.variables = Variables(schema, definition)
        self.conditions = _conditions(document)
        """The variables that decide what is selected."""
        self.inner_variables = _inner_variables(document, definition)
        """Those that may differ from event to event of a subscription: all but what only its own arguments use."""
        self.costings: dict[tuple[Any, ...], Costing] = {}
        """How it is found out what it costs, by the values of its conditions."""
        self.costs: dict[tuple[Any, ...], Cost] = {}
        """What it costs, where nothing but its conditions decides that, and anybody may ask it."""
        roots = set(_roots(definition.selection_set, self.fragment_definitions, set()))
        self.introspects = not roots.isdisjoint({"__schema", "__type"})


class Document:
    """A valid one. size: in tokens, with what its text takes."""

    __slots__ = ("_definitions", "_document", "_known", "_schema", "size")

    def __init__(self, schema: GraphQLSchema, document: DocumentNode) -> None:
        self._schema = schema
        self._document = document
        self.size = _size_of(document)
        self._definitions = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
        self._known: dict[str | None, Operation] = {}

    @property
    def operations(self) -> list[Operation]:
        """At least one."""
        return [self.operation(each.name.value if each.name else None) for each in self._definitions]

    def operation(self, name: str | None) -> Operation:
        """The operation to run. Raises `InvalidDocument`."""
        # Found out when it is asked for: to do so for hundreds in one document takes the square of their number.
        operation = self._known.get(name)
        if operation is None:
            operation = self._known[name] = Operation(self._schema, self._document, self.size, self._definition(name))
        return operation

    def _definition(self, name: str | None) -> OperationDefinitionNode:
        if name is None and len(self._definitions) > 1:
            raise _unclear("OPERATION_NAME_NEEDED", "The document has several operations: say which in operationName.")
        for definition in self._definitions:
            if name is None or (definition.name and definition.name.value == name):
                return definition
        raise _unclear("UNKNOWN_OPERATION", "The document has no operation of that name.")


class Documents:
    """Those that were used last. hits, misses: how often one was known, and had to be read."""

    def __init__(self, schema: GraphQLSchema, max_depth: int) -> None:
        self._schema = schema
        self._max_depth = max_depth
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._size = 0
        self.hits = self.misses = 0

    def known(self, text: str) -> Document | None:
        document = self._kept.get(text)
        if document is not None:
            self._kept.move_to_end(text)
            self.hits += 1
        return document

    def read(self, text: str) -> Document:
        """Parses, validates and keeps it. Raises `InvalidDocument`, and `Refused` for one that is too deep."""
        document = self._read(text)
        self.misses += 1
        if (twin := self._kept.pop(text, None)) is not None:  # two who asked at once have read it, both
            self._size -= twin.size
        self._kept[text] = document
        self._size += document.size
        while self._size > _ROOM:
            _, oldest = self._kept.popitem(last=False)
            self._size -= oldest.size
        return document

    def _read(self, text: str) -> Document:
        try:
            document = _unlinked(parse(text))
            if depth_of(document) > self._max_depth:
                raise Refused(too_deep(self._max_depth))
            errors = errors_in(self._schema, document, _MOST_ERRORS)
        except GraphQLError as error:
            errors = [error.with_traceback(None)]  # whose frames would know the error, and it them
        except Refused:
            raise
        except Exception as error:  # such as a number of thousands of digits, which Python will not read
            errors = [GraphQLError(str(error), original_error=error)]
        if errors:
            raise InvalidDocument(errors)
        return Document(self._schema, document)


def _unlinked(document: DocumentNode) -> DocumentNode:
    """Its tokens know the next, and no longer the one before: else only a collection of garbage could tell that nobody
    needs them."""
    token: Token | None = document.loc.start_token if document.loc else None
    while token is not None:
        token.prev, token = None, token.next
    return document


def _size_of(document: DocumentNode) -> int:
    if document.loc is None:  # nobody parses without
        return 0
    size = _SMALLEST + len(document.loc.source.body) // _CHARACTERS_OF_A_TOKEN
    token: Token | None = document.loc.start_token
    while token is not None:
        size, token = size + 1, token.next
    return size


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


def _roots(
    selections: SelectionSetNode, fragments: Mapping[str, FragmentDefinitionNode], seen: set[str]
) -> Iterator[str]:
    """The names of an operation's root fields."""
    for node in selections.selections:
        if isinstance(node, FieldNode):
            yield node.name.value
        elif isinstance(node, InlineFragmentNode):
            yield from _roots(node.selection_set, fragments, seen)
        elif isinstance(node, FragmentSpreadNode) and node.name.value not in seen:
            seen.add(node.name.value)
            yield from _roots(fragments[node.name.value].selection_set, fragments, seen)
