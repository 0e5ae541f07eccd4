"""Sums in which sizes are still unknown: what an operation costs, whatever its variables will be."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Any

from graphql import FieldNode, GraphQLField, IntValueNode, ListValueNode, ValueNode, VariableNode

from fleet_api.shared.domain.page import DEFAULT_SIZE, MAX_MAP_SIZE

Variables = Mapping[str, Any]


@dataclass(frozen=True, slots=True, order=True)
class Size:
    """A list's, by variables. sources: the names of those that tell it, each before the next; a list tells by its
    length. otherwise: where none of them does."""

    sources: tuple[str, ...]
    otherwise: int

    def value(self, variables: Variables) -> int:
        for name in self.sources:
            told = variables.get(name)
            if told is not None:
                return _bounded(len(told) if isinstance(told, list) else int(told))
        return self.otherwise


class Sum:
    """Terms: for the sizes that are multiplied, by how much."""

    __slots__ = ("_terms",)

    def __init__(self, terms: Mapping[tuple[Size, ...], int]) -> None:
        self._terms = terms

    @classmethod
    def of(cls, number: int) -> "Sum":
        return cls({(): number} if number else {})

    @classmethod
    def total(cls, sums: Iterable["Sum"]) -> "Sum":
        terms: Counter[tuple[Size, ...]] = Counter()
        for each in sums:
            terms.update(each._terms)
        return cls(terms)

    @classmethod
    def greatest(cls, sums: Iterable["Sum"]) -> "Sum":
        """At least as great as each of them, whatever the sizes."""
        terms: Counter[tuple[Size, ...]] = Counter()
        for each in sums:
            terms |= Counter(each._terms)
        return cls(terms)

    def times(self, size: "Size | int") -> "Sum":
        if isinstance(size, int):
            return Sum({sizes: number * size for sizes, number in self._terms.items()})
        return Sum({tuple(sorted((*sizes, size))): number for sizes, number in self._terms.items()})

    @property
    def is_known(self) -> bool:
        """Whatever the variables."""
        return self._terms.keys() <= {()}

    def value(self, variables: Variables) -> int:
        return sum(
            number * prod(size.value(variables) for size in sizes) if sizes else number
            for sizes, number in self._terms.items()
        )


def size_of_page(node: FieldNode) -> Size | int:
    """How many rows a connection may answer: `last` before `first`, as pages are made."""
    given = {argument.name.value: argument.value for argument in node.arguments or ()}
    return _first_told([given.get("last"), given.get("first")], DEFAULT_SIZE)


def size_of_list(node: FieldNode, definition: GraphQLField, otherwise: int) -> Size | int:
    """How many objects a field answers that takes their ids; for others what its declaration says."""
    if "ids" not in definition.args:
        return otherwise
    given = [argument.value for argument in node.arguments or () if argument.name.value == "ids"]
    return _first_told(given, otherwise)


def is_page(definition: GraphQLField) -> bool:
    return "first" in definition.args


def _bounded(size: int) -> int:
    """More than any page may have will be refused by whoever makes the page, and in clearer words."""
    return min(max(size, 0), MAX_MAP_SIZE)


def _first_told(values: Iterable[ValueNode | None], otherwise: int) -> Size | int:
    sources: list[str] = []
    for value in values:
        if isinstance(value, VariableNode):
            sources.append(value.name.value)
        elif isinstance(value, IntValueNode | ListValueNode):
            told = _bounded(int(value.value) if isinstance(value, IntValueNode) else len(value.values))
            return Size(tuple(sources), told) if sources else told
    return Size(tuple(sources), otherwise) if sources else otherwise
