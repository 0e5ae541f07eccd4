from fleet_api.fleet_providers.application.owning_provider import owning_provider
from fleet_api.fleet_providers.domain.fleet_provider_repository import FleetProviderRepository
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.vehicle_dto import RegisterVehicleDto
from fleet_api.vehicles.domain.vehicle_errors import VEHICLE_REFUSALS, unknown_model
from fleet_api.vehicles.domain.vehicle_events import registered
from fleet_api.vehicles.domain.vehicle_model_repository import VehicleModelRepository
from fleet_api.vehicles.domain.vehicle_repository import VehicleRepository


class RegisterVehicleInteractor(BaseInteractor[RegisterVehicleDto, Vehicle]):
    """Put a vehicle on a provider's books."""

    requires = Permission.VEHICLES_WRITE
    # Two clients may register one VIN at the same moment, so only the insert itself can tell.
    refusals = VEHICLE_REFUSALS

    def __init__(
        self,
        vehicles: VehicleRepository,
        models: VehicleModelRepository,
        providers: FleetProviderRepository,
        events: EventPublisher,
        viewer: Viewer,
    ) -> None:
        self._vehicles = vehicles
        self._models = models
        self._providers = providers
        self._events = events
        self._viewer = viewer

    async def process(self, dto: RegisterVehicleDto) -> OutputContext[Vehicle]:
        provider = await owning_provider(self._providers, dto.fleet_provider_id, self._viewer)
        if isinstance(provider, OutputErrorContext):
            return provider
        models = await self._models.by_ids([dto.model_id])
        if dto.model_id not in models:
            return unknown_model()
        vehicle = Vehicle.register(dto, provider.id, models[dto.model_id])
        await self._vehicles.add(vehicle)
        await self._events.publish(registered(vehicle))
        return OutputSuccessContext(vehicle)
