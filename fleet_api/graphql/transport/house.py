"""What all connections share."""

from dataclasses import dataclass

from fleet_api.graphql.authentication import Authentication
from fleet_api.graphql.desk import Desk
from fleet_api.graphql.limits.seats import Seats
from fleet_api.graphql.standing import StandingWatch
from fleet_api.graphql.transport.heartbeat import Heartbeat
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class House:
    desk: Desk
    unit_of_work: UnitOfWork
    services: Services
    authentication: Authentication
    standing: StandingWatch
    heartbeat: Heartbeat
    seats: Seats
    operations_per_socket: int
