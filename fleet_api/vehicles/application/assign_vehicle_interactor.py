from fleet_api.drivers.domain.driver_errors import unknown_driver
from fleet_api.drivers.domain.driver_repository import DriverRepository
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.fleet_providers.domain.fleet_provider_errors import provider_not_operating
from fleet_api.fleet_providers.domain.fleet_provider_repository import FleetProviderRepository
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.vehicles.application.hand_vehicle_interactor import HandVehicleInteractor
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.vehicle_assignment_dto import AssignVehicleDto
from fleet_api.vehicles.domain.vehicle_assignment_events import handed
from fleet_api.vehicles.domain.vehicle_assignment_repository import VehicleAssignmentRepository
from fleet_api.vehicles.domain.vehicle_errors import driver_not_active
from fleet_api.vehicles.domain.vehicle_repository import VehicleRepository


class AssignVehicleInteractor(HandVehicleInteractor[AssignVehicleDto]):
    """Give a vehicle to a driver. That neither is taken twice is for the database to judge."""

    def __init__(
        self,
        vehicles: VehicleRepository,
        assignments: VehicleAssignmentRepository,
        drivers: DriverRepository,
        providers: FleetProviderRepository,
        events: EventPublisher,
        now: Clock,
    ) -> None:
        super().__init__(vehicles, assignments, events)
        self._drivers = drivers
        self._providers = providers
        self._now = now

    async def act(self, vehicle: Vehicle, dto: AssignVehicleDto, /) -> OutputContext[VehicleAssignment]:
        refusal = await self._refusal(vehicle, dto)
        if refusal:
            return refusal
        # Read while both are held, so that nobody ends another one in between.
        free_since = await self._assignments.free_since(vehicle.id, dto.driver_id)
        assignment = VehicleAssignment.begin(dto, vehicle, self._now(), free_since)
        given = vehicle.hand_over(assignment.handover_odometer_m)
        if isinstance(given, OutputErrorContext):
            return given
        await self._assignments.add(assignment)
        await self._vehicles.save(given)
        await self._events.publish(*handed(assignment, vehicle, given))
        return OutputSuccessContext(assignment)

    async def _refusal(self, vehicle: Vehicle, dto: AssignVehicleDto) -> OutputErrorContext | None:
        provider_id = vehicle.fleet_provider_id
        provider = (await self._providers.by_ids([provider_id]))[provider_id]
        if not provider.operates:
            return provider_not_operating(provider.status)
        # Held, so that two vehicles given to one driver at once wait for each other instead of deadlocking in the
        # exclusion constraint, and so that a driver who is being suspended takes none.
        driver = await self._drivers.hold(dto.driver_id)
        if driver is None or driver.fleet_provider_id != provider_id:
            return unknown_driver()
        return None if driver.status is DriverStatus.ACTIVE else driver_not_active(driver.status)
