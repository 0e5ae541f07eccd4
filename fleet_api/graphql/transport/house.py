"""What all connections share."""

from dataclasses import dataclass
from typing import Self

from fleet_api.graphql.authentication import Authentication
from fleet_api.graphql.desk import Desk
from fleet_api.graphql.limits.seats import Seats
from fleet_api.graphql.origins import Origins
from fleet_api.graphql.request_reader import RequestReader
from fleet_api.graphql.standing import StandingWatch
from fleet_api.graphql.transport.heartbeat import Heartbeat
from fleet_api.settings import Settings
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class SocketBounds:
    init_seconds: float
    max_message_bytes: int
    subscriptions: int
    """Operations, of whatever kind, that one may run."""

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(settings.init_seconds, settings.max_message_bytes, settings.subscriptions_per_socket)


@dataclass(frozen=True, slots=True)
class House:
    desk: Desk
    unit_of_work: UnitOfWork
    services: Services
    authentication: Authentication
    standing: StandingWatch
    heartbeat: Heartbeat
    seats: Seats
    origins: Origins
    bounds: SocketBounds
    reader: RequestReader
