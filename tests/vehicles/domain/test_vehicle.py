"""What a vehicle and its assignments decide by themselves."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from fleet_api.shared.domain.output_context import OutputErrorContext, Refused
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.domain.vehicle_assignment_dto import AssignVehicleDto, ReleaseVehicleDto
from fleet_api.vehicles.domain.vehicle_dto import RegisterVehicleDto, UpdateVehicleDto
from tests.vehicles.examples import MODEL, REGISTER, driver, provider, vehicle

_NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)

# What each makes of a vehicle, by where it stood.
_TRANSITIONS: dict[str, tuple[Callable[[Vehicle], Vehicle | OutputErrorContext], dict[str, str]]] = {
    # ASSIGNED too: who holds it is told by its assignments, so the database refuses the second driver.
    "hand over": (
        lambda v: v.hand_over(v.odometer_m),
        {"AVAILABLE": "ASSIGNED", "CHARGING": "ASSIGNED", "ASSIGNED": "ASSIGNED"},
    ),
    "take back": (lambda v: v.take_back(v.odometer_m), {"ASSIGNED": "AVAILABLE", "CHARGING": "CHARGING"}),
    "to the workshop": (
        lambda v: v.send_to_maintenance(out_of_service=False),
        {"AVAILABLE": "MAINTENANCE", "OUT_OF_SERVICE": "MAINTENANCE"},
    ),
    "lay up": (
        lambda v: v.send_to_maintenance(out_of_service=True),
        {"AVAILABLE": "OUT_OF_SERVICE", "MAINTENANCE": "OUT_OF_SERVICE"},
    ),
    "back to service": (
        lambda v: v.return_to_service(),
        {"MAINTENANCE": "AVAILABLE", "OUT_OF_SERVICE": "AVAILABLE"},
    ),
    "retire": (
        lambda v: v.retire(),
        {"AVAILABLE": "RETIRED", "MAINTENANCE": "RETIRED", "OUT_OF_SERVICE": "RETIRED"},
    ),
}


@pytest.mark.parametrize("status", VehicleStatus)
@pytest.mark.parametrize("transition", _TRANSITIONS)
def test_states_change_only_through_the_transitions_that_are_named(transition: str, status: VehicleStatus) -> None:
    change, becomes = _TRANSITIONS[transition]
    before = vehicle(provider(), status=status)
    after = change(before)
    if status in becomes:
        assert isinstance(after, Vehicle)
        assert (after.status, after.version) == (becomes[status], before.version + 1)
    else:
        assert isinstance(after, OutputErrorContext)
        assert after.http_status == 409


def test_the_record_of_a_retired_vehicle_stays_as_it_is() -> None:
    gone = vehicle(provider(), status=VehicleStatus.RETIRED)
    refusal = gone.update(UpdateVehicleDto(vehicle_id=gone.id, plate="EL 1"))
    assert isinstance(refusal, OutputErrorContext)
    assert (refusal.http_status, refusal.code, refusal.field) == (409, "VEHICLE_RETIRED", "input.vehicleId")


@pytest.mark.parametrize("status", ["MAINTENANCE", "OUT_OF_SERVICE", "RETIRED"])
def test_what_is_off_the_road_cannot_be_handed_over(status: str) -> None:
    """vehicles rule 4."""
    refusal = vehicle(provider(), status=VehicleStatus(status)).hand_over(9_000)
    assert isinstance(refusal, OutputErrorContext)
    assert refusal.code == "VEHICLE_NOT_AVAILABLE"


def test_no_road_leads_an_odometer_down() -> None:
    """vehicles rule 3."""
    known = vehicle(provider(), odometer_m=5_000)
    updated = known.update(UpdateVehicleDto(vehicle_id=known.id, odometer_m=4_999))
    handed = known.hand_over(4_999)
    assert isinstance(updated, OutputErrorContext)
    assert (updated.code, updated.field) == ("ODOMETER_FELL", "input.odometerM")
    assert isinstance(handed, OutputErrorContext)
    assert (handed.code, handed.field) == ("ODOMETER_FELL", "input.handoverOdometerM")


def test_a_return_moves_the_odometer_up_and_never_down() -> None:
    """vehicles rule 3."""
    out = vehicle(provider(), odometer_m=5_000, status=VehicleStatus.ASSIGNED)
    behind, ahead = out.take_back(4_500), out.take_back(6_000)
    assert isinstance(behind, Vehicle)
    assert isinstance(ahead, Vehicle)
    assert (behind.odometer_m, ahead.odometer_m) == (5_000, 6_000)


def test_a_return_is_not_behind_its_handover() -> None:
    """vehicles rule 3."""
    assignment = _assigned(note=None)
    refusal = assignment.end(ReleaseVehicleDto(vehicle_id=assignment.vehicle_id), 4_999, _NOW)
    assert isinstance(refusal, OutputErrorContext)
    assert (refusal.code, refusal.field) == ("ODOMETER_FELL", "input.returnOdometerM")


def test_an_assignment_keeps_both_notes_and_ends_after_it_began() -> None:
    assignment = _assigned(note="Scratch on the door")
    dto = ReleaseVehicleDto(vehicle_id=assignment.vehicle_id, return_state_of_charge_pct=31.5, note="Clean")
    ended = assignment.end(dto, 7_000, _NOW - timedelta(seconds=1))
    assert isinstance(ended, VehicleAssignment)
    assert ended.note == "Scratch on the door\nClean"
    assert ended.ended_at == ended.started_at + timedelta(microseconds=1)
    assert (ended.return_odometer_m, ended.return_state_of_charge_pct) == (7_000, 31.5)


@pytest.mark.parametrize(("since", "starts"), [(None, 0), (-60, 0), (0, 0), (60, 60)])
def test_an_assignment_begins_now_or_when_both_were_free(since: int | None, starts: int) -> None:
    free_since = None if since is None else _NOW + timedelta(seconds=since)
    assert _assigned(note=None, free_since=free_since).started_at == _NOW + timedelta(seconds=starts)


def test_a_vehicle_has_its_models_battery_unless_told_otherwise() -> None:
    owner = provider()
    assert Vehicle.register(REGISTER, owner.id, MODEL).usable_battery_kwh == MODEL.usable_battery_kwh
    smaller = REGISTER.model_copy(update={"usable_battery_kwh": 60.0})
    assert Vehicle.register(smaller, owner.id, MODEL).usable_battery_kwh == 60


def test_plates_and_vins_are_kept_in_upper_case() -> None:
    dto = RegisterVehicleDto(vin=" wvwzzze1zmp012345 ", plate=" el 12345 ", plate_country="NO", model_id=MODEL.id)
    assert (dto.vin, dto.plate) == ("WVWZZZE1ZMP012345", "EL 12345")


@pytest.mark.parametrize("typed", ["el  12345", "EL\t12345", "EL\N{NO-BREAK SPACE}12345"])
def test_white_space_in_a_plate_is_one_space(typed: str) -> None:
    assert UpdateVehicleDto(vehicle_id=MODEL.id, plate=typed).plate == "EL 12345"


@pytest.mark.parametrize("plate", ["", "-", "EL--12345", "EL_1", "EL\0", "E;L", "A" * 17])
def test_what_is_no_plate_is_refused(plate: str) -> None:
    with pytest.raises(Refused) as refused:
        RegisterVehicleDto(vin="WVWZZZE1ZMP012345", plate=plate, plate_country="NO", model_id=MODEL.id)
    assert refused.value.refusal.field == "input.plate"


@pytest.mark.parametrize("vin", ["1M8GDM9A1KP042788", "WVWZZZE1ZMP01234", "WVWZZZE1ZMPO12345", ""])
def test_what_is_no_vin_is_refused(vin: str) -> None:
    """vehicles rule 2."""
    with pytest.raises(Refused) as refused:
        RegisterVehicleDto(vin=vin, plate="EL 1", plate_country="NO", model_id=MODEL.id)
    assert (refused.value.refusal.code, refused.value.refusal.field) == ("INVALID_VIN", "input.vin")


def _assigned(note: str | None, free_since: datetime | None = None) -> VehicleAssignment:
    at = provider()
    held = vehicle(at, odometer_m=5_000)
    dto = AssignVehicleDto(vehicle_id=held.id, driver_id=driver(at).id, note=note)
    return VehicleAssignment.begin(dto, held, _NOW, free_since)
