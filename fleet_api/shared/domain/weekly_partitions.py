"""What is kept for a while lies in partitions of a week each, so that what is old is dropped at once."""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, timedelta

WEEK = timedelta(days=7)
AHEAD = timedelta(days=14)


class WeeklyPartitions(ABC):
    """The weeks that there is room for, each named by its Monday."""

    @abstractmethod
    async def hold(self) -> None:
        """Keeps every other process from changing them until the unit of work ends."""

    @abstractmethod
    async def existing(self) -> Collection[date]: ...

    @abstractmethod
    async def newest(self) -> datetime | None:
        """The time of the newest row of all."""

    @abstractmethod
    async def create(self, monday: date) -> None: ...

    @abstractmethod
    async def drop(self, monday: date) -> bool:
        """With all that it holds. False while somebody reads there: it stays for another time."""


def weeks(now: datetime, retention: timedelta) -> Sequence[date]:
    """The Mondays of all weeks that hold what is kept and what is to come."""
    monday, last = week_of(now - retention), week_of(now + AHEAD)
    return [monday + WEEK * count for count in range((last - monday) // WEEK + 1)]


def week_of(at: datetime) -> date:
    """The Monday of its week, in UTC."""
    day = at.astimezone(UTC).date()
    return day - timedelta(days=day.weekday())
