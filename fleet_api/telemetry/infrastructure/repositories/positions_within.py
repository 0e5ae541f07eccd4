"""Whether the latest position lies in a box, in the words of its index."""

from collections.abc import Mapping
from typing import Any

import asyncpg
from sqlalchemy import ColumnElement, bindparam, func, or_
from sqlalchemy.types import UserDefinedType

from fleet_api.telemetry.domain.geometry import Bounds
from fleet_api.telemetry.infrastructure.repositories.telemetry_table import latest_telemetry


class _Box(UserDefinedType[asyncpg.Box]):
    render_bind_cast = True
    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "BOX"


def _inside(box: str) -> ColumnElement[bool]:
    here = func.point(latest_telemetry.c.longitude, latest_telemetry.c.latitude)
    return here.op("<@", is_comparison=True)(bindparam(box, type_=_Box))


# The one that fits is chosen by the parameters that are there: a box, or its halves beside the antimeridian.
WITHIN = (_inside("box"), or_(_inside("western_half"), _inside("eastern_half")))


def boxes(bounds: Bounds) -> Mapping[str, Any]:
    """The parameters of `WITHIN`."""
    halves = [asyncpg.Box((east, bounds.north), (west, bounds.south)) for west, east in bounds.halves]
    return {"box": halves[0]} if len(halves) == 1 else {"western_half": halves[0], "eastern_half": halves[1]}
