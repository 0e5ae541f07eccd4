"""Numbers of several workers, each of which is met by some of the scrapes."""

import os
from pathlib import Path

import orjson
import pytest

from fleet_api.graphql.seen.families import CONNECTIONS, DURATION, OPERATIONS
from fleet_api.graphql.seen.numbers import Numbers, observe
from fleet_api.graphql.seen.workers import Workers, place_of_workers

_ABOUT = ("FleetMap", "query", "ok")


def _counted(numbers: Numbers, count: int, worker: str) -> Numbers:
    numbers.count(OPERATIONS, *_ABOUT, by=count)
    for _ in range(count):
        observe(numbers.cell(DURATION, "FleetMap", "query"), DURATION.bounds, 0.25)
    numbers.sample(CONNECTIONS, count, worker, "ws")
    return numbers


def test_what_is_counted_is_summed_and_what_is_the_case_is_not(tmp_path: Path) -> None:
    one, two = Workers(tmp_path), Workers(tmp_path)
    assert {one.number, two.number} == {"0", "1"}
    own = _counted(Numbers(), 2, one.number)
    two.tell(_counted(Numbers(), 3, two.number))

    seen = one.all(own)
    assert seen.cell(OPERATIONS, *_ABOUT) == [5]
    assert sum(seen.cell(DURATION, "FleetMap", "query")[:-1]) == 5
    assert seen.cell(DURATION, "FleetMap", "query")[-1] == pytest.approx(1.25)
    assert seen.cell(CONNECTIONS, one.number, "ws") == [2]
    assert seen.cell(CONNECTIONS, two.number, "ws") == [3]
    assert own.cell(OPERATIONS, *_ABOUT) == [2]


def test_a_worker_that_follows_one_that_died_counts_on(tmp_path: Path) -> None:
    one, two = Workers(tmp_path), Workers(tmp_path)
    two.tell(_counted(Numbers(), 3, two.number))
    os.close(two._held)  # as the kernel does

    third = Workers(tmp_path)
    assert third.number == two.number
    before = third.before()
    assert before.cell(OPERATIONS, *_ABOUT) == [3]
    assert CONNECTIONS.name not in before.cells
    assert one.all(Numbers()).cell(OPERATIONS, *_ABOUT) == [3]


def test_of_a_worker_that_is_silent_only_what_it_counted_stays(tmp_path: Path) -> None:
    one, two = Workers(tmp_path), Workers(tmp_path)
    two.tell(_counted(Numbers(), 3, two.number))
    path = tmp_path / f"{two.number}.json"
    told = orjson.loads(path.read_bytes())
    path.write_bytes(orjson.dumps(told | {"at": told["at"] - 60}))
    seen = one.all(Numbers())
    assert seen.cell(OPERATIONS, *_ABOUT) == [3]
    assert CONNECTIONS.name not in seen.cells


def test_half_a_file_is_none(tmp_path: Path) -> None:
    one, two = Workers(tmp_path), Workers(tmp_path)
    (tmp_path / f"{two.number}.json").write_bytes(b'{"at": 17')
    assert one.all(Numbers()).cells == {}


def test_their_place_is_gone_with_the_server_and_what_a_killed_one_left_with_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    killed = tmp_path / "fleet-api-workers-killed"
    killed.mkdir()
    (killed / "server").touch()
    others = tmp_path / "of-others"
    others.mkdir()
    with place_of_workers() as first, place_of_workers() as second:
        assert set(tmp_path.iterdir()) == {first, second, others}
    assert list(tmp_path.iterdir()) == [others]
