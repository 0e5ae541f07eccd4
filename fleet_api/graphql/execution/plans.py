"""Plans that were made before, as many as there is room for."""

from collections import OrderedDict
from collections.abc import Callable, Hashable

from fleet_api.graphql.execution.compiler import NotUnderstood, Plan
from fleet_api.graphql.execution.documents import Operation

# Fields of all plans together, and tokens of their documents, which live as long: some 100 MB.
_ROOM = 200_000


class Plans:
    """Those that were used last. None is kept too, of what cannot be planned."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[Operation, Hashable], Plan | None] = OrderedDict()
        self._size = 0

    def get(self, operation: Operation, case: Hashable, make: Callable[[], Plan]) -> Plan | None:
        """case: on what else its plan depends."""
        key = operation, case
        if key in self._kept:
            self._kept.move_to_end(key)
            return self._kept[key]
        try:
            plan = make()
        except NotUnderstood:
            plan = None
        self._kept[key] = plan
        self._size += _weight(operation, plan)
        while self._size > _ROOM:
            (oldest, _), its_plan = self._kept.popitem(last=False)
            self._size -= _weight(oldest, its_plan)
        return plan


def _weight(operation: Operation, plan: Plan | None) -> int:
    return operation.size + (plan.size if plan else 0)
