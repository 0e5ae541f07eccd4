from fleet_api.shared.domain.viewer import Viewer

_STRANGERS = 60
_MINUTE = 60


class Damper:
    """Lets a flood of refusals through as a trickle, so that nobody fills the disk with what they may not do: one a
    minute of those that are alike, and 60 a minute of all strangers together, who cost nothing to invent. Each process
    has its own."""

    def __init__(self) -> None:
        self._minute = 0
        self._let_through: set[tuple[str, ...]] = set()
        self._strangers = 0

    def lets_through(self, viewer: Viewer, at: float, *alike: str) -> bool:
        """at: now, in seconds. alike: what makes two refusals of one viewer the same."""
        if at // _MINUTE != self._minute:
            self._minute, self._strangers = int(at // _MINUTE), 0
            self._let_through.clear()
        refusal = (viewer.principal, viewer.address, *alike)
        is_stranger = viewer.role is None
        if refusal in self._let_through or (is_stranger and self._strangers >= _STRANGERS):
            return False
        self._let_through.add(refusal)
        self._strangers += is_stranger
        return True
