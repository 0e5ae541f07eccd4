from typing import cast
from uuid import UUID

import pytest

from fleet_api.shared.domain.permission import Permission, Role, permissions_of
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer

NORTH = UUID("01890000-0000-7000-8000-000000000001")
HARBOR = UUID("01890000-0000-7000-8000-000000000002")
DRIVER = "01890000-0000-7000-8000-00000000000d"

COLUMNS = ("platform_ops", "provider_admin", "dispatcher", "finance", "driver", "device", "auditor", "anonymous")
# Written out once more, and by permission rather than by role, so that no grant changes unnoticed.
TABLE = """
sign_in               x x x x x . x x
providers_read        x x x x x . x .
providers_create      x . . . . . . .
providers_write       x x . . . . . .
drivers_read          x x x x x . x .
drivers_read_personal x x x . x . x .
drivers_write         x x x . . . . .
catalogue_read        x x x x x . x .
catalogue_write       x . . . . . . .
vehicles_read         x x x x x . x .
vehicles_write        x x x . . . . .
telemetry_read        x x x . x . x .
telemetry_record      x x . . . x . .
geofences_read        x x x . . . x .
geofences_write       x x x . . . . .
audit_read            x x . . . . x .
schema_read           x x x x . . x .
maintain              x . . . . . . .
sessions_read         x . . . . . . .
"""
ROWS = {line.split()[0]: line.split()[1:] for line in TABLE.strip().splitlines()}


def test_every_permission_and_role_has_its_place_in_the_table() -> None:
    assert set(ROWS) == {str(permission) for permission in Permission}
    assert set(COLUMNS) == {str(role) for role in Role} | {"anonymous"}


@pytest.mark.parametrize("permission", Permission)
def test_permission_is_granted_as_in_the_table(permission: Permission) -> None:
    holders = {
        column for column in COLUMNS if permission in permissions_of(None if column == "anonymous" else Role(column))
    }
    assert holders == {column for column, mark in zip(COLUMNS, ROWS[permission], strict=True) if mark == "x"}


def test_a_role_that_is_not_in_the_table_has_nothing() -> None:
    assert permissions_of(cast(Role, "stranger")) == frozenset()


def test_viewer_may_what_its_role_may() -> None:
    device = Viewer(subject="tracker-7", role=Role.DEVICE, provider_id=NORTH)
    assert device.may(Permission.TELEMETRY_RECORD)
    assert not device.may(Permission.TELEMETRY_READ)
    assert ANONYMOUS.permissions == {Permission.SIGN_IN}
    assert Viewer.system().permissions == set(Permission)


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.PLATFORM_OPS])
def test_nobody_but_the_platform_is_without_a_provider(role: Role) -> None:
    with pytest.raises(ValueError, match="provider"):
        Viewer(subject=DRIVER, role=role, provider_id=None)


@pytest.mark.parametrize("role", [None, Role.PLATFORM_OPS])
def test_who_stands_above_or_outside_providers_has_none(role: Role | None) -> None:
    with pytest.raises(ValueError, match="provider"):
        Viewer(subject="ops", role=role, provider_id=NORTH)


def test_only_a_driver_has_a_driver_id() -> None:
    assert Viewer(subject=DRIVER, role=Role.DRIVER, provider_id=NORTH).driver_id == UUID(DRIVER)
    assert Viewer(subject=DRIVER, role=Role.DISPATCHER, provider_id=NORTH).driver_id is None
    with pytest.raises(ValueError, match="hexadecimal"):
        Viewer(subject="anna", role=Role.DRIVER, provider_id=NORTH)


def test_principals_of_different_viewers_differ() -> None:
    viewers = [
        ANONYMOUS,
        Viewer.system(),
        Viewer(subject="anna", role=Role.DISPATCHER, provider_id=NORTH),
        Viewer(subject="anna", role=Role.DISPATCHER, provider_id=HARBOR),
        Viewer(subject="anna", role=Role.AUDITOR, provider_id=NORTH),
    ]
    assert len({viewer.principal for viewer in viewers}) == len(viewers)
    assert viewers[2].principal == f"dispatcher:{NORTH}:anna"


def test_principal_outlives_a_token() -> None:
    first = Viewer(subject=DRIVER, role=Role.DRIVER, provider_id=NORTH, session_id=NORTH)
    later = Viewer(subject=DRIVER, role=Role.DRIVER, provider_id=NORTH, session_id=HARBOR)
    assert first.principal == later.principal
