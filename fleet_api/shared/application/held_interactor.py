"""The templates of use cases about one thing that stands already: hold it, compare its version, then act."""

from abc import abstractmethod
from dataclasses import replace
from typing import Any, ClassVar, Generic, Protocol, TypeVar
from uuid import UUID

from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.deed import Deed
from fleet_api.shared.domain.dto import ChangeDto
from fleet_api.shared.domain.events import Event, EventPublisher
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.shared_errors import stale_version
from fleet_api.shared.domain.versioned import Versioned

C = TypeVar("C", bound=ChangeDto)
V = TypeVar("V", bound=Versioned)
V_co = TypeVar("V_co", bound=Versioned, covariant=True)
O_co = TypeVar("O_co", covariant=True)


class Holder(Protocol[V_co]):
    """The half of a repository that these templates need."""

    async def hold(self, id: UUID, /) -> V_co | None:
        """The thing, locked until the unit of work ends; None for an id that the viewer cannot see."""
        ...


class Store(Holder[V], Protocol[V]):
    async def save(self, thing: V, /) -> None: ...


class HeldInteractor(BaseInteractor[C, O_co], Generic[C, V, O_co]):
    """Acts on one thing while nobody else can, and only if it is at the version that the client read."""

    unknown: ClassVar[OutputErrorContext]
    """The refusal for an id that the viewer cannot see."""

    def __init__(self, holder: Holder[V]) -> None:
        self._holder = holder

    async def process(self, dto: C) -> OutputContext[O_co]:
        thing = await self._holder.hold(dto.target)
        if thing is None:
            return self.unknown
        if dto.expected_version not in {None, thing.version}:
            return stale_version(thing.version)
        return await self.act(thing, dto)

    def deed(self, dto: C, output: OutputContext[Any]) -> Deed:
        """To what is held, or would have been, whatever the answer is."""
        return replace(super().deed(dto, output), entity_type=self._named(1).__name__, entity_id=dto.target)

    @abstractmethod
    async def act(self, thing: V, dto: C, /) -> OutputContext[O_co]: ...


class ChangeInteractor(HeldInteractor[C, V, V]):
    """Lets the thing decide what it becomes, saves that, and tells of it."""

    def __init__(self, store: Store[V], events: EventPublisher) -> None:
        super().__init__(store)
        self._store = store
        self._events = events

    async def act(self, thing: V, dto: C, /) -> OutputContext[V]:
        changed = await self.change(thing, dto)
        if isinstance(changed, OutputErrorContext):
            return changed
        await self._store.save(changed)
        event = await self.event(thing, changed, dto)
        if event is not None:
            await self._events.publish(event)
        return OutputSuccessContext(changed)

    @abstractmethod
    async def change(self, thing: V, dto: C, /) -> V | OutputErrorContext:
        """What the thing becomes, or its refusal."""

    @abstractmethod
    async def event(self, before: V, after: V, dto: C, /) -> Event | None:
        """What there is to tell of it; None where nothing changed."""
