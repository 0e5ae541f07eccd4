from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.vehicles.application.hand_vehicle_interactor import HandVehicleInteractor
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_assignment import VehicleAssignment
from fleet_api.vehicles.domain.vehicle_assignment_dto import ReleaseVehicleDto
from fleet_api.vehicles.domain.vehicle_assignment_events import handed
from fleet_api.vehicles.domain.vehicle_assignment_repository import VehicleAssignmentRepository
from fleet_api.vehicles.domain.vehicle_errors import vehicle_not_assigned
from fleet_api.vehicles.domain.vehicle_repository import VehicleRepository


class ReleaseVehicleInteractor(HandVehicleInteractor[ReleaseVehicleDto]):
    """Take a vehicle back from the driver who holds it."""

    def __init__(
        self,
        vehicles: VehicleRepository,
        assignments: VehicleAssignmentRepository,
        events: EventPublisher,
        now: Clock,
    ) -> None:
        super().__init__(vehicles, assignments, events)
        self._now = now

    async def act(self, vehicle: Vehicle, dto: ReleaseVehicleDto, /) -> OutputContext[VehicleAssignment]:
        assignment = await self._assignments.open_one(vehicle.id)
        if assignment is None:
            return vehicle_not_assigned()
        odometer_m = vehicle.odometer_m if dto.return_odometer_m is None else dto.return_odometer_m
        ended = assignment.end(dto, odometer_m, self._now())
        if isinstance(ended, OutputErrorContext):
            return ended
        returned = vehicle.take_back(odometer_m)
        if isinstance(returned, OutputErrorContext):
            return returned
        await self._assignments.save(ended)
        await self._vehicles.save(returned)
        await self._events.publish(*handed(ended, vehicle, returned))
        return OutputSuccessContext(ended)
