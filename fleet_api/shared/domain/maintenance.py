from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from fleet_api.shared.domain.dto import CommandDto


class MaintainDto(CommandDto):
    """retention: how long to keep what is in the partitions. late: how old may be what still comes in; by default as
    old as what is kept."""

    retention: timedelta
    late: timedelta | None = None


@dataclass(frozen=True, slots=True)
class MaintenanceReport:
    """The weeks, each by its Monday, that were made, dropped, and too busy to be dropped now."""

    created: Sequence[date]
    dropped: Sequence[date]
    postponed: Sequence[date]
