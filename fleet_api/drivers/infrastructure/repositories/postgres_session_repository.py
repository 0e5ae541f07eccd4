from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, union_all, update

from fleet_api.drivers.domain.entities.driver_session import DriverSession
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.domain.session_repository import SessionRepository, Standing
from fleet_api.drivers.infrastructure.repositories.drivers_table import driver_sessions, drivers
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.statements import among
from fleet_api.shared.infrastructure.tenancy import TenantConnection

_ended = (DriverStatus.SUSPENDED, DriverStatus.OFFBOARDED)
# One statement for both questions: the ids of drivers and of sessions cannot be mistaken for each other.
_STANDING_OR_REVOKED = Prepared(
    select(
        union_all(
            select(drivers.c.id).where(among(drivers.c.id, "drivers"), *(drivers.c.status != end for end in _ended)),
            select(driver_sessions.c.id).where(
                among(driver_sessions.c.id, "sessions"), driver_sessions.c.revoked_at.is_not(None)
            ),
        ).subquery()
    )
)


class PostgresSessionRepository(SessionRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def hold(self, id: UUID) -> DriverSession | None:
        row = await self._connection.row(select(driver_sessions).where(driver_sessions.c.id == id).with_for_update())
        return DriverSession(*row) if row else None

    async def add(self, session: DriverSession) -> None:
        await self._connection.execute(insert(driver_sessions).values(asdict(session)))

    async def save(self, session: DriverSession) -> None:
        statement = update(driver_sessions).where(driver_sessions.c.id == session.id).values(asdict(session))
        await self._connection.execute(statement)

    async def revoke_all(self, driver_id: UUID, at: datetime) -> None:
        open_ones = driver_sessions.c.driver_id == driver_id, driver_sessions.c.revoked_at.is_(None)
        await self._connection.execute(update(driver_sessions).where(*open_ones).values(revoked_at=at))

    async def fallen(self, standings: Sequence[Standing]) -> Sequence[Standing]:
        drivers, sessions = [s.driver_id for s in standings], [s.session_id for s in standings if s.session_id]
        rows = await self._connection.read(_STANDING_OR_REVOKED, drivers=drivers, sessions=sessions)
        found = {row[0] for row in rows}
        return [s for s in standings if s.driver_id not in found or s.session_id in found]
