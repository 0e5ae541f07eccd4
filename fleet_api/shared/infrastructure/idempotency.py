"""Idempotency keys: the answer is kept in the transaction that made it, so that neither can exist without the other."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any, TypeVar

from pydantic import TypeAdapter
from sqlalchemy import Column, LargeBinary, Table, Text, delete, select, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.clock import utc_now
from fleet_api.shared.domain.dto import CommandDto
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.shared_errors import idempotency_key_reused
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.tables import instant, metadata

O = TypeVar("O")  # noqa: E741 - output
C = TypeVar("C", bound=CommandDto)

KEPT_FOR = timedelta(days=7)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("principal", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    instant("created_at"),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("refused", JSONB),
    Column("answer", JSONB),
)


# "Not now" and "not you" are no answers to keep: what they wait for may come.
_PASSING = {401, 403, 429, 503}


class IdempotencyKeys:
    """`secret` keys the fingerprints: a body may hold a password, and a plain hash of one could be guessed."""

    def __init__(self, connection: AsyncConnection, secret: bytes) -> None:
        self._connection = connection
        self._secret = secret

    async def once(
        self, interactor: BaseInteractor[C, O], dto: C, viewer: Viewer, run: Callable[[], Awaitable[OutputContext[O]]]
    ) -> OutputContext[O]:
        """The first answer for this key, principal and body, refusals included. Another body is a Conflict.

        run: runs the interactor, if it is to run.
        """
        if not await self._claim(interactor, dto, viewer):
            return await self._replay(interactor, dto, viewer)
        # A refusal undoes the use case's work, but not the key's claim.
        savepoint = await self._connection.begin_nested()
        output = await run()
        if isinstance(output, OutputErrorContext) and not interactor.commits_refusals:
            await savepoint.rollback()
        else:
            await savepoint.commit()
        if isinstance(output, OutputErrorContext) and output.http_status in _PASSING:
            await self._connection.execute(delete(idempotency_keys).where(*self._named(interactor, dto, viewer)))
        else:
            await self._keep(interactor, output, dto, viewer)
        return output

    async def _claim(self, interactor: BaseInteractor[C, O], dto: C, viewer: Viewer) -> bool:
        """False when the key is taken. A twin request still under way makes this wait for its answer."""
        claim = insert(idempotency_keys).values(
            principal=self._principal(interactor, dto, viewer),
            key=dto.idempotency_key,
            created_at=utc_now(),
            fingerprint=self._fingerprint(interactor, dto),
        )
        claimed = await self._connection.execute(claim.on_conflict_do_nothing())
        return claimed.rowcount == 1

    async def _replay(self, interactor: BaseInteractor[C, O], dto: C, viewer: Viewer) -> OutputContext[O]:
        kept = (
            await self._connection.execute(select(idempotency_keys).where(*self._named(interactor, dto, viewer)))
        ).one()
        if not hmac.compare_digest(kept.fingerprint, self._fingerprint(interactor, dto)):
            return idempotency_key_reused()
        if kept.refused is not None:
            return TypeAdapter(OutputErrorContext).validate_python(kept.refused)
        return OutputSuccessContext(TypeAdapter[O](interactor.output_type()).validate_python(kept.answer))

    async def _keep(self, interactor: BaseInteractor[C, O], output: OutputContext[O], dto: C, viewer: Viewer) -> None:
        if isinstance(output, OutputErrorContext):
            kept: dict[str, Any] = {"refused": TypeAdapter(OutputErrorContext).dump_python(output, mode="json")}
        else:
            answer = TypeAdapter[O](interactor.output_type()).dump_python(output.data, mode="json")
            kept = {"answer": answer}
        await self._connection.execute(
            update(idempotency_keys).where(*self._named(interactor, dto, viewer)).values(**kept)
        )

    def _fingerprint(self, interactor: BaseInteractor[C, O], dto: C) -> bytes:
        body = f"{type(interactor).__name__}:{dto.model_dump_json(exclude={'idempotency_key'})}"
        return hmac.digest(self._secret, body.encode(), hashlib.sha256)

    def _principal(self, interactor: BaseInteractor[C, O], dto: C, viewer: Viewer) -> str:
        """Whoever signs in proves who they are by the body, whatever token comes along: the body is the principal.
        Else strangers would share keys, and one who guessed a key could guess passwords by comparing."""
        if interactor.requires is Permission.SIGN_IN:
            return f"sign_in:{self._fingerprint(interactor, dto).hex()}"
        return viewer.principal

    def _named(self, interactor: BaseInteractor[C, O], dto: C, viewer: Viewer) -> tuple[Any, Any]:
        keys = idempotency_keys.c
        return keys.principal == self._principal(interactor, dto, viewer), keys.key == dto.idempotency_key


async def forget_old_keys(connection: AsyncConnection) -> int:
    """Drops the keys that no honest retry will bring again. A job of the maintenance run."""
    forgotten = await connection.execute(
        delete(idempotency_keys).where(idempotency_keys.c.created_at < utc_now() - KEPT_FOR)
    )
    return int(forgotten.rowcount)
