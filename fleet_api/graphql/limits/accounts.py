"""What is known of each principal: one record, that is found once for each operation."""

import math

_REMEMBERED = 50_000


class Account:
    """level: what it may spend, without what came back since `refilled_at`. running, waiting: how many of its
    operations do."""

    __slots__ = ("level", "principal", "refilled_at", "running", "waiting")

    def __init__(self, principal: str) -> None:
        self.principal = principal
        self.level = 0
        self.refilled_at = -math.inf  # long enough ago to be full
        self.running = 0
        self.waiting = 0


class Accounts:
    def __init__(self) -> None:
        # Two generations: whoever is not seen while the newer one fills is forgotten with the older, and has most of
        # its budget back by then; but nobody is who has operations under way.
        self._newer: dict[str, Account] = {}
        self._older: dict[str, Account] = {}

    def of(self, principal: str) -> Account:
        return self._newer.get(principal) or self._recalled(principal)

    def _recalled(self, principal: str) -> Account:
        account = self._older.pop(principal, None) or Account(principal)
        if len(self._newer) >= _REMEMBERED:
            busy = {name: each for name, each in self._older.items() if each.running or each.waiting}
            self._newer, self._older = busy, self._newer
        self._newer[principal] = account
        return account
