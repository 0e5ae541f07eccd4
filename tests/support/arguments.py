"""Random arguments of the real schema: written out or as variables, whose values mostly make sense for their names."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLList,
    GraphQLNonNull,
    get_named_type,
    is_required_argument,
    is_required_input_field,
)
from graphql.type import get_nullable_type

from tests.support.api import global_id
from tests.support.chance import Chance
from tests.support.schema_walk import CORE, NODES

PAGING = {"first", "after", "last", "before"}

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
_INT, _STRING = GraphQLNonNull(CORE.type_map["Int"]), GraphQLNonNull(CORE.type_map["String"])
_NON_NULL = {"first": _INT, "last": _INT, "after": _STRING, "before": _STRING}


@dataclass(frozen=True, slots=True)
class Known:
    """What arguments can name: global ids by their type, cursors by their connection's type, and the time."""

    ids: Mapping[str, list[str]]
    cursors: Mapping[str, Sequence[str]]
    now: datetime


@dataclass(frozen=True, slots=True)
class _Variable:
    """draw: a value for it. optional: whether it may be left out or null."""

    declaration: str
    name: str
    optional: bool
    draw: Callable[[], Any]


@dataclass
class Arguments:
    """Of one operation. prefix: of its variables' names. favoured: the kinds of ids where any will do."""

    chance: Chance
    known: Known
    prefix: str
    favoured: Sequence[str]
    _variables: list[_Variable] = field(default_factory=list)

    @property
    def declared(self) -> str:
        """The variables that are used so far, as the head of the operation has them."""
        return f"({', '.join(each.declaration for each in self._variables)})" if self._variables else ""

    def drawn(self) -> dict[str, Any]:
        """Values of the variables, mostly there and right, and now and then one that nothing declares."""
        sent = {each.name: each.draw() for each in self._variables if not (each.optional and self.chance.happens(0.25))}
        for each in self._variables:
            if self.chance.happens(0.004):
                sent[each.name] = {"no": "value of any type"}
            elif each.optional and self.chance.happens(0.04):
                sent[each.name] = None
        return sent | ({"spare": 1} if self.chance.happens(0.05) else {})

    def of(self, field: GraphQLField, room: int) -> tuple[str, int]:
        """A field's arguments as the document has them, and how many rows its page has at most; none for what is no
        page. room: for how many rows there is."""
        paging, rows = self._page(field, room)
        given = paging + [
            f"{each}: {self.given(argument.type, partial(self._value, argument.type, each, field))}"
            for each, argument in field.args.items()
            if each not in PAGING and (is_required_argument(argument) or self.chance.happens(0.35))
        ]
        self.chance.shuffle(given)
        return f"({', '.join(given)})" if given else "", rows

    def given(self, kind: GraphQLInputType, draw: Callable[[], Any]) -> str:
        """A value as the document has it: written out, or a variable, with or without a default."""
        if self.chance.happens(0.5):
            return self._literal(kind, draw)
        name = f"{self.prefix}v{len(self._variables)}"
        default = ""
        if self.chance.happens(0.3):
            value = draw()
            default = f" = {self._literal(kind, lambda: value, constant=True)}"
            kind = kind if value is None or self.chance.happens(0.5) else get_nullable_type(kind)
        optional = bool(default) or kind is get_nullable_type(kind)
        self._variables.append(_Variable(f"${name}: {kind}{default}", name, optional, draw))
        return f"${name}"

    def _page(self, field: GraphQLField, room: int) -> tuple[list[str], int]:
        if "first" not in field.args:
            return [], 0
        if room >= 18 and self.chance.happens(0.02):
            return [], 18  # 25 of them, but only near the root
        rows = self.chance.randint(min(2, room), max(1, min(4, room)))
        forward = self.chance.happens(0.6)
        asked: dict[str, Any] = {"first" if forward else "last": lambda: self.chance.randint((rows + 1) // 2, rows)}
        if self.chance.happens(0.3):
            cursors = [*self.known.cursors.get(get_named_type(field.type).name, []), "bm90IG9uZQ=="]
            asked["after" if forward else "before"] = lambda: self.chance.one_of(cursors)
        if self.chance.happens(0.03):
            wrong = self.chance.choice([{"first": 0}, {"first": 1, "last": 1}, {"last": 501}, {"before": "x"}])
            asked |= {name: lambda value=value: value for name, value in wrong.items()}
        # Seldom a variable that may be left out: a page has 25 rows by default.
        kinds = {name: field.args[name].type if self.chance.happens(0.1) else _NON_NULL[name] for name in asked}
        return [f"{name}: {self.given(kinds[name], draw)}" for name, draw in asked.items()], rows

    def _literal(self, kind: Any, draw: Callable[[], Any], *, constant: bool = False) -> str:
        kind, value = get_nullable_type(kind), draw()
        if value is None:
            return "null"
        if isinstance(kind, GraphQLList):
            return f"[{', '.join(self._literal(kind.of_type, partial(_same, each), constant=True) for each in value)}]"
        if isinstance(kind, GraphQLInputObjectType):
            write = partial(self._literal, constant=True) if constant or self.chance.happens(0.7) else self.given
            fields = (f"{each}: {write(kind.fields[each].type, partial(_same, value[each]))}" for each in value)
            return f"{{{', '.join(fields)}}}"
        return value if isinstance(kind, GraphQLEnumType) else json.dumps(value)

    def _value(self, kind: Any, name: str, field: GraphQLField) -> Any:
        """Some value of an input type as JSON has it, and mostly one that makes sense for what it is called."""
        if kind is get_nullable_type(kind) and self.chance.happens(0.08):
            return None
        kind = get_nullable_type(kind)
        if isinstance(kind, GraphQLList):
            return [self._value(kind.of_type, name, field) for _ in range(self.chance.randint(0, 4))]
        if isinstance(kind, GraphQLEnumType):
            return self.chance.choice(list(kind.values))
        if isinstance(kind, GraphQLInputObjectType):
            return {
                each: self._value(inner.type, each, field)
                for each, inner in kind.fields.items()
                if is_required_input_field(inner) or self.chance.happens(0.6)
            }
        return self._scalar(kind.name, name, field)

    def _scalar(self, kind: str, name: str, field: GraphQLField) -> Any:
        if kind == "ID":
            return self._id("VehicleModel" if name == "modelId" else get_named_type(field.type).name)
        if kind == "DateTime":
            time = self.known.now - timedelta(hours=self.chance.choice([-2, 2, 30, 60]))
            return (time if self.chance.happens(0.9) else time.replace(tzinfo=None)).isoformat()
        if kind == "Date":
            return (self.known.now + timedelta(days=self.chance.choice([0, 900, 2000]))).date().isoformat()
        return self.chance.choice(_DEGREES[name] if kind == "Float" else _WORDS[name])

    def _id(self, kind: str) -> str:
        """Mostly an id of the kind that is looked for, whoever owns it."""
        if kind not in NODES:
            kind = self.chance.choice(self.favoured)
        elif self.chance.happens(0.02):
            kind = self.chance.choice(sorted(NODES))
        if self.chance.happens(0.04):
            return self.chance.choice([*_MALFORMED, global_id(kind, "x")])
        return global_id(kind, _NOBODY) if self.chance.happens(0.06) else self.chance.one_of(self.known.ids[kind])


def _same(value: Any) -> Any:
    return value
