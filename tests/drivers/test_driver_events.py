"""What the use cases of drivers tell, over fakes of their ports."""

from typing import Any

import pytest

from fleet_api.drivers.application.offboard_driver_interactor import OffboardDriverInteractor
from fleet_api.drivers.domain.driver_dto import DriverChangeDto, UpdateDriverDto
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.domain.session_dto import LoginDto
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.output_context import OutputSuccessContext
from fleet_api.shared.domain.viewer import ANONYMOUS
from tests.drivers.made import DISPATCHER, INVITATION, PROVIDER, Office, a_driver, code


async def test_an_invitation_and_its_acceptance_are_told_by_whoever_they_are_of() -> None:
    office = Office()
    invited = await office.invite().run_async(INVITATION.model_copy(update={"password": "right"}), DISPATCHER)
    assert isinstance(invited, OutputSuccessContext)
    me, at = invited.data.id, PROVIDER.id
    for _ in range(2):  # only the first login accepts
        await office.login().run_async(LoginDto(phone=INVITATION.phone, password="right"), ANONYMOUS)
    assert office.events.told == [
        Event("DRIVER_INVITED", me, at, None, "INVITED", me),
        Event("DRIVER_STATUS_CHANGED", me, at, "INVITED", "PENDING_VERIFICATION", me),
    ]
    assert office.events.actors == [None, f"driver:{me}"]


async def test_every_step_of_a_driver_is_told_from_and_to() -> None:
    driver = a_driver()
    office = Office(driver)
    dto = DriverChangeDto(driver_id=driver.id)
    steps = [
        office.suspend(),
        office.activate(),
        office.suspend(),
        OffboardDriverInteractor(office.drivers, office.events),
    ]
    for step in steps:
        assert code(await step.run_async(dto, DISPATCHER)) == "OK"
    assert [(event.kind, event.before, event.after) for event in office.events.told] == [
        ("DRIVER_STATUS_CHANGED", "ACTIVE", "SUSPENDED"),
        ("DRIVER_STATUS_CHANGED", "SUSPENDED", "ACTIVE"),
        ("DRIVER_STATUS_CHANGED", "ACTIVE", "SUSPENDED"),
        ("DRIVER_STATUS_CHANGED", "SUSPENDED", "OFFBOARDED"),
    ]
    assert {event.changed for event in office.events.told} == {()}


@pytest.mark.parametrize(
    ("asked", "changed"),
    [
        ({"full_name": "Kari N.", "licence_classes": ("B", "C1")}, ("fullName", "licenceClasses")),
        ({"password": "a new one, long enough"}, ("password",)),
        ({"full_name": "Kari N.", "password": "a new one, long enough"}, ("fullName", "password")),
        ({"full_name": "Kari Nordmann", "licence_classes": ("B",)}, None),
        ({}, None),
    ],
)
async def test_a_correction_tells_which_fields_and_not_what_they_hold(
    asked: dict[str, Any], changed: tuple[str, ...] | None
) -> None:
    driver = a_driver()
    office = Office(driver)
    assert code(await office.update().run_async(UpdateDriverDto(driver_id=driver.id, **asked), DISPATCHER)) == "OK"
    assert office.drivers.rows[driver.id].version == driver.version + 1
    expected = Event("DRIVER_UPDATED", driver.id, PROVIDER.id, driver_id=driver.id, changed=changed or ())
    assert office.events.told == ([expected] if changed else [])


async def test_what_is_refused_is_not_told() -> None:
    driver = a_driver(status=DriverStatus.INVITED)
    office = Office(driver)
    await office.suspend().run_async(DriverChangeDto(driver_id=driver.id), DISPATCHER)
    await office.activate().run_async(DriverChangeDto(driver_id=driver.id, expected_version=9), DISPATCHER)
    await office.invite().run_async(INVITATION, DISPATCHER)  # the phone is taken
    assert office.events.told == []
