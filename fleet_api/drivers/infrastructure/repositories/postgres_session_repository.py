from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select, update
from sqlalchemy.dialects import postgresql

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_session import DriverSession
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.domain.session_repository import Credentials, CredentialsRepository, SessionRepository, Standing
from fleet_api.drivers.infrastructure.repositories.drivers_table import driver_credentials, driver_sessions, drivers
from fleet_api.shared.infrastructure.statements import among
from fleet_api.shared.infrastructure.tenancy import TenantConnection

_MAX_CANDIDATES = 8


class PostgresCredentialsRepository(CredentialsRepository):
    def __init__(self, connection: TenantConnection) -> None:
        self._connection = connection

    async def by_phone(self, phone: str, provider_id: UUID | None) -> Sequence[Credentials]:
        statement = (
            select(driver_credentials.c.password_hash, *drivers.columns)
            .join(drivers, drivers.c.id == driver_credentials.c.driver_id)
            .where(drivers.c.phone == phone)
            .order_by(drivers.c.id)
            .limit(_MAX_CANDIDATES)
            .with_for_update(of=drivers)
        )
        if provider_id is not None:
            statement = statement.where(drivers.c.fleet_provider_id == provider_id)
        return [Credentials(Driver(*row[1:]), row[0]) for row in await self._connection.rows(statement)]

    async def set(self, driver: Driver, password_hash: str) -> None:
        values = {"driver_id": driver.id, "fleet_provider_id": driver.fleet_provider_id, "password_hash": password_hash}
        await self._connection.execute(
            postgresql.insert(driver_credentials)
            .values(values)
            .on_conflict_do_update(index_elements=["driver_id"], set_={"password_hash": password_hash})
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

    async def fallen(self, standings: Sequence[Standing], at: datetime) -> Sequence[Standing]:
        ended = {DriverStatus.SUSPENDED, DriverStatus.OFFBOARDED}
        # One row a driver, or one for each session of theirs that is asked about.
        asked_sessions = among(driver_sessions.c.id, [s.session_id for s in standings if s.session_id])
        rows = await self._connection.rows(
            select(drivers.c.id, drivers.c.status, driver_sessions.c.id, driver_sessions.c.revoked_at)
            .outerjoin(driver_sessions, (driver_sessions.c.driver_id == drivers.c.id) & asked_sessions)
            .where(among(drivers.c.id, [standing.driver_id for standing in standings]))
        )
        barred = {driver for driver, status, _, _ in rows if status in ended}
        known = {driver for driver, *_ in rows}
        revoked = {session for _, _, session, revoked_at in rows if session and revoked_at}
        return [s for s in standings if s.driver_id in barred or s.driver_id not in known or s.session_id in revoked]
