from datetime import date, datetime
from uuid import UUID

import strawberry
from strawberry import relay

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_session import DriverSession
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.infrastructure.drivers_depends import read_drivers_depends
from fleet_api.fleet_providers.infrastructure.fleet_providers_depends import read_fleet_providers_depends
from fleet_api.graphql.driver.tokens import access_token, refresh_token
from fleet_api.graphql.shared.connection import Connection, connection
from fleet_api.graphql.shared.info import Info
from fleet_api.graphql.shared.lazy import LazyFleetProvider, LazyVehicle, LazyVehicleAssignment
from fleet_api.graphql.shared.node import EntityNode, guarded
from fleet_api.graphql.vehicle_assignment.inputs import OrderByStart
from fleet_api.shared.domain.dto import Listing
from fleet_api.shared.domain.page import PageRequest
from fleet_api.shared.domain.permission import Permission
from fleet_api.vehicles.infrastructure.vehicles_depends import (
    list_driver_assignments_depends,
    read_current_vehicles_depends,
)

_PERSONAL = Permission.DRIVERS_READ_PERSONAL


@strawberry.type(name="Driver", description="A person who drives for a fleet provider.")
class DriverType(EntityNode):
    entity = Driver
    read = read_drivers_depends

    id: relay.NodeID[UUID]
    fleet_provider_id: strawberry.Private[UUID]
    full_name: str = strawberry.field(description="Name as on the licence.")
    phone: str | None = guarded(_PERSONAL, "E.164. Null without the right to see personal fields.")
    email: str | None = guarded(_PERSONAL, "E-mail address. Null without the right to see personal fields.")
    locale: str = strawberry.field(description="Language to write to the driver in, BCP 47.")
    licence_number: str | None = guarded(_PERSONAL, "Number of the driving licence. A personal field, as above.")
    licence_country: str | None = guarded(_PERSONAL, "ISO 3166-1 alpha-2 code of its issuer. A personal field.")
    licence_classes: list[str] | None = guarded(_PERSONAL, "Classes of the licence, such as `B`. A personal field.")
    licence_expires_on: date | None = guarded(_PERSONAL, "Last day on which it is valid. A personal field.")
    status: DriverStatus = strawberry.field(description="Where the driver stands.")
    version: int = strawberry.field(description="Grows by one with every change; send it as `expectedVersion`.")
    created_at: datetime = strawberry.field(description="When the driver was invited.")

    @strawberry.field(description="The provider that the driver works for.")
    def fleet_provider(self, info: Info) -> LazyFleetProvider | None:
        return info.context.load(read_fleet_providers_depends, self.fleet_provider_id)

    @strawberry.field(description="The vehicle that the driver holds now; null when they hold none.")
    def current_vehicle(self, info: Info) -> LazyVehicle | None:
        return info.context.load(read_current_vehicles_depends, self.id)

    @connection(description="What the driver held and when.")
    def assignments(
        self, info: Info, page: PageRequest, order_by: OrderByStart = None
    ) -> Connection[LazyVehicleAssignment] | None:
        return info.context.load(list_driver_assignments_depends, self.id, Listing(page, None, order_by))


@strawberry.type(name="DriverSession", description="A driver's session on one phone: ask `me` with its token.")
class DriverSessionType:
    access_token: str = strawberry.field(resolver=access_token, description="Send it as `Authorization: Bearer …`.")
    access_token_expires_at: datetime = strawberry.field(description="When to have refreshed it.")
    refresh_token: str = strawberry.field(
        resolver=refresh_token, description="Works once: `refreshToken` answers the next. Keep it secret."
    )
    refresh_token_expires_at: datetime = strawberry.field(description="When the session ends if it is not refreshed.")

    @classmethod
    def is_type_of(cls, thing: object, info: object) -> bool:
        return isinstance(thing, DriverSession)


@strawberry.type(name="EndedSession", description="A session that is over: none of its tokens works any more.")
class EndedSessionType:
    revoked_at: datetime = strawberry.field(description="When it ended.")

    @classmethod
    def is_type_of(cls, thing: object, info: object) -> bool:
        return isinstance(thing, DriverSession)
