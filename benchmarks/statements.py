"""What a request asks of PostgreSQL."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from fleet_api.shared.infrastructure.events.postgres_event_log import NOW

_CONTROL = re.compile(r"\s*(BEGIN|COMMIT|ROLLBACK|START|SAVEPOINT|RELEASE|SET|RESET|SHOW|CLOSE|UNLISTEN)\b", re.I)


@dataclass(frozen=True, slots=True)
class Statements:
    """Per request, as PostgreSQL counted them. control: those that begin and end transactions or set a session. What
    each process asks four times a second, whoever asks it for what, is not counted."""

    asked: float
    control: float

    @classmethod
    def of(cls, counted: Sequence[tuple[str, int]], requests: int) -> Self:
        control = sum(calls for query, calls in counted if _CONTROL.match(query))
        asked = sum(calls for query, calls in counted if query != NOW)
        return cls((asked - control) / requests, control / requests)

    def __str__(self) -> str:
        return f"{self.asked:g}" + (f" + {self.control:g}" if self.control else "")
