from typing import Annotated

import strawberry

from fleet_api.drivers.infrastructure.drivers_depends import list_drivers_depends, read_drivers_depends
from fleet_api.graphql.driver.inputs import DriverFilterInput, DriverOrderInput
from fleet_api.graphql.driver.types import DriverType
from fleet_api.graphql.shared.connection import Connection, connection
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.node import local_id
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import PageRequest


@strawberry.type
class DriverQueries:
    @strawberry.field(description="The driver who is signed in; null for every other role.")
    def me(self, info: Info) -> DriverType | None:
        driver_id = info.context.viewer.driver_id
        return info.context.load(read_drivers_depends, driver_id) if driver_id else None

    @strawberry.field(description="One driver, or null.")
    def driver(
        self, info: Info, id: Annotated[strawberry.ID, strawberry.argument(description="Global id.")]
    ) -> DriverType | None:
        return info.context.load(read_drivers_depends, local_id("Driver", id))

    @connection(description="The drivers that you may see.")
    def drivers(
        self,
        info: Info,
        page: PageRequest,
        filter: DriverFilterInput | None = None,
        order_by: DriverOrderInput | None = None,
    ) -> Connection[DriverType] | None:
        return info.context.ask(list_drivers_depends, Listing(page, filter, order_by))
