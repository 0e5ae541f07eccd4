"""Who is remembered, and who is forgotten when there are too many."""

import pytest

from fleet_api.graphql.limits.accounts import Accounts
from fleet_api.graphql.limits.budget import OwnBudget
from fleet_api.graphql.limits.turns import Turns


def test_whoever_spends_is_not_forgotten_for_many_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleet_api.graphql.limits.accounts._REMEMBERED", 10)
    accounts, budget = Accounts(), OwnBudget(1_000, 1)
    for number in range(100):
        budget.spend(accounts.of(f"stranger {number}"), 1)
        if number % 9 == 0:
            budget.spend(accounts.of("anna"), 10)
    assert budget.spend(accounts.of("anna"), 1) in range(879, 890)
    assert budget.spend(accounts.of("stranger 0"), 1) == 999  # of whom nothing is left
    assert len(accounts._newer) + len(accounts._older) <= 20


def test_nobody_is_forgotten_who_has_operations_under_way(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fleet_api.graphql.limits.accounts._REMEMBERED", 10)
    accounts, turns = Accounts(), Turns(each=9, together=4)
    for _ in range(2):
        assert turns.enter_at_once(accounts.of("anna"), may_wait=False)
    for number in range(100):
        accounts.of(f"stranger {number}")
    assert not turns.enter_at_once(accounts.of("anna"), may_wait=False)  # who has half of all
    for _ in range(2):
        turns.leave(accounts.of("anna"))
    assert turns.enter_at_once(accounts.of("anna"), may_wait=False)
    assert len(accounts._newer) + len(accounts._older) <= 20


def test_a_principal_has_one_account() -> None:
    accounts = Accounts()
    anna = accounts.of("anna")
    assert accounts.of("anna") is anna
    assert accounts.of("ben") is not anna
