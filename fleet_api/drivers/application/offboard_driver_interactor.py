from fleet_api.drivers.application.change_driver_interactor import ChangeDriverInteractor
from fleet_api.drivers.domain.driver_dto import DriverChangeDto
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.domain.output_context import OutputErrorContext


class OffboardDriverInteractor(ChangeDriverInteractor[DriverChangeDto]):
    """End a suspended driver's work for the provider, for good. Suspending has ended the sessions already."""

    async def change(self, driver: Driver, dto: DriverChangeDto, /) -> Driver | OutputErrorContext:
        return driver.offboard()
