from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Which transactions had been committed at one moment, as PostgreSQL's `pg_snapshot` tells: those below `xmin`, and
    those below `xmax` that were not `running`. Of two of one database, one shows all that the other does.

    newest: the greatest id of an event that was there. Numbers of transactions that a crash undid are given out again,
    and then tell of other transactions than those that were shown: but their events have greater ids.
    """

    xmin: int
    xmax: int
    running: tuple[int, ...] = ()
    newest: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises `ValueError`."""
        xmin, xmax, running = text.split(":")
        return cls(int(xmin), int(xmax), tuple(map(int, running.split(","))) if running else ())

    def __str__(self) -> str:
        return f"{self.xmin}:{self.xmax}:{','.join(map(str, self.running))}"

    def shows(self, transaction: int) -> bool:
        return transaction < self.xmin or (transaction < self.xmax and transaction not in self.running)

    def shows_event(self, transaction: int, id: int) -> bool:
        """Whether the event of that id, which the transaction told, was there."""
        return id <= self.newest and self.shows(transaction)

    def covers(self, other: Self) -> bool:
        """Whether it shows all that the other does."""
        return self.newest >= other.newest and self.xmax >= other.xmax and not any(map(other.shows, self.running))


NOTHING = Snapshot(3, 3)
"""Shows no transaction of anybody: the first three numbers are PostgreSQL's own."""
