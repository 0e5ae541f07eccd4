"""Plans that were made before, as many as there is room for."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from fleet_api.graphql.execution.compiler import NotUnderstood, Plan

# Fields of all plans together: some 50 MB.
_ROOM = 50_000
_SMALLEST = 10


class Plans:
    """Those that were used last. None is kept too, of what cannot be planned."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Hashable, Plan | None] = OrderedDict()
        self._size = 0

    def get(self, case: Hashable, make: Callable[[], Plan]) -> Plan | None:
        if case in self._kept:
            self._kept.move_to_end(case)
            return self._kept[case]
        try:
            plan = make()
        except NotUnderstood:
            plan = None
        self._kept[case] = plan
        self._size += _weight(plan)
        while self._size > _ROOM:
            _, oldest = self._kept.popitem(last=False)
            self._size -= _weight(oldest)
        return plan


def _weight(plan: Plan | None) -> int:
    return _SMALLEST + (plan.size if plan else 0)
