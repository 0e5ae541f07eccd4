"""How deep an operation nests."""

from graphql import (
    DocumentNode,
    ExecutableDefinitionNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    OperationDefinitionNode,
)


def depth_of(document: DocumentNode) -> int:
    """In fields, fragments included, of its deepest operation. Introspection does not count: it has a bound of its
    own. Works on any document that parses."""
    depths = _Depths(document)
    operations = [each for each in document.definitions if isinstance(each, OperationDefinitionNode)]
    return max(map(depths.below, operations), default=0)


class _Depths:
    def __init__(self, document: DocumentNode) -> None:
        fragments = (each for each in document.definitions if isinstance(each, FragmentDefinitionNode))
        self._fragments = {each.name.value: each for each in fragments}
        self._known: dict[str, int] = {}

    def below(self, node: ExecutableDefinitionNode | FieldNode | InlineFragmentNode) -> int:
        deepest = 0
        for child in node.selection_set.selections if node.selection_set else ():
            if isinstance(child, FieldNode):
                deepest = max(deepest, 0 if child.name.value.startswith("__") else 1 + self.below(child))
            elif isinstance(child, InlineFragmentNode):
                deepest = max(deepest, self.below(child))
            elif isinstance(child, FragmentSpreadNode):
                deepest = max(deepest, self._of_fragment(child.name.value))
        return deepest

    def _of_fragment(self, name: str) -> int:
        # A fragment that spreads itself is refused by the validator; here it only must not run for ever.
        if name not in self._known:
            self._known[name] = 0
            fragment = self._fragments.get(name)
            self._known[name] = self.below(fragment) if fragment else 0
        return self._known[name]
