"""Random queries over the real schema, valid by construction: whatever executes them can be held against another."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_abstract_type,
    is_leaf_type,
    is_required_argument,
    is_required_input_field,
)
from graphql.type import get_nullable_type

from tests.support.api import global_id
from tests.support.schema_walk import CORE, NODES

# Names that code which is made from documents might trip over; a field's own name is none of them.
_ALIASES = ["a", "b", "o", "v0", "c0", "self", "class", "None", "data", "errors", "_0", "__x"]
_PAGING = {"first", "after", "last", "before"}
_NOBODY = "01977a9e-0000-7000-8000-00000000dead"
_MALFORMED = ["", "x", "RHJpdmVy", "RHJpdmVyOng=", "ø"]
_WORDS = {
    "make": ["Audi", "Kia", "Nobody"],
    "search": ["a", "E", "NO", "zzzz", "Ø"],
    "actor": ["platform_ops:system", "nobody:x"],
    "action": ["CREATE_GEOFENCE", "REGISTER_FLEET_PROVIDER", "x"],
    "pct": [0, 5, 20, 60, 100],
}
_DEGREES = {"south": [-90, -90, 20, 59.5], "west": [-180, -30, 10.5], "north": [19, 70, 70, 90], "east": [11, 30, 180]}
_INTROSPECTION = [
    "__schema { queryType { name kind } description }",
    "schema_1: __schema { directives { name isRepeatable locations args { name defaultValue } } }",
    '__type(name: "Geofence") { name kind isOneOf fields { name type { name kind ofType { name } } } }',
    'type_1: __type(name: "Node") { possibleTypes { name } }',
    'type_2: __type(name: "Nothing") { name }',
]


@dataclass(frozen=True, slots=True)
class Operation:
    """variables: several sets of values, to ask the same document with."""

    document: str
    name: str | None
    variables: Sequence[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Known:
    """What arguments can name: global ids by their type, cursors by their connection's type, and the time."""

    ids: Mapping[str, list[str]]
    cursors: Mapping[str, Sequence[str]]
    now: datetime


@dataclass(frozen=True, slots=True)
class _Room:
    """What may still lie below: fields deep, relations deep, and rows that the pages on the way multiply to."""

    depth: int = 15
    relations: int = 6
    rows: int = 18

    def holds(self, other: "_Room") -> bool:
        return self.depth >= other.depth and self.relations >= other.relations and self.rows >= other.rows


@dataclass(frozen=True, slots=True)
class _Variable:
    """draw: a value for it. optional: whether it may be left out or null."""

    declaration: str
    name: str
    optional: bool
    draw: Callable[[], Any]


@dataclass(frozen=True, slots=True)
class _Fragment:
    """room: how much of it the fragment may take wherever it is spread."""

    name: str
    kind: GraphQLNamedType
    room: _Room
    text: str


def random_operation(random: Random, known: Known, sets: int) -> Operation:
    """A document and `sets` sets of variables for it."""
    writer = _Writer(random, known)
    text = writer.selection(CORE.query_type, _Room(relations=random.randint(2, 6)))
    if random.random() < 0.1:
        other = _Writer(random, known, "Other")
        text_of_other = other.selection(CORE.query_type, _Room(depth=6, relations=2))
        documents = [writer.document("This", text), other.document("Other", text_of_other)]
        random.shuffle(documents)
        return Operation("\n".join(documents), "This", [writer.drawn() for _ in range(sets)])
    name = random.choice([None, None, "Fleet"])
    document = writer.document(name, text)
    return Operation(document, name if random.random() < 0.5 else None, [writer.drawn() for _ in range(sets)])


@dataclass
class _Writer:
    """Writes one operation. Names of variables and fragments bear `prefix`, to tell those of several apart.

    A response key stands for one field of one type with the same arguments all over the operation, so that whatever
    is selected twice, in whichever fragments, can be merged.
    """

    random: Random
    known: Known
    prefix: str = ""
    _variables: list[_Variable] = field(default_factory=list)
    _fragments: list[_Fragment] = field(default_factory=list)
    _keys: dict[str, str] = field(default_factory=dict)
    _selections_left: int = 15

    def __post_init__(self) -> None:
        # What `nodes` asks for, and what it selects from that, are to meet now and then.
        self._favoured = self.random.sample(sorted(NODES), 3)

    def document(self, name: str | None, selection: str) -> str:
        declared = f"({', '.join(each.declaration for each in self._variables)})" if self._variables else ""
        head = f"query {name or ''}{declared} " if name or declared or self._happens(0.3) else ""
        fragments = [f"fragment {each.name} on {each.kind.name} {each.text}" for each in self._fragments]
        return "\n".join([head + selection, *fragments])

    def drawn(self) -> dict[str, Any]:
        """Values of the variables, mostly there and right, and now and then one that nothing declares."""
        sent = {each.name: each.draw() for each in self._variables if not (each.optional and self._happens(0.25))}
        for each in self._variables:
            if self._happens(0.004):
                sent[each.name] = {"no": "value of any type"}
            elif each.optional and self._happens(0.04):
                sent[each.name] = None
        return sent | ({"spare": 1} if self._happens(0.05) else {})

    def selection(self, kind: Any, room: _Room) -> str:
        parts = [dressed for part in self._parts(kind, room) for dressed in self._dressed(part, kind, room)]
        self.random.shuffle(parts)
        return "{ " + " ".join(parts or ["__typename"]) + " }"

    def _parts(self, kind: Any, room: _Room) -> Iterator[str]:
        """Fields and fragments of an object, an interface or a union."""
        if not isinstance(kind, GraphQLUnionType):
            for name in self._chosen(kind, room):
                yield from self._field(name, kind.fields[name], room)
        if is_abstract_type(kind):
            members = CORE.get_possible_types(kind)
            for member in members:
                if self._happens(0.8 if member.name in self._favoured or len(members) == 2 else 0.15):
                    yield f"... on {member.name}{self._directive()} {self.selection(member, room)}"
        elif kind is CORE.query_type and self._happens(0.06):
            yield self.random.choice(_INTROSPECTION)
        if self._happens(0.25):
            yield self.random.choice(["", "", f"{self._key('kind', '__typename')}: "]) + "__typename"

    def _chosen(self, kind: GraphQLObjectType | GraphQLInterfaceType, room: _Room) -> list[str]:
        """Some of its values, and some of what leads on, as far as there is room."""
        values = [name for name, each in kind.fields.items() if is_leaf_type(get_named_type(each.type))]
        onward = [name for name in kind.fields if name not in values and self._leads_on(kind.fields[name], room)]
        chosen = self.random.sample(values, self.random.randint(min(len(values), 1), min(len(values), 5)))
        if kind.name.endswith(("Connection", "Edge")):
            return chosen + [name for name in onward if self._happens(0.3 if name == "pageInfo" else 0.97)]
        if not room.relations or self._selections_left <= 0:
            onward = self.random.sample(onward, min(len(onward), self._happens(0.3)))
        # Some twice: under two names, or under one name that is to be merged.
        return chosen + self.random.choices(onward, k=self.random.choice([1, 1, 1, 2, 3])) if onward else chosen

    def _leads_on(self, field: GraphQLField, room: _Room) -> bool:
        if field.args.keys() >= _PAGING or get_named_type(field.type).name in NODES:
            # A connection is three fields deep before it leads anywhere.
            return room.relations > 0 and room.depth > 4 and self._selections_left > 0
        # A trip's path has hundreds of positions.
        return room.depth > 1 and (room.rows >= 9 or not str(field.type).startswith("[Position"))

    def _field(self, name: str, field: GraphQLField, room: _Room) -> Iterator[str]:
        paging, rows = self._page(field, room)
        given = paging + [
            f"{each}: {self._given(argument.type, partial(self._value, argument.type, each, field))}"
            for each, argument in field.args.items()
            if each not in _PAGING and (is_required_argument(argument) or self._happens(0.35))
        ]
        self.random.shuffle(given)
        arguments = f"({', '.join(given)})" if given else ""
        key = self._key(name, f"{name}{arguments}: {field.type}")
        asked = f"{name}{arguments}" if key == name else f"{key}: {name}{arguments}"
        kind = get_named_type(field.type)
        if is_leaf_type(kind):
            yield asked + self._directive()
            return
        self._selections_left -= 1
        leads = kind.name in NODES or bool(rows)
        below = _Room(room.depth - 1, room.relations - leads, room.rows // max(rows, 1))
        for _ in range(2 if self._happens(0.08) else 1):
            yield f"{asked}{self._directive()} {self.selection(kind, below)}"

    def _dressed(self, part: str, kind: GraphQLNamedType, room: _Room) -> Iterator[str]:
        """The part as it is, or in an inline fragment, or with a named one beside it."""
        if self._happens(0.1):
            condition = self.random.choice(["", f" on {kind.name}"])
            yield f"...{condition}{self._directive()} {{ {part} }}"
        else:
            yield part
        if self._happens(0.06):
            wider: list[Any] = [kind, kind, *getattr(kind, "interfaces", ())]
            yield self._spread(self.random.choice(wider), room)

    def _spread(self, kind: GraphQLNamedType, room: _Room) -> str:
        shared = [each for each in self._fragments if each.kind is kind and room.holds(each.room)]
        if shared and self._happens(0.6):
            return f"...{self.random.choice(shared).name}{self._directive()}"
        # Narrower than there is room here, so that it can be spread further down as well.
        narrow = replace(room, depth=max(room.depth - 3, 1), relations=min(room.relations, 1), rows=min(room.rows, 2))
        text = self.selection(kind, narrow)
        self._fragments.append(_Fragment(f"{self.prefix}F{len(self._fragments)}", kind, narrow, text))
        return f"...{self._fragments[-1].name}{self._directive()}"

    def _key(self, name: str, signature: str) -> str:
        key = name if self._happens(0.75) else self.random.choice(_ALIASES)
        while self._keys.setdefault(key, signature) != signature:
            key = f"{name}_{len(self._keys)}"
        return key

    def _directive(self) -> str:
        if not self._happens(0.08):
            return ""
        name, taken = self.random.choice([("skip", False), ("include", True)])
        # Mostly so that what it stands on is there.
        return f" @{name}(if: {self._given(_BOOLEAN, lambda: taken is self._happens(0.85))})"

    def _page(self, field: GraphQLField, room: _Room) -> tuple[list[str], int]:
        """The arguments of a page, and how many rows it has at most; none for what is no page."""
        if "first" not in field.args:
            return [], 0
        if room.rows >= 18 and self._happens(0.02):
            return [], 18  # 25 of them, but only near the root
        rows = self.random.randint(min(2, room.rows), max(1, min(4, room.rows)))
        forward = self._happens(0.6)
        asked: dict[str, Any] = {"first" if forward else "last": lambda: self.random.randint((rows + 1) // 2, rows)}
        if self._happens(0.3):
            cursors = [*self.known.cursors.get(get_named_type(field.type).name, []), "bm90IG9uZQ=="]
            asked["after" if forward else "before"] = lambda: self._one_of(cursors)
        if self._happens(0.03):
            wrong = self.random.choice([{"first": 0}, {"first": 1, "last": 1}, {"last": 501}, {"before": "x"}])
            asked |= {name: lambda value=value: value for name, value in wrong.items()}
        # Seldom a variable that may be left out: a page has 25 rows by default.
        kinds = {name: field.args[name].type if self._happens(0.1) else _NON_NULL[name] for name in asked}
        return [f"{name}: {self._given(kinds[name], draw)}" for name, draw in asked.items()], rows

    def _given(self, kind: GraphQLInputType, draw: Callable[[], Any]) -> str:
        """A value as the document has it: written out, or a variable, with or without a default."""
        if self._happens(0.5):
            return self._literal(kind, draw)
        name = f"{self.prefix}v{len(self._variables)}"
        default = ""
        if self._happens(0.3):
            value = draw()
            default = f" = {self._literal(kind, lambda: value, constant=True)}"
            kind = kind if value is None or self._happens(0.5) else get_nullable_type(kind)
        optional = bool(default) or kind is get_nullable_type(kind)
        self._variables.append(_Variable(f"${name}: {kind}{default}", name, optional, draw))
        return f"${name}"

    def _literal(self, kind: Any, draw: Callable[[], Any], *, constant: bool = False) -> str:
        kind, value = get_nullable_type(kind), draw()
        if value is None:
            return "null"
        if isinstance(kind, GraphQLList):
            return f"[{', '.join(self._literal(kind.of_type, partial(_same, each), constant=True) for each in value)}]"
        if isinstance(kind, GraphQLInputObjectType):
            write = partial(self._literal, constant=True) if constant or self._happens(0.7) else self._given
            fields = (f"{each}: {write(kind.fields[each].type, partial(_same, value[each]))}" for each in value)
            return f"{{{', '.join(fields)}}}"
        return value if isinstance(kind, GraphQLEnumType) else json.dumps(value)

    def _value(self, kind: Any, name: str, field: GraphQLField) -> Any:
        """Some value of an input type as JSON has it, and mostly one that makes sense for what it is called."""
        if kind is get_nullable_type(kind) and self._happens(0.08):
            return None
        kind = get_nullable_type(kind)
        if isinstance(kind, GraphQLList):
            return [self._value(kind.of_type, name, field) for _ in range(self.random.randint(0, 4))]
        if isinstance(kind, GraphQLEnumType):
            return self.random.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return {
                each: self._value(inner.type, each, field)
                for each, inner in kind.fields.items()
                if is_required_input_field(inner) or self._happens(0.6)
            }
        return self._scalar(kind.name, name, field)

    def _scalar(self, kind: str, name: str, field: GraphQLField) -> Any:
        if kind == "ID":
            return self._id("VehicleModel" if name == "modelId" else get_named_type(field.type).name)
        if kind == "DateTime":
            time = self.known.now - timedelta(hours=self.random.choice([-2, 2, 30, 60]))
            return (time if self._happens(0.9) else time.replace(tzinfo=None)).isoformat()
        if kind == "Date":
            return (self.known.now + timedelta(days=self.random.choice([0, 900, 2000]))).date().isoformat()
        return self.random.choice(_DEGREES[name] if kind == "Float" else _WORDS[name])

    def _id(self, kind: str) -> str:
        """Mostly an id of the kind that is looked for, whoever owns it."""
        if kind not in NODES:
            kind = self.random.choice(self._favoured)
        elif self._happens(0.02):
            kind = self.random.choice(sorted(NODES))
        if self._happens(0.04):
            return self.random.choice([*_MALFORMED, global_id(kind, "x")])
        return global_id(kind, _NOBODY) if self._happens(0.06) else self._one_of(self.known.ids[kind])

    def _one_of(self, values: Sequence[str]) -> str:
        """Takes as much chance however many there are, so that a seed means the same on every day of the demo."""
        return values[int(self.random.random() * len(values))]

    def _happens(self, probability: float) -> bool:
        return self.random.random() < probability


def _same(value: Any) -> Any:
    return value


_BOOLEAN = GraphQLNonNull(CORE.type_map["Boolean"])
_INT, _STRING = GraphQLNonNull(CORE.type_map["Int"]), GraphQLNonNull(CORE.type_map["String"])
_NON_NULL = {"first": _INT, "last": _INT, "after": _STRING, "before": _STRING}
