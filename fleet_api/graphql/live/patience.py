"""Reading for who follows: a database that is away for a moment costs them time, but not their stream."""

import asyncio
from typing import Any, TypeVar

from fleet_api.graphql.context import Context
from fleet_api.shared.domain.output_context import OutputErrorContext, Refused
from fleet_api.shared.infrastructure.unit_of_work import Depends

O = TypeVar("O")  # noqa: E741 - output

_AGAIN_S = 0.5
_UNAVAILABLE = 503


async def read_in_time(context: Context, depends: Depends[Any, O], dto: Any) -> O:
    """As soon as the database answers: a client that came back need not come again. Raises `Refused` for all else."""
    while True:
        output = await context.fresh().read(depends, dto)
        if not isinstance(output, OutputErrorContext):
            return output.data
        if output.http_status != _UNAVAILABLE:
            raise Refused(output)
        await asyncio.sleep(_AGAIN_S)
