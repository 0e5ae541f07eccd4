"""Operations that take too long are cancelled, and leave nothing behind."""

import asyncio

from fleet_api.graphql.limits.patience import Patience


async def test_who_swallowed_the_end_of_patience_begins_anew() -> None:
    patience = Patience(0.05)
    task = patience.begin()
    try:
        await asyncio.sleep(5)
    except asyncio.CancelledError:
        pass  # as a driver does that makes an outage of it
    finally:
        patience.end(task)
    assert task.cancelling() == 0
    assert not patience.has_run_out(task)
