from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class MaintenanceReport:
    """The weeks of the history, each by its Monday, that were made, dropped, and too busy to be dropped now."""

    created: Sequence[date]
    dropped: Sequence[date]
    postponed: Sequence[date]
