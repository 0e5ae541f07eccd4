"""What the resolver of a subscription answers: not the events, but what to follow."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterable, AsyncIterator
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from fleet_api.graphql.context import Context
    from fleet_api.graphql.live.group import Group
    from fleet_api.graphql.live.live import Live
    from fleet_api.graphql.live.member import Member


class Following(Protocol):
    """A subscription that is fed."""

    def stop(self) -> None:
        """At once, and as often as one likes."""


class Watching(AsyncIterable[Any], ABC):
    """Followed by as many as ask the same, it is no iterable of anybody's; graphql-core only wants to see one."""

    def __aiter__(self) -> AsyncIterator[Any]:
        raise TypeError("events are fed by `Live`")

    @abstractmethod
    def feed(self, live: "Live", group: "Group", context: "Context", member: "Member") -> Following:
        """Feeds a member from now on."""
