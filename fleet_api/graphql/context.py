"""What a resolver may do: submit a command, ask a question, or load an edge. Each is one line at the edge."""

from collections.abc import Generator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from strawberry.dataloader import DataLoader

from fleet_api.shared.domain.dto import Batch, CommandDto
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, Refused
from fleet_api.shared.domain.text import Language
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.unit_of_work import Depends, UnitOfWork

I = TypeVar("I")  # noqa: E741 - input
O = TypeVar("O")  # noqa: E741 - output
C = TypeVar("C", bound=CommandDto)
K = TypeVar("K")
V = TypeVar("V")

BatchDepends = Depends[Batch[K, Any], Mapping[K, V]]

_FORBIDDEN = {401, 403}


@dataclass
class Context:
    """One operation: who asks, in which language, and the loaders that gather its edges."""

    unit_of_work: UnitOfWork
    services: Services
    viewer: Viewer
    language: Language = "en"
    request_id: str = ""
    loaders: dict[Any, DataLoader[Any, Any]] = field(default_factory=dict)

    async def submit(self, depends: Depends[C, O], command: C) -> OutputContext[O]:
        """Runs a mutation in a transaction of its own."""
        return await self.unit_of_work.write(depends, command, self.viewer)

    async def sign_in(self, depends: Depends[C, O], command: C) -> OutputContext[O]:
        """Runs a mutation that proves who somebody is; only a few of those run at a time."""
        return await self.unit_of_work.sign_in(depends, command, self.viewer)

    async def ask(self, depends: Depends[I, Any], question: I) -> Any:
        """Answers a query's root field: the source of what its type presents. Raises `Refused`."""
        output = await self.unit_of_work.read(depends, question, self.viewer)
        if isinstance(output, OutputErrorContext):
            raise Refused(output)
        return output.data

    def load(self, depends: BatchDepends[K, V], key: K, asked: Any = None) -> Any:
        """An edge of one object. Those of all objects of a level become one run of the batch use case."""
        return Load(self, depends, key, asked)

    def loader(self, depends: BatchDepends[K, V], asked: Any) -> DataLoader[K, V | None]:
        name = (depends, asked)
        if name not in self.loaders:

            async def gather(keys: list[K]) -> Sequence[V | None]:
                found = await self.batch(depends, keys, asked)
                return [found.get(key) for key in keys]

            self.loaders[name] = DataLoader(load_fn=gather)
        return self.loaders[name]

    async def batch(self, depends: BatchDepends[K, V], keys: Sequence[K], asked: Any) -> Mapping[K, V]:
        """What the keys lead to. An edge that the viewer may not follow leads nowhere, at no cost to its siblings."""
        output = await self.unit_of_work.read(depends, Batch(keys, asked), self.viewer)
        if not isinstance(output, OutputErrorContext):
            return output.data
        if output.http_status in _FORBIDDEN:
            return {}
        raise Refused(output)

    def fresh(self) -> "Context":
        """The same viewer, with nothing remembered: for another operation or event of the same socket."""
        return Context(self.unit_of_work, self.services, self.viewer, self.language, self.request_id)

    def forget(self) -> None:
        """Before each event of a subscription: what was loaded for the last one is old."""
        self.loaders.clear()


@dataclass(frozen=True, slots=True)
class Load:
    """An edge to follow. A resolver returns it unfollowed, so that whoever executes may gather a whole level."""

    context: Context
    depends: Any
    key: Any
    asked: Any

    def __await__(self) -> Generator[Any, None, Any]:
        return self.context.loader(self.depends, self.asked).load(self.key).__await__()
