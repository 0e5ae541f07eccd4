"""What a resolver answers when the answer is still to be read: it says what to ask for, and leaves the asking to who
executes. graphql-core awaits each; the breadth-first executor gathers a whole level of them."""

from collections.abc import Generator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.infrastructure.unit_of_work import Depends

if TYPE_CHECKING:
    from fleet_api.graphql.context import Context

K = TypeVar("K")
V = TypeVar("V")

BatchDepends = Depends[Batch[K, Any], Mapping[K, V]]


class Load:
    """What one key leads to; None leads nowhere. asked: what all objects of a level ask alike, such as a page."""

    __slots__ = ("asked", "context", "depends", "key")

    def __init__(self, context: "Context", depends: BatchDepends[Any, Any], key: Any, asked: Any) -> None:
        self.context = context
        self.depends = depends
        self.key = key
        self.asked = asked

    def __await__(self) -> Generator[Any, None, Any]:
        return self.context.one(self).__await__()


class Ask:
    """The answer to a question that has no key, such as a root list."""

    __slots__ = ("context", "depends", "question")

    def __init__(self, context: "Context", depends: Depends[Any, Any], question: Any) -> None:
        self.context = context
        self.depends = depends
        self.question = question

    def __await__(self) -> Generator[Any, None, Any]:
        return self.context.answer(self).__await__()


EDGES: frozenset[type] = frozenset({Load, Ask})
