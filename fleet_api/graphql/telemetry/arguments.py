from typing import Annotated

import strawberry

from fleet_api.shared.domain.output_context import Refused
from fleet_api.telemetry.domain.telemetry_errors import invalid_pct

Pct = Annotated[int, strawberry.argument(description="Per cent, 1 to 100.")]


def charge_of(pct: int) -> int:
    """Raises `Refused` for what no battery below can have."""
    if not 1 <= pct <= 100:
        raise Refused(invalid_pct())
    return pct
