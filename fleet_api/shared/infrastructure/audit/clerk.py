"""Writes the audit trail: whatever use case changes something leaves its entry, and none has to think of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.audit_entry import AuditEntry, AuditOutcome
from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.deed import Deed
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.ids import created_at, new_id
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext
from fleet_api.shared.domain.shared_errors import forbidden
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.audit.damper import Damper
from fleet_api.shared.infrastructure.audit.postgres_audit_trail import PostgresAuditTrail
from fleet_api.shared.infrastructure.connections import Transaction
from fleet_api.shared.infrastructure.tenancy import TenantConnection

I = TypeVar("I")  # noqa: E741 - input
O = TypeVar("O")  # noqa: E741 - output


@dataclass(frozen=True, slots=True)
class Run(Generic[I, O]):
    """Who has a use case do what. request_id: of the request that it is part of, if it is part of one."""

    interactor: BaseInteractor[I, O]
    dto: I
    viewer: Viewer
    request_id: str | None


class Clerk:
    """Of refusals it tells those that are committed, such as a failed login, and attempts at what the viewer may not
    do: through a damper, since they cost nothing to provoke."""

    def __init__(self, now: Clock) -> None:
        self._now = now
        self._damper = Damper()

    async def witness(self, run: Run[I, O], transaction: Transaction) -> OutputContext[O]:
        """Runs it, and leaves its entry in the same transaction."""
        output = await run.interactor.run_async(run.dto, run.viewer)
        deed = run.interactor.deed(run.dto, output)
        if self._is_told(run, deed, output):
            await self._tell(run, deed, output, transaction)
        return output

    async def tell_attempt(self, run: Run[I, O], refusal: OutputErrorContext, transaction: Transaction) -> None:
        await self._tell(run, run.interactor.deed(run.dto, refusal), refusal, transaction)

    def lets_through(self, viewer: Viewer, *alike: str) -> bool:
        """Whether a refusal of this kind is to be told, or was told already."""
        return self._damper.lets_through(viewer, self._now().timestamp(), *alike)

    def _is_told(self, run: Run[I, O], deed: Deed, output: OutputContext[O]) -> bool:
        if not isinstance(output, OutputErrorContext):
            return run.interactor.is_deed
        if not run.interactor.commits_refusals or output == forbidden():
            return False
        return deed.is_lasting or self.lets_through(run.viewer, run.interactor.action(), output.code, deed.alike)

    async def _tell(self, run: Run[I, O], deed: Deed, output: OutputContext[O], transaction: Transaction) -> None:
        id = new_id()
        refusal = output if isinstance(output, OutputErrorContext) else None
        event = None if refusal else _event_of(deed, transaction.told)
        actor = deed.actor or run.viewer
        entry = AuditEntry(
            id=id,
            occurred_at=created_at(id),
            fleet_provider_id=deed.fleet_provider_id or actor.provider_id,
            actor=actor.actor,
            role=actor.role,
            actor_provider_id=actor.provider_id,
            action=run.interactor.action(),
            outcome=AuditOutcome.REFUSED if refusal else AuditOutcome.DONE,
            code=refusal.code if refusal else None,
            entity_type=deed.entity_type,
            entity_id=deed.entity_id,
            before=event.before if event else None,
            after=event.after if event else None,
            changed=event.changed if event else (),
            request_id=run.request_id,
            address=run.viewer.address or None,
        )
        # Under nobody's sight: what somebody did may be of a thing that they do not see any more.
        await PostgresAuditTrail(TenantConnection(transaction, Viewer.system())).add(entry)


def _event_of(deed: Deed, told: Iterable[Event]) -> Event | None:
    """What was told of the thing: the first says what was done to it."""
    return next((event for event in told if event.subject_id == deed.entity_id), None)
