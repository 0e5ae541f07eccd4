"""What a resolver may do: submit a command, ask a question, or load an edge. Each is one line at the edge."""

from collections.abc import Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal, TypeVar

from strawberry.dataloader import DataLoader

from fleet_api.graphql.edges import Ask, BatchDepends, Load
from fleet_api.shared.domain.dto import Batch, CommandDto
from fleet_api.shared.domain.household import household_of
from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, Refused
from fleet_api.shared.domain.shared_errors import idempotency_keys_differ
from fleet_api.shared.domain.text import Language
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.resources import Services
from fleet_api.shared.infrastructure.tenancy import Wanted
from fleet_api.shared.infrastructure.unit_of_work import Depends, Reader, UnitOfWork

I = TypeVar("I")  # noqa: E741 - input
O = TypeVar("O")  # noqa: E741 - output
C = TypeVar("C", bound=CommandDto)
K = TypeVar("K")
V = TypeVar("V")

Transport = Literal["http", "sse", "ws"]

_FORBIDDEN = {401, 403}


def principal_of(viewer: Viewer, address: str) -> str:
    """Strangers are told apart by their addresses."""
    return viewer.principal if viewer.role else f"address:{household_of(address)}"


@dataclass
class Context:
    """One operation: who asks, from where, in which language, and what is known so far.

    transport: http, sse or ws. trace: headers in which the caller tells of a trace that goes on here. cost: what it was
    found to cost before it ran; None where it got no further. resume_from: the cursor that the transport brought, for a
    subscription that goes on. idempotency_key: one that it brought, for a mutation that has none in its input. wanted:
    of some entities the only fields that will be looked at. known: by use case and what was asked of it, what each key
    leads to, or the refusal that it met. Whoever executes an operation a second time finds everything there, and
    nothing is read twice.
    """

    unit_of_work: UnitOfWork
    services: Services
    viewer: Viewer
    language: Language = "en"
    request_id: str = ""
    address: str = ""
    transport: Transport = "http"
    trace: Mapping[str, str] | None = None
    resume_from: str | None = None
    idempotency_key: str | None = None
    cost: int | None = None
    wanted: Wanted | None = None
    known: dict[Any, dict[Any, Any]] = field(default_factory=dict)
    _loaders: dict[Any, DataLoader[Any, Any]] = field(default_factory=dict)
    _until: float | None = None
    _level: Reader | None = None

    @property
    def principal(self) -> str:
        """Who spends, and whose operations are counted."""
        return principal_of(self.viewer, self.address)

    async def submit(self, depends: Depends[C, O], command: C) -> OutputContext[O]:
        """Runs a mutation in a transaction of its own. Raises `Refused` for a key that is not the transport's."""
        return await self.unit_of_work.write(depends, self._keyed(command), self._asking, self.request_id or None)

    async def sign_in(self, depends: Depends[C, O], command: C) -> OutputContext[O]:
        """Runs a mutation that proves who somebody is; only a few of those run at a time."""
        return await self.unit_of_work.sign_in(depends, self._keyed(command), self._asking, self.request_id or None)

    @property
    def _asking(self) -> Viewer:
        return replace(self.viewer, address=self.address)

    def ask(self, depends: Depends[I, Any], question: I) -> Any:
        """Answers a query's root field: the source of what its type presents."""
        return Ask(self, depends, question)

    def load(self, depends: BatchDepends[K, V], key: K | None, asked: Any = None) -> Any:
        """An edge of one object. Those of all objects of a level become one run of the batch use case."""
        return Load(self, depends, key, asked)

    def want_all(self) -> None:
        """Somebody may look at any field from now on. What failed may have missed one, and is forgotten."""
        self.wanted = None
        for known in self.known.values():
            for key, found in list(known.items()):
                if isinstance(found, Refused) and found.refusal.code == "INTERNAL_ERROR":
                    del known[key]

    async def follow(self, loads: Mapping[Any, Iterable[Any]], asks: Iterable[Ask]) -> None:
        """Makes known what the edges of one level lead to, on one connection. loads: keys by use case and asked."""
        try:
            with self.unit_of_work.reader(self.viewer, self._deadline(), self.wanted) as self._level:
                for (depends, asked), keys in loads.items():
                    await self._learn(depends, asked, keys)
                for ask in asks:
                    await self._find_out(ask)
        finally:
            self._level = None

    async def one(self, load: Load) -> Any:
        """What one edge leads to, gathered with those that are followed at the same time. Raises `Refused`."""
        if load.key is None:
            return None
        name = load.depends, load.asked
        if name not in self._loaders:

            async def gather(keys: list[Any]) -> Sequence[Any]:
                await self._learn(*name, keys)
                return [self.known[name][key] for key in keys]

            self._loaders[name] = DataLoader(load_fn=gather)
        return await self._loaders[name].load(load.key)

    async def answer(self, ask: Ask) -> Any:
        """Raises `Refused`."""
        found = await self._find_out(ask)
        if isinstance(found, Refused):
            raise found
        return found

    def read(self, depends: Depends[Any, O], dto: Any) -> Coroutine[Any, Any, OutputContext[O]]:
        """The one road of all queries to the use cases. No coroutine of its own, for it has nothing to wait for."""
        return self._read_alone(depends, dto) if self._level is None else self._level.run(depends, dto)

    async def _read_alone(self, depends: Depends[Any, O], dto: Any) -> OutputContext[O]:
        with self.unit_of_work.reader(self.viewer, self._deadline()) as reader:
            return await reader.run(depends, dto)

    async def _learn(self, depends: Any, asked: Any, keys: Iterable[Any]) -> None:
        known = self.known.setdefault((depends, asked), {})
        missing = [key for key in keys if key not in known]
        if not missing:
            return
        output = await self.read(depends, Batch(missing, asked))
        if not isinstance(output, OutputErrorContext):
            known.update(zip(missing, map(output.data.get, missing), strict=True))
        elif output.http_status in _FORBIDDEN:
            # An edge that the viewer may not follow leads nowhere, at no cost to its siblings.
            known.update(dict.fromkeys(missing))
        else:
            known.update(dict.fromkeys(missing, Refused(output)))

    async def _find_out(self, ask: Ask) -> Any:
        known = self.known.setdefault((ask.depends, None), {})
        if ask.question not in known:
            output = await self.read(ask.depends, ask.question)
            known[ask.question] = Refused(output) if isinstance(output, OutputErrorContext) else output.data
        return known[ask.question]

    def _keyed(self, command: C) -> C:
        if self.idempotency_key is None or command.idempotency_key == self.idempotency_key:
            return command
        if command.idempotency_key is not None:
            raise Refused(idempotency_keys_differ())
        return command.model_copy(update={"idempotency_key": self.idempotency_key})

    def _deadline(self) -> float:
        """One for all that an operation reads, however many levels it has."""
        if self._until is None:
            self._until = self.unit_of_work.deadline()
        return self._until

    def fresh(self) -> "Context":
        """The same viewer, with nothing remembered and time of its own: for what is read or rendered later."""
        return Context(self.unit_of_work, self.services, self.viewer, self.language, self.request_id, self.address)
