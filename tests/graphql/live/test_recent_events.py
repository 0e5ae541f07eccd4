"""What is remembered is what the database would have answered."""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from random import Random
from uuid import UUID

import pytest

from fleet_api.drivers.domain.driver_events import DriverEvent
from fleet_api.graphql.live import recent_events
from fleet_api.graphql.live.recent_events import RecentEvents
from fleet_api.graphql.live.scope import Scope
from fleet_api.shared.domain.event_log import EventsAsked, EventWatch
from fleet_api.shared.domain.snapshot import Snapshot
from fleet_api.shared.infrastructure.events.tail import Batch, Told
from fleet_api.shared.infrastructure.sight import Reach

ALL = EventWatch(frozenset({"DRIVER_UPDATED"}))
PARENT, NORTH, SOUTH = (UUID(int=number) for number in range(3))
DRIVERS = [UUID(int=number) for number in range(10, 14)]
SCOPES = [
    Scope(Reach.EVERYTHING),
    Scope(Reach.SUBTREE, PARENT),
    Scope(Reach.PROVIDER, NORTH),
    Scope(Reach.PROVIDER, SOUTH),
    *(Scope(Reach.DRIVER, NORTH, driver) for driver in DRIVERS),
    Scope(Reach.NOTHING),
]


def _told(id: int, transaction: int, chance: Random) -> Told:
    provider = chance.choice([NORTH, NORTH, SOUTH])
    driver = chance.choice([*DRIVERS, None]) if provider == NORTH else None
    event = DriverEvent(
        id, "DRIVER_UPDATED", UUID(int=99), id, provider, driver, None, None, None, (), "system", datetime.now(UTC)
    )
    return Told(event, transaction, [provider, PARENT] if provider == NORTH else [provider])


def _history(chance: Random) -> Iterator[Batch]:
    """Transactions that take their ids in one order and end in another, as looks of the tail find them."""
    waiting: list[Told] = []
    seen, newest = Snapshot(1, 1), 0
    for transaction in range(1, 200):
        waiting.append(_told(transaction + 1_000, transaction, chance))
        ended = [told for told in waiting if chance.random() < 0.5]
        waiting = [told for told in waiting if told not in ended]
        newest = max([newest, *(told.event.id for told in ended)])
        running = tuple(told.transaction for told in waiting)
        now = Snapshot(min([transaction + 1, *running]), transaction + 1, running, newest)
        if ended:
            yield Batch(seen, now, 0, 0, ended, is_whole=True)
        seen = now


def _sees(scope: Scope, told: Told) -> bool:
    event = told.event
    return {
        Reach.EVERYTHING: True,
        Reach.SUBTREE: scope.provider_id in told.lineage,
        Reach.PROVIDER: scope.provider_id == event.fleet_provider_id,
        Reach.DRIVER: scope.driver_id == event.driver_id,
        Reach.NOTHING: False,
    }[scope.reach]


def _ids(told: Sequence[Told], scope: Scope, asked: EventsAsked) -> list[int]:
    return sorted(
        each.event.id
        for each in told
        if not asked.seen.shows_event(each.transaction, each.event.id)
        and asked.until.shows_event(each.transaction, each.event.id)
        and each.event.id > asked.after_id
        and _sees(scope, each)
    )


@pytest.mark.parametrize("seed", range(8))
def test_what_is_remembered_is_what_was_told(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recent_events, "_MOST", 60)
    chance = Random(seed)
    batches = list(_history(chance))
    told = [each for batch in batches for each in batch.told]
    recent = RecentEvents()
    for batch in batches:
        recent.add(batch)
    until, remembered = batches[-1].reading, 0
    for batch in batches:
        for asked in (
            EventsAsked(ALL, batch.seen, until, 0, 0),
            EventsAsked(ALL, batch.seen, batch.reading, batch.told[0].event.id, 0),
        ):
            for scope in SCOPES:
                page = recent.page(asked, scope)
                if page is not None:
                    remembered += 1
                    assert [event.id for event in page.events] == _ids(told, scope, asked)
    assert 0 < remembered < 2 * len(batches) * len(SCOPES)
    assert recent.page(EventsAsked(ALL, batches[0].seen, until, 0, 0), SCOPES[0]) is None


def test_nothing_is_remembered_before_anything_was_told() -> None:
    snapshot = Snapshot(5, 5)
    assert RecentEvents().page(EventsAsked(ALL, snapshot, snapshot, 0, 0), SCOPES[0]) is None


def test_too_much_is_left_to_the_database_which_gives_it_in_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    batches = list(_history(Random(1)))
    recent = RecentEvents()
    for batch in batches:
        recent.add(batch)
    asked = EventsAsked(ALL, batches[0].seen, batches[-1].reading, 0, 0)
    count = sum(len(batch.told) for batch in batches)
    for most, is_given in ((count, True), (count - 1, False)):
        monkeypatch.setattr(recent_events, "_AT_ONCE", most)
        assert (recent.page(asked, SCOPES[0]) is not None) is is_given
