"""The use cases of vehicles over fakes of their ports: no database, no GraphQL."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.shared.domain.dto import Batch
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer
from fleet_api.vehicles.application.assign_vehicle_interactor import AssignVehicleInteractor
from fleet_api.vehicles.application.import_vehicle_models_interactor import ImportVehicleModelsInteractor
from fleet_api.vehicles.application.read_current_drivers_interactor import ReadCurrentDriversInteractor
from fleet_api.vehicles.application.read_current_vehicles_interactor import ReadCurrentVehiclesInteractor
from fleet_api.vehicles.application.register_vehicle_interactor import RegisterVehicleInteractor
from fleet_api.vehicles.application.release_vehicle_interactor import ReleaseVehicleInteractor
from fleet_api.vehicles.application.retire_vehicle_interactor import RetireVehicleInteractor
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.domain.vehicle_assignment_dto import AssignVehicleDto, ReleaseVehicleDto
from fleet_api.vehicles.domain.vehicle_dto import VehicleChangeDto
from fleet_api.vehicles.domain.vehicle_model_dto import ImportedModels, ImportVehicleModelsDto
from tests.drivers.fakes import FakeDriverRepository
from tests.fleet_providers.fakes import FakeFleetProviderRepository
from tests.shared.fakes import FakeEventPublisher
from tests.vehicles.examples import DRAFT, MODEL, REGISTER, driver, provider, vehicle
from tests.vehicles.fakes import (
    FakeVehicleAssignmentRepository,
    FakeVehicleModelRepository,
    FakeVehicleRepository,
)

_NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
_LATER = _NOW + timedelta(hours=8)
_OPS = Viewer.system()


class _Yard:
    """A provider with one vehicle and one driver, and the use cases over them."""

    def __init__(
        self,
        provider_status: FleetProviderStatus = FleetProviderStatus.ACTIVE,
        driver_status: DriverStatus = DriverStatus.ACTIVE,
        **fields: Any,
    ) -> None:
        self.provider = provider(provider_status)
        self.vehicle = vehicle(self.provider, **fields)
        self.driver = driver(self.provider, driver_status)
        self.vehicles = FakeVehicleRepository(self.vehicle)
        self.assignments = FakeVehicleAssignmentRepository([self.vehicle], [self.driver])
        self.events = FakeEventPublisher()

    async def assign(self, *others: Driver, **fields: Any) -> OutputContext[VehicleAssignment]:
        interactor = AssignVehicleInteractor(
            self.vehicles,
            self.assignments,
            FakeDriverRepository(self.driver, *others),
            FakeFleetProviderRepository(self.provider),
            self.events,
            lambda: _NOW,
        )
        ids: dict[str, UUID] = {"vehicle_id": self.vehicle.id, "driver_id": self.driver.id}
        return await interactor.run_async(AssignVehicleDto(**(ids | fields)), _OPS)

    async def release(self, **fields: Any) -> OutputContext[VehicleAssignment]:
        interactor = ReleaseVehicleInteractor(self.vehicles, self.assignments, self.events, lambda: _LATER)
        return await interactor.run_async(ReleaseVehicleDto(vehicle_id=self.vehicle.id, **fields), _OPS)


async def test_a_vehicle_goes_out_and_comes_back() -> None:
    yard = _Yard(odometer_m=5_000)
    assigned = await yard.assign(handover_odometer_m=5_100)
    assert isinstance(assigned, OutputSuccessContext)
    assert yard.vehicles.rows[yard.vehicle.id].status is VehicleStatus.ASSIGNED
    assert yard.vehicles.rows[yard.vehicle.id].odometer_m == 5_100
    released = await yard.release(return_odometer_m=8_000)
    assert isinstance(released, OutputSuccessContext)
    assert yard.assignments.rows == {assigned.data.id: released.data}
    assert released.data.ended_at == _LATER
    back = yard.vehicles.rows[yard.vehicle.id]
    assert (back.status, back.odometer_m, back.version) == (VehicleStatus.AVAILABLE, 8_000, 3)


async def test_a_second_assignment_is_refused_by_what_the_store_says() -> None:
    """vehicles rule 1."""
    yard = _Yard()
    await yard.assign()
    second = driver(yard.provider)
    assert _code(await yard.assign(second, driver_id=second.id)) == "VEHICLE_ALREADY_ASSIGNED"
    yard.vehicles.rows |= {(other := vehicle(yard.provider)).id: other}
    assert _code(await yard.assign(vehicle_id=other.id)) == "DRIVER_ALREADY_HOLDS_A_VEHICLE"


@pytest.mark.parametrize("status", set(FleetProviderStatus) - {FleetProviderStatus.ACTIVE})
async def test_a_provider_that_does_not_operate_hands_nothing_out(status: FleetProviderStatus) -> None:
    """fleet_providers rule 1: a driver of one that does not operate takes no vehicle."""
    assert _code(await _Yard(provider_status=status).assign()) == "PROVIDER_NOT_OPERATING"


@pytest.mark.parametrize("status", set(DriverStatus) - {DriverStatus.ACTIVE})
async def test_only_an_active_driver_takes_a_vehicle(status: DriverStatus) -> None:
    assert _code(await _Yard(driver_status=status).assign()) == "DRIVER_NOT_ACTIVE"


async def test_a_driver_of_another_provider_is_unknown() -> None:
    stranger = driver(provider())
    refusal = await _Yard().assign(stranger, driver_id=stranger.id)
    assert isinstance(refusal, OutputErrorContext)
    assert (refusal.code, refusal.field) == ("NOT_FOUND", "input.driverId")


async def test_what_is_not_out_cannot_come_back() -> None:
    assert _code(await _Yard().release()) == "VEHICLE_NOT_ASSIGNED"
    # Its status says so, but no assignment does.
    assert _code(await _Yard(status=VehicleStatus.CHARGING).release()) == "VEHICLE_NOT_ASSIGNED"
    # An assignment says so, but its status does not.
    yard = _Yard()
    await yard.assign()
    yard.vehicles.rows[yard.vehicle.id] = replace(yard.vehicle, status=VehicleStatus.MAINTENANCE)
    assert _code(await yard.release()) == "VEHICLE_NOT_ASSIGNED"


async def test_a_vehicle_may_come_back_while_it_charges() -> None:
    yard = _Yard()
    await yard.assign()
    yard.vehicles.rows[yard.vehicle.id] = replace(yard.vehicle, status=VehicleStatus.CHARGING)
    assert isinstance(await yard.release(), OutputSuccessContext)
    assert yard.vehicles.rows[yard.vehicle.id].status is VehicleStatus.CHARGING
    # Nobody holds it now, so that the next may take it from the charger.
    assert isinstance(await yard.assign(), OutputSuccessContext)
    assert yard.vehicles.rows[yard.vehicle.id].status is VehicleStatus.ASSIGNED


async def test_who_read_an_old_version_changes_nothing() -> None:
    yard = _Yard(version=4)
    assert _code(await yard.assign(expected_version=3)) == "STALE_VERSION"
    assert not yard.assignments.rows
    assert isinstance(await yard.assign(expected_version=4), OutputSuccessContext)
    assert _code(await yard.release(expected_version=4)) == "STALE_VERSION"


async def test_unknown_vehicles_are_not_found() -> None:
    assert _code(await _Yard().assign(vehicle_id=new_id())) == "NOT_FOUND"
    retire = RetireVehicleInteractor(FakeVehicleRepository(), FakeEventPublisher(), FakeVehicleAssignmentRepository())
    assert _code(await retire.run_async(VehicleChangeDto(vehicle_id=new_id()), _OPS)) == "NOT_FOUND"


async def test_a_vehicle_is_registered_with_the_viewers_provider_by_default() -> None:
    at = provider()
    output = await _register(at, Viewer("anna", Role.DISPATCHER, at.id))
    assert isinstance(output, OutputSuccessContext)
    assert output.data.fleet_provider_id == at.id
    assert _code(await _register(at, _OPS)) == "PROVIDER_NEEDED"
    assert _code(await _register(at, _OPS, fleet_provider_id=new_id())) == "NOT_FOUND"
    assert _code(await _register(at, _OPS, fleet_provider_id=at.id, model_id=new_id())) == "NOT_FOUND"
    assert _code(await _register(at, Viewer("phone", Role.DEVICE, at.id))) == "FORBIDDEN"
    assert _code(await _register(at, ANONYMOUS)) == "UNAUTHENTICATED"


async def test_a_vin_is_registered_once() -> None:
    """vehicles rule 2."""
    at = provider()
    taken = vehicle(at, plate="EL 99999")
    assert _code(await _register(at, _OPS, taken, fleet_provider_id=at.id)) == "VIN_TAKEN"
    same_plate = replace(taken, vin="X", plate="EL-12345")
    assert _code(await _register(at, _OPS, same_plate, fleet_provider_id=at.id)) == "PLATE_TAKEN"
    sold = vehicle(at, status=VehicleStatus.RETIRED)
    assert _code(await _register(at, _OPS, sold, fleet_provider_id=at.id)) == "SUCCESS"


async def test_who_holds_what_is_found_both_ways() -> None:
    yard = _Yard()
    await yard.assign()
    drivers = await ReadCurrentDriversInteractor(yard.assignments).run_async(Batch([yard.vehicle.id], None), _OPS)
    vehicles = await ReadCurrentVehiclesInteractor(yard.assignments).run_async(Batch([yard.driver.id], None), _OPS)
    assert drivers == OutputSuccessContext({yard.vehicle.id: yard.driver})
    assert vehicles == OutputSuccessContext({yard.driver.id: yard.vehicle})


async def test_models_are_imported_once_and_corrected() -> None:
    models = FakeVehicleModelRepository()
    interactor = ImportVehicleModelsInteractor(models)
    longer = replace(DRAFT, range_m=530_000)
    for drafts, expected in [
        ((DRAFT, DRAFT), ImportedModels(inserted=1, unchanged=1)),
        ((DRAFT,), ImportedModels(unchanged=1)),
        ((longer,), ImportedModels(updated=1)),
    ]:
        output = await interactor.run_async(ImportVehicleModelsDto(drafts=drafts), _OPS)
        assert output == OutputSuccessContext(expected)
    assert [model.range_m for model in models.rows.values()] == [530_000]
    refusal = await interactor.run_async(
        ImportVehicleModelsDto(drafts=(DRAFT,)), Viewer("a", Role.PROVIDER_ADMIN, new_id())
    )
    assert _code(refusal) == "FORBIDDEN"


async def _register(at: FleetProvider, viewer: Viewer, *known: Vehicle, **fields: Any) -> OutputContext[Vehicle]:
    interactor = RegisterVehicleInteractor(
        FakeVehicleRepository(*known),
        FakeVehicleModelRepository(MODEL),
        FakeFleetProviderRepository(at),
        FakeEventPublisher(),
        viewer,
    )
    return await interactor.run_async(REGISTER.model_copy(update=fields), viewer)


def _code(output: OutputContext[Any]) -> str:
    return output.code if isinstance(output, OutputErrorContext) else "SUCCESS"
