"""graphql-core's validation, without what its visitors make anew for each document.

The same rules see the same nodes in the same order. Which rule wants to see which kind of node is found out once, and
next to nothing that is made for a document refers to itself: what a stranger's nonsense leaves behind is gone at once,
and not when a collection of garbage keeps everybody waiting.
"""

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, NamedTuple

from graphql import (
    BREAK,
    SKIP,
    DocumentNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    OperationDefinitionNode,
    TypeInfo,
    ValidationContext,
    Visitor,
    specified_rules,
    visit,
)
from graphql.language.visitor import EnterLeaveVisitor
from graphql.validation.validate import (
    FragmentNestingVisitor,
    ValidationAbortedError,
    query_document_keys_to_validate,
)
from graphql.validation.validation_context import VariableUsage, VariableUsageVisitor

_Steps = tuple[tuple[int, Callable[..., Any]], ...]
"""Rules by their numbers, each with its method for a kind of node."""


def errors_in(schema: GraphQLSchema, document: DocumentNode, most: int) -> list[GraphQLError]:
    """At most so many, and then one that says that there are more; none for a valid document."""
    errors: list[GraphQLError] = []

    def note(error: GraphQLError) -> None:
        if len(errors) >= most:
            raise ValidationAbortedError("Too many validation errors, error limit reached. Validation aborted.")
        errors.append(error)
        # Whatever a scalar raised refers to all of this, and to itself.
        for raised in (error, error.original_error):
            if raised is not None:
                raised.__traceback__ = None

    type_info = TypeInfo(schema)
    context = _Context(schema, document, type_info, note)
    rules: list[Visitor] = [rule(context) for rule in specified_rules]
    fragments = {each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)}
    if fragments:
        rules.insert(0, FragmentNestingVisitor(fragments))
    try:
        visit(document, _SideBySide(type_info, rules), query_document_keys_to_validate)
    except ValidationAbortedError as error:
        error.__context__ = None
        errors.append(error.with_traceback(None))
    except RecursionError:
        errors.append(ValidationAbortedError("Validation aborted."))
    return errors


class _Context(ValidationContext):
    """Finds the variables of each operation and fragment by the same visitor: graphql-core would make one anew."""

    def get_variable_usages(self, node: OperationDefinitionNode | FragmentDefinitionNode) -> list[VariableUsage]:
        usages = self._variable_usages.get(node)
        if usages is None:
            visitor = VariableUsageVisitor(self._type_info, node if isinstance(node, FragmentDefinitionNode) else None)
            visit(node, _SideBySide(self._type_info, [visitor]))
            usages = self._variable_usages[node] = visitor.usages
        return usages


class _SideBySide(Visitor):
    def __init__(self, type_info: TypeInfo, rules: Sequence[Visitor]) -> None:
        super().__init__()
        self._type_info = type_info
        self._rules = rules
        self._looks = _kinds(tuple(map(type, rules)))
        self._skipping: dict[int, object] = {}
        """By rule: the node that it does not look into, or BREAK."""

    def get_enter_leave_for_kind(self, _: str) -> EnterLeaveVisitor:
        return EnterLeaveVisitor(self.enter, self.leave)

    def enter(self, node: Node, *where: Any) -> None:
        self._type_info.enter(node)
        skipping = self._skipping
        for number, look in self._looks[node.kind].enter:
            if number not in skipping:
                said = look(self._rules[number], node, *where)
                if said is SKIP or said is False:
                    skipping[number] = node
                elif said is BREAK or said is True:
                    skipping[number] = BREAK

    def leave(self, node: Node, *where: Any) -> None:
        skipping = self._skipping
        for number, look in self._looks[node.kind].leave:
            if number not in skipping:
                said = look(self._rules[number], node, *where)
                if said is BREAK or said is True:
                    skipping[number] = BREAK
        if skipping:
            self._skipping = {number: until for number, until in skipping.items() if until is not node}
        self._type_info.leave(node)


class _Looks(NamedTuple):
    enter: _Steps
    leave: _Steps


class _Kinds(dict[str, _Looks]):
    """What is looked at in nodes of each kind, and by which rules."""

    def __init__(self, rules: Sequence[type[Visitor]]) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, kind: str) -> _Looks:
        looks = self[kind] = _Looks(self._steps("enter", kind), self._steps("leave", kind))
        return looks

    def _steps(self, when: str, kind: str) -> _Steps:
        looks = [getattr(rule, f"{when}_{kind}", None) or getattr(rule, when, None) for rule in self._rules]
        return tuple((number, look) for number, look in enumerate(looks) if look is not None)


_kinds = cache(_Kinds)
