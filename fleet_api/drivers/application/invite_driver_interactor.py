from fleet_api.drivers.domain.credentials_repository import CredentialsRepository
from fleet_api.drivers.domain.driver_dto import InviteDriverDto
from fleet_api.drivers.domain.driver_errors import DRIVER_REFUSALS
from fleet_api.drivers.domain.driver_events import invited
from fleet_api.drivers.domain.driver_repository import DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.sign_in_ports import Passwords
from fleet_api.fleet_providers.application.owning_provider import owning_provider
from fleet_api.fleet_providers.domain.fleet_provider_repository import FleetProviderRepository
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.events import EventPublisher
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.viewer import Viewer


class InviteDriverInteractor(BaseInteractor[InviteDriverDto, Driver]):
    """Put a driver on a provider's books."""

    requires = Permission.DRIVERS_WRITE
    refusals = DRIVER_REFUSALS

    def __init__(
        self,
        drivers: DriverRepository,
        credentials: CredentialsRepository,
        providers: FleetProviderRepository,
        passwords: Passwords,
        events: EventPublisher,
        viewer: Viewer,
    ) -> None:
        self._drivers = drivers
        self._credentials = credentials
        self._providers = providers
        self._passwords = passwords
        self._events = events
        self._viewer = viewer

    async def process(self, dto: InviteDriverDto) -> OutputContext[Driver]:
        provider = await owning_provider(self._providers, dto.fleet_provider_id, self._viewer)
        if isinstance(provider, OutputErrorContext):
            return provider
        driver = Driver.invite(dto, provider.id)
        await self._drivers.add(driver)
        if dto.password:
            await self._credentials.set(driver, await self._passwords.hash(dto.password))
        await self._events.publish(invited(driver))
        return OutputSuccessContext(driver)
