"""A write is one connection and one transaction; reads that follow each other share a connection and have none.
Nobody else commits."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from time import monotonic
from typing import Any, Self, TypeVar

import structlog

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import CommandDto
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext, Refused
from fleet_api.shared.domain.shared_errors import forbidden, internal_error, unavailable, unavailable_while_committing
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.audit.clerk import Clerk, Run
from fleet_api.shared.infrastructure.connections import Reading, Transaction
from fleet_api.shared.infrastructure.database import Database
from fleet_api.shared.infrastructure.deadline import within
from fleet_api.shared.infrastructure.events.doorbell import Doorbell
from fleet_api.shared.infrastructure.idempotency import IdempotencyKeys
from fleet_api.shared.infrastructure.logs import origin_of
from fleet_api.shared.infrastructure.outage import outage_in
from fleet_api.shared.infrastructure.reading_pool import ReadingPool
from fleet_api.shared.infrastructure.resources import Resources, Services
from fleet_api.shared.infrastructure.tenancy import Wanted

I = TypeVar("I")  # noqa: E741 - input
O = TypeVar("O")  # noqa: E741 - output
C = TypeVar("C", bound=CommandDto)

Depends = Callable[[Resources], BaseInteractor[I, O]]

# Fewer than the pool has connections, and no more than there are threads that hash.
_SIGN_INS_AT_ONCE = 3

_log = structlog.get_logger(__name__)


class UnitOfWork:
    """Runs use cases. Whatever goes wrong in one becomes a refusal here, and only here.

    doorbell: is rung after a commit that others wait for; without one they hear of it a little later. deadline_s: how
    long a write, or all reads of an operation, may take before they are given up; a database that hangs
    is a database that is away.
    """

    def __init__(
        self, database: Database, services: Services, doorbell: Doorbell | None = None, *, deadline_s: float = 4.0
    ) -> None:
        self._database = database
        self._services = services
        self._doorbell = doorbell
        self._deadline_s = deadline_s
        self._clerk = Clerk(services.now)
        self._sign_ins = asyncio.Semaphore(_SIGN_INS_AT_ONCE)

    def deadline(self) -> float:
        """When, by the clock that only rises, what starts now is given up."""
        return monotonic() + self._deadline_s

    async def read(self, depends: Depends[I, O], dto: I, viewer: Viewer) -> OutputContext[O]:
        with self.reader(viewer, self.deadline()) as reader:
            return await reader.run(depends, dto)

    def reader(self, viewer: Viewer, until: float, wanted: Wanted | None = None) -> "Reader":
        """For reads of one viewer that follow each other, such as those of one level of a query."""
        return Reader(self._database.reading, self._services, viewer, until, wanted)

    async def write(
        self, depends: Depends[C, O], dto: C, viewer: Viewer, request_id: str | None = None
    ) -> OutputContext[O]:
        """request_id: for the audit trail."""
        committing = False

        async def transact() -> OutputContext[O]:
            nonlocal committing
            async with self._database.transaction() as connection:
                transaction = Transaction(connection)
                interactor = depends(Resources(transaction, viewer, self._services))
                run = partial(self._clerk.witness, Run(interactor, dto, viewer, request_id), transaction)
                if dto.idempotency_key is None:
                    output = await run()
                else:
                    keys = IdempotencyKeys(connection, self._services.tokens.secret("idempotency"))
                    output = await keys.once(interactor, dto, viewer, run)
                if interactor.commits_refusals or not isinstance(output, OutputErrorContext) or dto.idempotency_key:
                    committing = True
                    await connection.commit()
                    if self._doorbell is not None:
                        self._doorbell.ring(told=bool(transaction.told), moved=transaction.moved)
                return output

        output = await _contained(depends, within(self._deadline_s, transact()))
        if committing and isinstance(output, OutputErrorContext) and output.code == "UNAVAILABLE":
            return unavailable_while_committing()
        if output == forbidden():
            await self._tell_attempt(depends, dto, viewer, request_id)
        return output

    async def sign_in(
        self, depends: Depends[C, O], dto: C, viewer: Viewer, request_id: str | None = None
    ) -> OutputContext[O]:
        """Hashing a password takes its time; a storm of logins must not take all connections while it does."""
        try:
            async with asyncio.timeout(self._deadline_s):
                await self._sign_ins.acquire()
        except TimeoutError:
            return unavailable()
        try:
            return await self.write(depends, dto, viewer, request_id)
        finally:
            self._sign_ins.release()

    async def _tell_attempt(self, depends: Depends[C, O], dto: C, viewer: Viewer, request_id: str | None) -> None:
        """In a transaction of its own, since what was refused has left none."""
        if not self._clerk.lets_through(viewer, depends.__name__):
            return

        async def transact() -> OutputContext[None]:
            async with self._database.transaction() as connection:
                transaction = Transaction(connection)
                interactor = depends(Resources(transaction, viewer, self._services))
                await self._clerk.tell_attempt(Run(interactor, dto, viewer, request_id), forbidden(), transaction)
                await connection.commit()
            return OutputSuccessContext(None)

        await _contained(depends, within(self._deadline_s, transact()))


class Reader:
    """Runs reads one after the other on one connection, which it borrows for the first and gives back at the end."""

    def __init__(
        self, pool: ReadingPool, services: Services, viewer: Viewer, until: float, wanted: Wanted | None = None
    ) -> None:
        self._pool = pool
        self._services = services
        self._viewer = viewer
        self._until = until
        self._wanted = wanted
        self._reading: Reading | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._give_back()

    def run(self, depends: Depends[I, O], dto: I) -> Coroutine[Any, Any, OutputContext[O]]:
        return _contained(depends, self._run(depends, dto))

    async def _run(self, depends: Depends[I, O], dto: I) -> OutputContext[O]:
        try:
            return await self._once(depends, dto)
        except Exception:
            if self._reading is None or not self._reading.is_closed:
                raise
        # A restart of PostgreSQL cuts what is under way; reading twice harms nobody.
        self._give_back()
        return await self._once(depends, dto)

    async def _once(self, depends: Depends[I, O], dto: I) -> OutputContext[O]:
        if self._reading is None:
            self._reading = await self._pool.borrow(self._until)
        interactor = depends(Resources(self._reading, self._viewer, self._services, self._wanted))
        return await interactor.run_async(dto, self._viewer)

    def _give_back(self) -> None:
        if self._reading is not None:
            self._pool.give_back(self._reading)
            self._reading = None


async def _contained(depends: Any, running: Coroutine[Any, Any, OutputContext[O]]) -> OutputContext[O]:
    try:
        return await running
    except Refused as refused:
        return refused.refusal
    except Exception as error:
        outage = outage_in(error)
        if outage is not None:
            _log.warning("database_away", why=outage, use_case=depends.__name__, error=type(error).__name__)
            return unavailable()
        # The text of an error may quote values of a row, so the log gets where it happened, and not what it said.
        _log.error("use_case_failed", use_case=depends.__name__, error=type(error).__name__, at=origin_of(error))
        return internal_error()
