"""One execution of a compiled query, or of a subscription for some events: down level by level, reading each with one
statement per kind of edge, and up again to render it."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from graphql import GraphQLResolveInfo, GraphQLSchema
from strawberry.execution import optimized_is_awaitable

from fleet_api.graphql.context import Context
from fleet_api.graphql.edges import EDGES, Ask, Load
from fleet_api.graphql.execution.level import Column
from fleet_api.graphql.execution.ready import Ready
from fleet_api.graphql.execution.selection import Fold, Selection

if TYPE_CHECKING:
    from fleet_api.graphql.execution.fields import Field
    from fleet_api.graphql.execution.shapes import Shape


class _Frame:
    """The objects of one selection on one level, and how what is below them comes up again."""

    __slots__ = ("columns", "rendered", "selection", "sources")

    def __init__(self, selection: Selection, sources: Sequence[Any]) -> None:
        self.selection = selection
        self.sources = sources
        self.columns: list[Fold] = []
        self.rendered: list[Any] = []

    def render(self) -> None:
        if self.sources:
            self.rendered = self.selection.render(self.sources, *[fold() for fold in self.columns])


class _Later:
    """The way up from what is not read yet."""

    __slots__ = ("fold",)

    fold: Fold

    def __call__(self) -> list[Any]:
        return self.fold()


class Walk:
    def __init__(self, schema: GraphQLSchema, ready: Ready, context: Context) -> None:
        self._schema = schema
        self._operation = ready.operation
        self.variables = ready.variables
        self._context = context
        self._frames: list[_Frame] = []
        self._edges: list[Any] = []
        self._then: list[Callable[[], None]] = []

    async def run(self, top: Selection, roots: Sequence[Any] = (None,)) -> list[Any]:
        """The `data` of the answer for each root value. Raises any exception where graphql-core has to answer."""
        answer = self.enter(top, roots)
        while self._edges:
            await self._read_level()
        # Whoever is below was entered later.
        for frame in reversed(self._frames):
            frame.render()
        return answer()

    def enter(self, selection: Selection, sources: Sequence[Any]) -> Fold:
        """Goes down from these objects as far as it gets without reading."""
        selection.check(sources)
        frame = _Frame(selection, sources)
        self._frames.append(frame)
        if sources:
            frame.columns = [child.column(self, sources) for child in selection.children]
        return lambda: frame.rendered

    def follow(self, values: list[Any], shape: "Shape", field: "Field") -> Fold:
        """Goes on, once they are read, from values of which some are edges."""
        later = _Later()
        self._edges += [value for value in values if value.__class__ in EDGES]

        def go_on() -> None:
            found = [self._found(value) if value.__class__ in EDGES else value for value in values]
            later.fold = shape.descend(self, found, field)

        self._then.append(go_on)
        return later

    def follow_level(self, edge: Load, shape: "Shape", field: "Field") -> Fold:
        """Goes on from an edge of a whole level, whose key is a column. What several objects share is rendered once."""
        later, keys = _Later(), edge.key.values
        distinct = list(dict.fromkeys(keys))
        self._edges.append(Load(edge.context, edge.depends, Column(distinct), edge.asked))

        def go_on() -> None:
            known = self._context.known[edge.depends, edge.asked]
            below = shape.descend(self, [known.get(key) for key in distinct], field)
            if len(distinct) == len(keys):
                later.fold = below
            else:
                later.fold = lambda: list(map(dict(zip(distinct, below(), strict=True)).__getitem__, keys))

        self._then.append(go_on)
        return later

    def info(self, field: "Field") -> GraphQLResolveInfo[Context]:
        """What resolvers are told. The path lacks the indices of lists: one call may be for all of their items."""
        nothing: Any = None
        return GraphQLResolveInfo(
            field.name,
            field.nodes,
            field.definition.type,
            field.parent,
            field.path,
            self._schema,
            self._operation.fragment_definitions,
            nothing,
            self._operation.definition,
            self.variables.coerced,  # type: ignore[arg-type] # as strawberry's resolvers have it
            self._context,
            optimized_is_awaitable,  # type: ignore[arg-type]
            nothing,
            nothing,
        )

    async def _read_level(self) -> None:
        edges, then, self._edges, self._then = self._edges, self._then, [], []
        loads: dict[Any, list[Any]] = defaultdict(list)
        for edge in edges:
            if isinstance(edge, Load):
                keys = edge.key.values if isinstance(edge.key, Column) else [edge.key]
                loads[edge.depends, edge.asked] += keys
        await self._context.follow(loads, [edge for edge in edges if isinstance(edge, Ask)])
        for go_on in then:
            go_on()

    def _found(self, edge: Any) -> Any:
        if isinstance(edge, Ask):
            return self._context.known[edge.depends, None][edge.question]
        return self._context.known[edge.depends, edge.asked].get(edge.key)
