"""Logins that did not succeed, counted where every process sees them."""

import hashlib
import hmac
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import case, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.sql.dml import ReturningInsert

from fleet_api.drivers.domain.login_throttle import LoginThrottle
from fleet_api.drivers.infrastructure.repositories.drivers_table import login_failures
from fleet_api.shared.domain.household import household_of
from fleet_api.shared.infrastructure.statements import among
from fleet_api.shared.infrastructure.tenancy import TenantConnection

WINDOW = timedelta(minutes=15)
MAX_FAILURES_OF_A_PHONE = 5
# Many phones share one address behind a carrier's NAT.
MAX_FAILURES_OF_AN_ADDRESS = 50


class PostgresLoginThrottle(LoginThrottle):
    def __init__(self, connection: TenantConnection, secret: bytes) -> None:
        self._connection = connection
        self._secret = secret

    async def admit(self, phone: str, address: str, at: datetime) -> int | None:
        limits = self._limits(phone, address)
        counts = await self._connection.rows(self._count(phone, address, at))
        over = [row.window_started_at + WINDOW - at for row in counts if row.failures > limits[row.subject]]
        return max(1, ceil(max(over).total_seconds())) if over else None

    async def forgive(self, phone: str, address: str) -> None:
        counted = among(login_failures.c.subject, list(self._limits(phone, address)))
        fewer = update(login_failures).where(counted).values(failures=login_failures.c.failures - 1)
        await self._connection.execute(fewer)

    def _count(self, phone: str, address: str, at: datetime) -> ReturningInsert[tuple[str, datetime, int]]:
        # In one order, so that two tries at once cannot wait for each other.
        subjects = sorted(self._limits(phone, address))
        fresh = insert(login_failures).values(
            [{"subject": subject, "window_started_at": at, "failures": 1} for subject in subjects]
        )
        over = login_failures.c.window_started_at <= at - WINDOW
        return fresh.on_conflict_do_update(
            index_elements=["subject"],
            set_={
                "window_started_at": case((over, at), else_=login_failures.c.window_started_at),
                "failures": case((over, 1), else_=login_failures.c.failures + 1),
            },
        ).returning(login_failures.c.subject, login_failures.c.window_started_at, login_failures.c.failures)

    def _limits(self, phone: str, address: str) -> dict[str, int]:
        limits = {self._subject(phone): MAX_FAILURES_OF_A_PHONE}
        return limits | ({self._subject(household_of(address)): MAX_FAILURES_OF_AN_ADDRESS} if address else {})

    def _subject(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()
