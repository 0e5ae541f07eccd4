"""What the use cases of vehicles tell, over fakes of their ports."""

from datetime import UTC, datetime
from typing import Any

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.output_context import OutputSuccessContext
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.vehicles.application.assign_vehicle_interactor import AssignVehicleInteractor
from fleet_api.vehicles.application.register_vehicle_interactor import RegisterVehicleInteractor
from fleet_api.vehicles.application.release_vehicle_interactor import ReleaseVehicleInteractor
from fleet_api.vehicles.application.retire_vehicle_interactor import RetireVehicleInteractor
from fleet_api.vehicles.application.return_vehicle_to_service_interactor import ReturnVehicleToServiceInteractor
from fleet_api.vehicles.application.send_vehicle_to_maintenance_interactor import SendVehicleToMaintenanceInteractor
from fleet_api.vehicles.application.update_vehicle_interactor import UpdateVehicleInteractor
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.domain.vehicle_assignment_dto import AssignVehicleDto, ReleaseVehicleDto
from fleet_api.vehicles.domain.vehicle_dto import SendVehicleToMaintenanceDto, UpdateVehicleDto, VehicleChangeDto
from tests.drivers.fakes import FakeDriverRepository
from tests.fleet_providers.fakes import FakeFleetProviderRepository
from tests.shared.fakes import FakeEventPublisher
from tests.vehicles.examples import MODEL, REGISTER, driver, provider, vehicle
from tests.vehicles.fakes import (
    FakeVehicleAssignmentRepository,
    FakeVehicleModelRepository,
    FakeVehicleRepository,
)

_NOW = datetime(2026, 3, 1, 8, tzinfo=UTC)
_OPS = Viewer.system()


class _Yard:
    def __init__(self, **fields: Any) -> None:
        self.at = provider()
        self.vehicle = vehicle(self.at, **fields)
        self.driver = driver(self.at)
        self.vehicles = FakeVehicleRepository(self.vehicle)
        self.assignments = FakeVehicleAssignmentRepository()
        self.events = FakeEventPublisher()

    async def assign(self, **fields: Any) -> None:
        drivers, providers = FakeDriverRepository(self.driver), FakeFleetProviderRepository(self.at)
        use_case = AssignVehicleInteractor(
            self.vehicles, self.assignments, drivers, providers, self.events, lambda: _NOW
        )
        dto = AssignVehicleDto(vehicle_id=self.vehicle.id, driver_id=self.driver.id, **fields)
        await use_case.run_async(dto, _OPS)

    async def release(self, **fields: Any) -> None:
        use_case = ReleaseVehicleInteractor(self.vehicles, self.assignments, self.events, lambda: _NOW)
        await use_case.run_async(ReleaseVehicleDto(vehicle_id=self.vehicle.id, **fields), _OPS)

    async def change(self, use_case: type[BaseInteractor[Any, Any]], dto: Any) -> None:
        await use_case(self.vehicles, self.events, self.assignments).run_async(dto, _OPS)  # type: ignore[call-arg]

    def event(self, kind: str, before: str | None, after: str | None, **fields: Any) -> Event:
        return Event(kind, self.vehicle.id, self.at.id, before, after, **fields)


async def test_a_registered_vehicle_is_told() -> None:
    at, events = provider(), FakeEventPublisher()
    vehicles, models = FakeVehicleRepository(), FakeVehicleModelRepository(MODEL)
    use_case = RegisterVehicleInteractor(vehicles, models, FakeFleetProviderRepository(at), events, _OPS)
    registered = await use_case.run_async(REGISTER.model_copy(update={"fleet_provider_id": at.id}), _OPS)
    assert isinstance(registered, OutputSuccessContext)
    assert events.told == [Event("VEHICLE_REGISTERED", registered.data.id, at.id, None, "AVAILABLE")]


async def test_every_step_of_a_vehicle_is_told_from_and_to() -> None:
    yard = _Yard()
    one = VehicleChangeDto(vehicle_id=yard.vehicle.id)
    await yard.change(
        SendVehicleToMaintenanceInteractor,
        SendVehicleToMaintenanceDto(vehicle_id=yard.vehicle.id, out_of_service=True),
    )
    await yard.change(ReturnVehicleToServiceInteractor, one)
    await yard.change(ReturnVehicleToServiceInteractor, one)  # refused
    await yard.change(RetireVehicleInteractor, one)
    assert yard.events.told == [
        yard.event("VEHICLE_STATUS_CHANGED", "AVAILABLE", "OUT_OF_SERVICE"),
        yard.event("VEHICLE_STATUS_CHANGED", "OUT_OF_SERVICE", "AVAILABLE"),
        yard.event("VEHICLE_STATUS_CHANGED", "AVAILABLE", "RETIRED"),
    ]


async def test_a_correction_is_for_the_driver_who_holds_the_vehicle_too() -> None:
    yard = _Yard()
    dto = UpdateVehicleDto(vehicle_id=yard.vehicle.id, plate="EL 54321")
    await yard.change(UpdateVehicleInteractor, dto)
    await yard.change(UpdateVehicleInteractor, dto)  # nothing differs
    await yard.assign()
    yard.events.told.clear()
    await yard.change(UpdateVehicleInteractor, UpdateVehicleDto(vehicle_id=yard.vehicle.id, odometer_m=9_000))
    assert yard.events.told == [
        yard.event("VEHICLE_UPDATED", None, None, driver_id=yard.driver.id, changed=("odometerM",))
    ]


async def test_a_handover_and_what_it_makes_of_the_vehicle_are_told_together() -> None:
    yard = _Yard(odometer_m=5_000)
    await yard.assign(handover_odometer_m=5_100)
    await yard.assign()  # refused
    await yard.release()
    await yard.release()  # refused
    (assignment,) = yard.assignments.rows
    told = {"driver_id": yard.driver.id}
    assert yard.events.told == [
        yard.event("VEHICLE_ASSIGNED", "AVAILABLE", "ASSIGNED", object_id=assignment, **told),
        yard.event("VEHICLE_STATUS_CHANGED", "AVAILABLE", "ASSIGNED", changed=("odometerM",), **told),
        yard.event("VEHICLE_RELEASED", "ASSIGNED", "AVAILABLE", object_id=assignment, **told),
        yard.event("VEHICLE_STATUS_CHANGED", "ASSIGNED", "AVAILABLE", **told),
    ]


async def test_a_return_while_it_charges_is_one_event() -> None:
    yard = _Yard()
    await yard.assign()
    yard.vehicles.rows[yard.vehicle.id] = vehicle(yard.at, id=yard.vehicle.id, status=VehicleStatus.CHARGING)
    yard.events.told.clear()
    await yard.release(return_odometer_m=9_000)
    (assignment,) = yard.assignments.rows
    assert yard.events.told == [
        yard.event("VEHICLE_RELEASED", "CHARGING", "CHARGING", driver_id=yard.driver.id, object_id=assignment)
    ]
