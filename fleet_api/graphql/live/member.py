"""One subscription of one client, as those see it who feed it."""

from abc import ABC, abstractmethod
from collections.abc import Sequence

MOST_UNSENT_BYTES = 256 * 1024
"""Whoever has not read so much does not read."""


class Member(ABC):
    """What a transport makes of each subscription. Nothing here waits but `drained`, and nothing raises: whoever is
    gone takes nothing more."""

    @abstractmethod
    def send(self, results: Sequence[bytes], cursors: Sequence[str] = ()) -> None:
        """Each is an execution result as JSON, and becomes one message; all of them leave in one write. A client that
        does not read is given up here.

        cursors: where the client goes on after each of them; none where the stream has no cursors.
        """

    @property
    @abstractmethod
    def is_behind(self) -> bool:
        """Whether it is to be given time before it is sent more."""

    @property
    @abstractmethod
    def unsent_bytes(self) -> int:
        """What the client has not taken yet, and our side of the network not either."""

    @abstractmethod
    async def drained(self) -> None:
        """Waits until the client has taken most of what was sent, or is gone."""

    @abstractmethod
    def give_up(self) -> None:
        """Its client does not read: ends the connection in such a way that it comes back with its last cursor."""
