"""Failed logins, counted where every process sees them."""

import hashlib
import hmac
from datetime import datetime, timedelta

from sqlalchemy import case, select
from sqlalchemy.dialects.postgresql import Insert, insert

from fleet_api.drivers.domain.session_repository import LoginThrottle
from fleet_api.drivers.infrastructure.repositories.drivers_table import login_failures
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

    async def admits(self, phone: str, address: str, at: datetime) -> bool:
        limits = {self._subject(phone): MAX_FAILURES_OF_A_PHONE, self._subject(address): MAX_FAILURES_OF_AN_ADDRESS}
        recent = among(login_failures.c.subject, list(limits)), login_failures.c.window_started_at > at - WINDOW
        rows = await self._connection.rows(select(login_failures).where(*recent))
        return all(row.failures < limits[row.subject] for row in rows)

    async def record_failure(self, phone: str, address: str, at: datetime) -> None:
        # In one order, so that two failures at once cannot wait for each other.
        for subject in sorted({self._subject(phone), self._subject(address)}):
            await self._connection.execute(self._count(subject, at))

    def _count(self, subject: str, at: datetime) -> Insert:
        fresh = insert(login_failures).values(subject=subject, window_started_at=at, failures=1)
        over = login_failures.c.window_started_at <= at - WINDOW
        return fresh.on_conflict_do_update(
            index_elements=["subject"],
            set_={
                "window_started_at": case((over, at), else_=login_failures.c.window_started_at),
                "failures": case((over, 1), else_=login_failures.c.failures + 1),
            },
        )

    def _subject(self, text: str) -> str:
        return hmac.new(self._secret, text.encode(), hashlib.sha256).hexdigest()
