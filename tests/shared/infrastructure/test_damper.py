"""A flood of refusals leaves a trickle of entries."""

from dataclasses import replace
from uuid import UUID

from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer
from fleet_api.shared.infrastructure.audit.damper import Damper

_ANNA = Viewer("anna", Role.FINANCE, UUID(int=1))
_NAMESAKE = Viewer("anna", Role.FINANCE, UUID(int=2))


def _stranger(number: int) -> Viewer:
    return Viewer("", None, None, address=f"192.0.2.{number}")


def test_of_what_is_alike_one_a_minute_is_let_through() -> None:
    damper = Damper()
    assert damper.lets_through(_ANNA, 60, "RETIRE_VEHICLE")
    assert not damper.lets_through(_ANNA, 119.9, "RETIRE_VEHICLE")
    assert damper.lets_through(_ANNA, 119.9, "SUSPEND_DRIVER")
    assert damper.lets_through(_NAMESAKE, 119.9, "RETIRE_VEHICLE")
    assert not damper.lets_through(replace(_ANNA, address="192.0.2.1"), 119.9, "RETIRE_VEHICLE")
    assert damper.lets_through(_ANNA, 120, "RETIRE_VEHICLE")


def test_whoever_is_signed_in_has_sixty_a_minute() -> None:
    """As whoever tries one phone after the other would find."""
    damper = Damper()
    assert all(damper.lets_through(_ANNA, 0, "LOGIN", f"phone {number}") for number in range(60))
    assert not damper.lets_through(_ANNA, 59, "LOGIN", "phone 60")
    assert damper.lets_through(_NAMESAKE, 59, "LOGIN", "phone 60")


def test_strangers_share_sixty_a_minute() -> None:
    damper = Damper()
    assert all(damper.lets_through(_stranger(number), 0, "LOGIN") for number in range(60))
    assert not damper.lets_through(_stranger(60), 59, "LOGIN")
    assert damper.lets_through(_ANNA, 59, "LOGIN")
    assert damper.lets_through(ANONYMOUS, 60, "LOGIN")
