import asyncio
import threading

import argon2
import pytest
from argon2.exceptions import InvalidHashError

from fleet_api.shared.infrastructure.auth.passwords import PasswordHasher


@pytest.fixture(scope="module")
def hasher() -> PasswordHasher:
    return PasswordHasher(workers=2)


async def test_a_password_matches_its_own_hash_only(hasher: PasswordHasher) -> None:
    hashed = await hasher.hash("correct horse")
    assert hashed.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert "correct" not in hashed
    assert await hasher.verify(hashed, "correct horse")
    assert not await hasher.verify(hashed, "Correct horse")
    assert not await hasher.verify(hashed, "")


async def test_equal_passwords_have_different_hashes(hasher: PasswordHasher) -> None:
    assert await hasher.hash("correct horse") != await hasher.hash("correct horse")


async def test_who_has_no_password_costs_as_much_and_never_matches(
    hasher: PasswordHasher, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The work is compared, not the clock: a full verification of the same parameters runs for both."""
    verified: list[argon2.Parameters] = []
    verify = argon2.PasswordHasher.verify

    def spy(self: argon2.PasswordHasher, hash: str, password: bytes) -> bool:
        verified.append(argon2.extract_parameters(hash))
        return bool(verify(self, hash, password))

    hashed = await hasher.hash("correct horse")
    monkeypatch.setattr(argon2.PasswordHasher, "verify", spy)
    assert not await hasher.verify(hashed, "wrong")
    assert not await hasher.verify(None, "wrong")
    assert not await hasher.verify(None, "")
    assert len(verified) == 3
    assert len(set(map(repr, verified))) == 1


async def test_one_password_in_two_spellings(hasher: PasswordHasher) -> None:
    assert await hasher.verify(await hasher.hash("caf\u00e9"), "cafe\u0301")


async def test_a_password_that_is_no_text_is_only_wrong(hasher: PasswordHasher) -> None:
    assert not await hasher.verify(await hasher.hash("correct horse"), "\ud800")


async def test_a_broken_hash_is_not_taken_for_a_wrong_password(hasher: PasswordHasher) -> None:
    with pytest.raises(InvalidHashError):
        await hasher.verify("plain text", "plain text")


async def test_no_more_than_the_workers_hash_at_once_even_when_requests_are_given_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    running: list[int] = []
    most_running = 0
    started, gate = threading.Semaphore(0), threading.Event()

    def slow(*_: object) -> str:
        nonlocal most_running
        running.append(1)
        most_running = max(most_running, len(running))
        started.release()
        gate.wait(30)
        running.pop()
        return "done"

    monkeypatch.setattr(argon2.PasswordHasher, "hash", slow)
    hasher = PasswordHasher(workers=2)
    given_up = [asyncio.create_task(hasher.hash("x")) for _ in range(2)]
    for _ in given_up:
        await asyncio.to_thread(started.acquire)
    for task in given_up:
        task.cancel()
    await asyncio.wait(given_up)
    waiting = [asyncio.create_task(hasher.hash("x")) for _ in range(6)]
    await asyncio.sleep(0.1)  # in which a hasher that had freed the places would fill them again
    gate.set()
    assert await asyncio.gather(*waiting) == ["done"] * 6
    assert most_running == 2
