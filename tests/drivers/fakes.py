"""Drivers, their passwords and sessions in memory, as the ports describe them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from fleet_api.drivers.domain.credentials_repository import Credentials, CredentialsRepository
from fleet_api.drivers.domain.driver_repository import DriverListing, DriverRepository
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_session import DriverSession
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.drivers.domain.login_throttle import LoginThrottle
from fleet_api.drivers.domain.session_repository import SessionRepository, Standing
from fleet_api.shared.domain.output_context import ConstraintViolation
from fleet_api.shared.domain.page import Page
from tests.support.pages import page_of


class FakeDriverRepository(DriverRepository):
    def __init__(self, *drivers: Driver) -> None:
        self.rows = {driver.id: driver for driver in drivers}

    async def by_ids(self, ids: Sequence[UUID]) -> Mapping[UUID, Driver]:
        return {id: self.rows[id] for id in ids if id in self.rows}

    async def hold(self, id: UUID) -> Driver | None:
        return self.rows.get(id)

    async def page(self, listing: DriverListing) -> Page[Driver]:
        return page_of(list(self.rows.values()), listing.page)

    async def pages_of_providers(
        self, providers: Sequence[UUID], listing: DriverListing
    ) -> Mapping[UUID, Page[Driver]]:
        return {
            id: page_of([r for r in self.rows.values() if r.fleet_provider_id == id], listing.page) for id in providers
        }

    async def count_of_providers(self, providers: Sequence[UUID]) -> Mapping[UUID, int]:
        present = [row for row in self.rows.values() if row.status is not DriverStatus.OFFBOARDED]
        return {id: sum(row.fleet_provider_id == id for row in present) for id in providers}

    async def add(self, driver: Driver) -> None:
        others = [row for row in self.rows.values() if row.id != driver.id]
        for field in ("phone", "email"):
            if any(self._key(row, field) == self._key(driver, field) for row in others):
                raise ConstraintViolation(f"uq_drivers_fleet_provider_id_{field}")
        self.rows[driver.id] = driver

    async def save(self, driver: Driver) -> None:
        await self.add(driver)

    def _key(self, driver: Driver, field: str) -> tuple[UUID, str]:
        return driver.fleet_provider_id, getattr(driver, field)


class FakeCredentialsRepository(CredentialsRepository):
    def __init__(self, drivers: FakeDriverRepository) -> None:
        self._drivers = drivers
        self.hashes: dict[UUID, str] = {}

    async def by_phone(self, phone: str, provider_id: UUID | None) -> Sequence[Credentials]:
        candidates = [d for d in self._drivers.rows.values() if d.phone == phone and d.id in self.hashes]
        return [Credentials(d, self.hashes[d.id]) for d in candidates if provider_id in {None, d.fleet_provider_id}]

    async def set(self, driver: Driver, password_hash: str) -> None:
        self.hashes[driver.id] = password_hash


class FakeSessionRepository(SessionRepository):
    def __init__(self, drivers: FakeDriverRepository, *sessions: DriverSession) -> None:
        self._drivers = drivers
        self.rows = {session.id: session for session in sessions}

    async def hold(self, id: UUID) -> DriverSession | None:
        return self.rows.get(id)

    async def add(self, session: DriverSession) -> None:
        self.rows[session.id] = session

    async def save(self, session: DriverSession) -> None:
        self.rows[session.id] = session

    async def revoke_all(self, driver_id: UUID, at: datetime) -> None:
        for session in list(self.rows.values()):
            if session.driver_id == driver_id:
                self.rows[session.id] = session.revoke(at)

    async def fallen(self, standings: Sequence[Standing]) -> Sequence[Standing]:
        return [standing for standing in standings if not self._stands(standing)]

    def _stands(self, standing: Standing) -> bool:
        driver = self._drivers.rows.get(standing.driver_id)
        session = self.rows.get(standing.session_id) if standing.session_id else None
        return driver is not None and driver.may_sign_in and (session is None or session.revoked_at is None)


class FakeLoginThrottle(LoginThrottle):
    def __init__(self, limit: int = 5) -> None:
        self._limit = limit
        self.tries: dict[str, int] = {}

    async def admit(self, phone: str, address: str, at: datetime) -> int | None:
        for subject in {phone, address} - {""}:
            self.tries[subject] = self.tries.get(subject, 0) + 1
        return 900 if max(self.tries.values()) > self._limit else None

    async def forgive(self, phone: str, address: str) -> None:
        for subject in {phone, address} - {""}:
            self.tries[subject] -= 1


class FakePasswords:
    """Tells how often it worked, since an unknown phone must cost as much as a wrong password."""

    def __init__(self) -> None:
        self.verified = 0

    async def hash(self, password: str) -> str:
        return f"hash of {password}"

    async def verify(self, hash: str | None, password: str) -> bool:
        self.verified += 1
        return hash == f"hash of {password}"


class FakeRefreshTokens:
    def decode(self, token: str) -> tuple[UUID, int] | None:
        session, _, generation = token.partition("/")
        return (UUID(session), int(generation)) if generation else None


def used(session: DriverSession) -> str:
    """The session's newest refresh token, as `FakeRefreshTokens` reads it."""
    return f"{session.id}/{session.generation}"


def older(session: DriverSession) -> DriverSession:
    return replace(session, generation=session.generation - 1)
