from typing import Literal

from fleet_api.drivers.domain.driver_repository import DriverListing, DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.page import Page
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.shared_errors import forbidden
from fleet_api.shared.domain.viewer import Viewer


class ListDriversInteractor(BaseInteractor[DriverListing, Page[Driver]]):
    """A page of the drivers that the viewer may see."""

    requires = Permission.DRIVERS_READ

    def __init__(self, drivers: DriverRepository, viewer: Viewer) -> None:
        self._drivers = drivers
        self._viewer = viewer

    async def validate(self, dto: DriverListing) -> Literal[True] | OutputErrorContext:
        return may_filter(dto, self._viewer) or forbidden()

    async def process(self, dto: DriverListing) -> OutputContext[Page[Driver]]:
        return OutputSuccessContext(await self._drivers.page(dto))


def may_filter(listing: DriverListing, viewer: Viewer) -> bool:
    """A filter by a personal field would tell it, so it needs the same permission."""
    personal = listing.filter is not None and listing.filter.licence_expires_before is not None
    return not personal or viewer.may(Permission.DRIVERS_READ_PERSONAL)
