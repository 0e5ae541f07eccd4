from collections import Counter

from fleet_api.shared.domain.viewer import Viewer

_A_MINUTE_EACH = 60
_MINUTE = 60


class Damper:
    """Lets a flood of refusals through as a trickle, so that nobody fills the disk with what they may not do: one a
    minute of those that are alike, and 60 a minute of each viewer. Strangers together count as one, since they cost
    nothing to invent. Each process has its own."""

    def __init__(self) -> None:
        self._minute = 0
        self._let_through: set[tuple[str, ...]] = set()
        self._counts: Counter[str] = Counter()

    def lets_through(self, viewer: Viewer, at: float, *alike: str) -> bool:
        """at: now, in seconds. alike: what makes two refusals of one viewer, or of one address, the same."""
        if at // _MINUTE != self._minute:
            self._minute = int(at // _MINUTE)
            self._let_through.clear()
            self._counts.clear()
        who = viewer.principal if viewer.role else ""
        refusal = (who or viewer.address, *alike)
        if refusal in self._let_through or self._counts[who] >= _A_MINUTE_EACH:
            return False
        self._let_through.add(refusal)
        self._counts[who] += 1
        return True
