"""One interactor run = one connection = one transaction. Nobody else commits."""

import asyncio
import traceback
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.dto import CommandDto
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, Refused
from fleet_api.shared.domain.shared_errors import internal_error, unavailable, unavailable_while_committing
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.database import Database, is_away, once_more_when_cut
from fleet_api.shared.infrastructure.deadline import within
from fleet_api.shared.infrastructure.idempotency import IdempotencyKeys
from fleet_api.shared.infrastructure.resources import Resources, Services

I = TypeVar("I")  # noqa: E741 - input
O = TypeVar("O")  # noqa: E741 - output
C = TypeVar("C", bound=CommandDto)

Depends = Callable[[Resources], BaseInteractor[I, O]]

# Fewer than the pool has connections, and no more than there are threads that hash.
_SIGN_INS_AT_ONCE = 3

_log = structlog.get_logger(__name__)


class UnitOfWork:
    """Runs use cases. Whatever goes wrong in one becomes a refusal here, and only here.

    deadline_s: how long a run may take before it is given up; a database that hangs is a database that is away.
    """

    def __init__(self, database: Database, services: Services, *, deadline_s: float | None = 4.0) -> None:
        self._database = database
        self._services = services
        self._deadline_s = deadline_s
        self._sign_ins = asyncio.Semaphore(_SIGN_INS_AT_ONCE)

    async def read(self, depends: Depends[I, O], dto: I, viewer: Viewer) -> OutputContext[O]:
        async def run() -> OutputContext[O]:
            async with self._database.reading() as connection:
                return await self._interactor(depends, connection, viewer).run_async(dto, viewer)

        # A restart of PostgreSQL leaves dead connections in the pool; reading twice harms nobody.
        return await self._contain(depends, lambda: once_more_when_cut(run))

    async def write(self, depends: Depends[C, O], dto: C, viewer: Viewer) -> OutputContext[O]:
        committing = False

        async def run() -> OutputContext[O]:
            nonlocal committing
            async with self._database.transaction() as connection:
                interactor = self._interactor(depends, connection, viewer)
                if dto.idempotency_key is None:
                    output = await interactor.run_async(dto, viewer)
                else:
                    keys = IdempotencyKeys(connection, self._services.tokens.secret("idempotency"))
                    output = await keys.once(interactor, dto, viewer)
                if interactor.commits_refusals or not isinstance(output, OutputErrorContext) or dto.idempotency_key:
                    committing = True
                    await connection.commit()
                return output

        output = await self._contain(depends, run)
        if committing and isinstance(output, OutputErrorContext) and output.code == "UNAVAILABLE":
            return unavailable_while_committing()
        return output

    async def sign_in(self, depends: Depends[C, O], dto: C, viewer: Viewer) -> OutputContext[O]:
        """Hashing a password takes its time; a storm of logins must not take all connections while it does."""
        try:
            async with asyncio.timeout(self._deadline_s):
                await self._sign_ins.acquire()
        except TimeoutError:
            return unavailable()
        try:
            return await self.write(depends, dto, viewer)
        finally:
            self._sign_ins.release()

    def _interactor(self, depends: Depends[I, O], connection: AsyncConnection, viewer: Viewer) -> BaseInteractor[I, O]:
        return depends(Resources(connection, viewer, self._services))

    async def _contain(
        self, depends: Any, run: Callable[[], Coroutine[Any, Any, OutputContext[O]]]
    ) -> OutputContext[O]:
        try:
            return await within(self._deadline_s, run())
        except Refused as refused:
            return refused.refusal
        except Exception as error:
            if is_away(error):
                _log.warning("database_away", use_case=depends.__name__, error=type(error).__name__)
                return unavailable()
            # The text of an error may quote values of a row, so the log gets where it happened, and not what it said.
            _log.error("use_case_failed", use_case=depends.__name__, error=type(error).__name__, at=_origin(error))
            return internal_error()


def _origin(error: BaseException) -> list[str]:
    """The frames of ours that it came through, innermost last."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in frames if "fleet_api" in f.filename][-6:]
