"""How deep an operation may nest. Whoever needs more asks twice."""

from typing import Any

from graphql import (
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLError,
    InlineFragmentNode,
    OperationDefinitionNode,
    ValidationContext,
    ValidationRule,
)

MAX_DEPTH = 16


class DepthLimit(ValidationRule):
    """Refuses operations deeper than `MAX_DEPTH` fields, fragments included. Introspection does not count."""

    def __init__(self, context: ValidationContext) -> None:
        super().__init__(context)
        self._depths: dict[str, int] = {}

    def enter_operation_definition(self, node: OperationDefinitionNode, *_: Any) -> None:
        if self._depth(node) > MAX_DEPTH:
            message = f"The operation nests deeper than {MAX_DEPTH} fields."
            self.report_error(GraphQLError(message, [node], extensions={"code": "TOO_DEEP"}))

    def _depth(self, node: ExecutableDefinitionNode | FieldNode | InlineFragmentNode) -> int:
        deepest = 0
        for child in node.selection_set.selections if node.selection_set else ():
            if isinstance(child, FieldNode):
                deepest = max(deepest, 0 if child.name.value.startswith("__") else 1 + self._depth(child))
            elif isinstance(child, InlineFragmentNode):
                deepest = max(deepest, self._depth(child))
            elif isinstance(child, FragmentSpreadNode):
                deepest = max(deepest, self._fragment_depth(child.name.value))
        return deepest

    def _fragment_depth(self, name: str) -> int:
        # A fragment that spreads itself is refused by another rule; here it only must not run for ever.
        if name not in self._depths:
            self._depths[name] = 0
            fragment: FragmentDefinitionNode | None = self.context.get_fragment(name)
            self._depths[name] = self._depth(fragment) if fragment else 0
        return self._depths[name]
