"""What became of the points of one call."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

from fleet_api.shared.domain.text import Text


class Outcome(StrEnum):
    """What became of a point."""

    ACCEPTED = "ACCEPTED"
    DUPLICATE = "DUPLICATE"
    LATE = "LATE"
    REJECTED = "REJECTED"


@dataclass(frozen=True, slots=True)
class PointFault:
    """Why a point was rejected. code: stable, never translated. field: at fault, in the client's spelling."""

    code: str
    field: str
    message: Text


@dataclass(frozen=True, slots=True)
class PointOutcome:
    """index: of the point in the call, from 0."""

    index: int
    outcome: Outcome
    fault: PointFault | None = None

    @property
    def field(self) -> str | None:
        """Path of what is at fault, such as `points[3].speedKph`."""
        return f"points[{self.index}].{self.fault.field}" if self.fault else None


@dataclass(frozen=True, slots=True)
class TelemetryReceipt:
    """exceptions: the outcomes that are not ACCEPTED, by index; the rest, mostly all, need not be kept."""

    accepted: int
    duplicate: int
    late: int
    rejected: int
    exceptions: Sequence[PointOutcome]

    @classmethod
    def of(cls, size: int, exceptions: Sequence[PointOutcome]) -> Self:
        counted = Counter(exception.outcome for exception in exceptions)
        return cls(
            accepted=size - len(exceptions),
            duplicate=counted[Outcome.DUPLICATE],
            late=counted[Outcome.LATE],
            rejected=counted[Outcome.REJECTED],
            exceptions=exceptions,
        )

    @property
    def outcomes(self) -> Sequence[PointOutcome]:
        """One for each point, in the order of the call."""
        size = self.accepted + self.duplicate + self.late + self.rejected
        outcomes = [PointOutcome(index, Outcome.ACCEPTED) for index in range(size)]
        for exception in self.exceptions:
            outcomes[exception.index] = exception
        return outcomes
