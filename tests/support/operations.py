"""Random queries over the real schema, valid by construction: whatever executes them can be held against another."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
)

from tests.support.arguments import PAGING, Arguments, Known
from tests.support.chance import Chance
from tests.support.schema_walk import CORE, NODES

# Names that code which is made from documents might trip over; a field's own name is none of them.
_ALIASES = ["a", "b", "o", "v0", "c0", "self", "class", "None", "data", "errors", "_0", "__x"]
_INTROSPECTION = [
    "__schema { queryType { name kind } description }",
    "schema_1: __schema { directives { name isRepeatable locations args { name defaultValue } } }",
    '__type(name: "Geofence") { name kind isOneOf fields { name type { name kind ofType { name } } } }',
    'type_1: __type(name: "Node") { possibleTypes { name } }',
    'type_2: __type(name: "Nothing") { name }',
]
_BOOLEAN = GraphQLNonNull(CORE.type_map["Boolean"])


@dataclass(frozen=True, slots=True)
class Operation:
    """variables: several sets of values, to ask the same document with."""

    document: str
    name: str | None
    variables: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class _Room:
    """What may still lie below: fields deep, relations deep, and rows that the pages on the way multiply to."""

    depth: int = 15
    relations: int = 6
    rows: int = 18

    def holds(self, other: "_Room") -> bool:
        return self.depth >= other.depth and self.relations >= other.relations and self.rows >= other.rows


@dataclass(frozen=True, slots=True)
class _Fragment:
    """room: how much of it the fragment may take wherever it is spread."""

    name: str
    kind: GraphQLNamedType
    room: _Room
    text: str


def random_operation(chance: Chance, known: Known, sets: int) -> Operation:
    """A document and `sets` sets of variables for it."""
    writer = _Writer(chance, known)
    text = writer.selection(CORE.query_type, _Room(relations=chance.randint(2, 6)))
    if chance.happens(0.1):
        other = _Writer(chance, known, "Other")
        text_of_other = other.selection(CORE.query_type, _Room(depth=6, relations=2))
        documents = [writer.document("This", text), other.document("Other", text_of_other)]
        chance.shuffle(documents)
        return Operation("\n".join(documents), "This", [writer.drawn() for _ in range(sets)])
    name = chance.choice([None, None, "Fleet"])
    document = writer.document(name, text)
    return Operation(document, name if chance.happens(0.5) else None, [writer.drawn() for _ in range(sets)])


@dataclass
class _Writer:
    """Writes one operation. Names of variables and fragments bear `prefix`, to tell those of several apart.

    A response key stands for one field of one type with the same arguments all over the operation, so that whatever
    is selected twice, in whichever fragments, can be merged.
    """

    chance: Chance
    known: Known
    prefix: str = ""
    _fragments: list[_Fragment] = field(default_factory=list)
    _keys: dict[str, str] = field(default_factory=dict)
    _selections_left: int = 15

    def __post_init__(self) -> None:
        # What `nodes` asks for, and what it selects from that, are to meet now and then.
        self._favoured = self.chance.sample(sorted(NODES), 3)
        self._arguments = Arguments(self.chance, self.known, self.prefix, self._favoured)

    def document(self, name: str | None, selection: str) -> str:
        declared = self._arguments.declared
        head = f"query {name or ''}{declared} " if name or declared or self.chance.happens(0.3) else ""
        fragments = [f"fragment {each.name} on {each.kind.name} {each.text}" for each in self._fragments]
        return "\n".join([head + selection, *fragments])

    def drawn(self) -> dict[str, Any]:
        return self._arguments.drawn()

    def selection(self, kind: Any, room: _Room) -> str:
        parts = [dressed for part in self._parts(kind, room) for dressed in self._dressed(part, kind, room)]
        self.chance.shuffle(parts)
        return "{ " + " ".join(parts or ["__typename"]) + " }"

    def _parts(self, kind: Any, room: _Room) -> Iterator[str]:
        """Fields and fragments of an object, an interface or a union."""
        if not isinstance(kind, GraphQLUnionType):
            for name in self._chosen(kind, room):
                yield from self._field(name, kind.fields[name], room)
        if is_abstract_type(kind):
            members = CORE.get_possible_types(kind)
            for member in members:
                if self.chance.happens(0.8 if member.name in self._favoured or len(members) == 2 else 0.15):
                    yield f"... on {member.name}{self._directive()} {self.selection(member, room)}"
        elif kind is CORE.query_type and self.chance.happens(0.06):
            yield self.chance.choice(_INTROSPECTION)
        if self.chance.happens(0.25):
            yield self.chance.choice(["", "", f"{self._key('kind', '__typename')}: "]) + "__typename"

    def _chosen(self, kind: GraphQLObjectType | GraphQLInterfaceType, room: _Room) -> list[str]:
        """Some of its values, and some of what leads on, as far as there is room."""
        values = [name for name, each in kind.fields.items() if is_leaf_type(get_named_type(each.type))]
        onward = [name for name in kind.fields if name not in values and self._leads_on(kind.fields[name], room)]
        chosen = self.chance.sample(values, self.chance.randint(min(len(values), 1), min(len(values), 5)))
        if kind.name.endswith(("Connection", "Edge")):
            return chosen + [name for name in onward if self.chance.happens(0.3 if name == "pageInfo" else 0.97)]
        if not room.relations or self._selections_left <= 0:
            onward = self.chance.sample(onward, min(len(onward), self.chance.happens(0.3)))
        # Some twice: under two names, or under one name that is to be merged.
        return chosen + self.chance.choices(onward, k=self.chance.choice([1, 1, 1, 2, 3])) if onward else chosen

    def _leads_on(self, field: GraphQLField, room: _Room) -> bool:
        if field.args.keys() >= PAGING or get_named_type(field.type).name in NODES:
            # A connection is three fields deep before it leads anywhere.
            return room.relations > 0 and room.depth > 4 and self._selections_left > 0
        # A trip's path has hundreds of positions.
        return room.depth > 1 and (room.rows >= 9 or not str(field.type).startswith("[Position"))

    def _field(self, name: str, field: GraphQLField, room: _Room) -> Iterator[str]:
        arguments, rows = self._arguments.of(field, room.rows)
        key = self._key(name, f"{name}{arguments}: {field.type}")
        asked = f"{name}{arguments}" if key == name else f"{key}: {name}{arguments}"
        kind = get_named_type(field.type)
        if is_leaf_type(kind):
            yield asked + self._directive()
            return
        self._selections_left -= 1
        leads = kind.name in NODES or bool(rows)
        below = _Room(room.depth - 1, room.relations - leads, room.rows // max(rows, 1))
        for _ in range(2 if self.chance.happens(0.08) else 1):
            yield f"{asked}{self._directive()} {self.selection(kind, below)}"

    def _dressed(self, part: str, kind: GraphQLNamedType, room: _Room) -> Iterator[str]:
        """The part as it is, or in an inline fragment, or with a named one beside it."""
        if self.chance.happens(0.1):
            condition = self.chance.choice(["", f" on {kind.name}"])
            yield f"...{condition}{self._directive()} {{ {part} }}"
        else:
            yield part
        if self.chance.happens(0.06):
            wider: list[Any] = [kind, kind, *getattr(kind, "interfaces", ())]
            yield self._spread(self.chance.choice(wider), room)

    def _spread(self, kind: GraphQLNamedType, room: _Room) -> str:
        shared = [each for each in self._fragments if each.kind is kind and room.holds(each.room)]
        if shared and self.chance.happens(0.6):
            return f"...{self.chance.choice(shared).name}{self._directive()}"
        # Narrower than there is room here, so that it can be spread further down as well.
        narrow = replace(room, depth=max(room.depth - 3, 1), relations=min(room.relations, 1), rows=min(room.rows, 2))
        text = self.selection(kind, narrow)
        self._fragments.append(_Fragment(f"{self.prefix}F{len(self._fragments)}", kind, narrow, text))
        return f"...{self._fragments[-1].name}{self._directive()}"

    def _key(self, name: str, signature: str) -> str:
        key = name if self.chance.happens(0.75) else self.chance.choice(_ALIASES)
        while self._keys.setdefault(key, signature) != signature:
            key = f"{name}_{len(self._keys)}"
        return key

    def _directive(self) -> str:
        if not self.chance.happens(0.08):
            return ""
        name, taken = self.chance.choice([("skip", False), ("include", True)])
        # Mostly so that what it stands on is there.
        return f" @{name}(if: {self._arguments.given(_BOOLEAN, lambda: taken is self.chance.happens(0.85))})"
