"""How many sockets and event streams a principal has open."""

from collections import Counter

from fleet_api.graphql.limits.limits_errors import too_many_sockets
from fleet_api.shared.domain.output_context import Refused


class Seats:
    def __init__(self, each: int) -> None:
        self._each = each
        self._of: Counter[str] = Counter()

    def check(self, principal: str) -> None:
        """Raises `Refused` (TOO_MANY_SOCKETS) where there is none for one more."""
        if self._of[principal] >= self._each:
            raise Refused(too_many_sockets(self._each))

    def take(self, principal: str) -> None:
        """Must be left again."""
        self._of[principal] += 1

    def leave(self, principal: str) -> None:
        self._of[principal] -= 1
        if not self._of[principal]:
            del self._of[principal]
