"""Whatever a use case answers that is wrong, or only nearly right, becomes the answer that graphql-core makes of it."""

from collections.abc import Callable
from copy import copy
from dataclasses import is_dataclass, replace
from functools import partial
from typing import Any

import pytest
from graphql import get_named_type, is_abstract_type, is_leaf_type

from fleet_api.graphql.context import Context
from fleet_api.shared.domain.permission import Role
from tests.support.equality import Asked, the_same
from tests.support.faults import ChangedReads, Reads, nearly
from tests.support.ground import Ground
from tests.support.schema_walk import CORE, NODES

pytestmark = pytest.mark.usefixtures("quiet")


@pytest.mark.parametrize("kind", sorted(NODES))
async def test_any_field_that_is_nearly_right(ground: Ground, kind: str) -> None:
    """One field is wrong at a time, in a node or in what comes with it, in each way that its type leads to expect."""

    def spoil(of: type, name: str, wrong: Any, thing: Any) -> Any:
        return replace(thing, **{name: copy(wrong)}) if type(thing) is of else thing

    asked, context = _one_node(ground, kind, _all_of(kind))
    met = await _met(ground, asked, context)
    # Of other nodes only the ids are shown: they have a turn of their own.
    things = {of: thing for of, thing in met.items() if is_dataclass(of) and of.__name__ not in set(NODES) - {kind}}
    assert things
    for of, thing in things.items():
        for name in of.__dataclass_fields__:
            for wrong in nearly(getattr(thing, name)):
                spoilt = partial(context, ChangedReads(ground.reads, partial(spoil, of, name, wrong)))
                await the_same(ground, asked, spoilt, f"{of.__name__}.{name} = {wrong!r}")


@pytest.mark.parametrize("kind", sorted(NODES))
async def test_anything_that_is_something_else(ground: Ground, kind: str) -> None:
    """Nothing is asked of it that it might not have."""

    def swap(of: type, wrong: Any, thing: Any) -> Any:
        return copy(wrong) if type(thing) is of else thing

    asked, context = _one_node(ground, kind, _names_of(kind))
    for of in await _met(ground, asked, context):
        for wrong in nearly(object()):
            swapped = partial(context, ChangedReads(ground.reads, partial(swap, of, wrong)))
            await the_same(ground, asked, swapped, f"{wrong!r} for a {of.__name__}")


def _one_node(ground: Ground, kind: str, selection: str) -> tuple[Asked, Callable[[Reads], Context]]:
    document = f"query($id: ID!) {{ node(id: $id) {{ ... on {kind} {selection} }} }}"
    asked = Asked(0, 0, document, None, {"id": ground.ids[kind]})
    return asked, partial(ground.context, asked.seed, Role.PLATFORM_OPS)


async def _met(ground: Ground, asked: Asked, context: Callable[[Reads], Context]) -> dict[type, Any]:
    """One of each kind of thing that the answer is made of."""
    met: dict[type, Any] = {}

    def note(thing: Any) -> Any:
        met[type(thing)] = thing
        return thing

    await the_same(ground, asked, partial(context, ChangedReads(ground.reads, note)))
    return met


def _all_of(kind: str) -> str:
    """All values of a type's objects, of what they consist of, and of the edges that they lead to."""
    shown = ["__typename"]
    for name, field in CORE.type_map[kind].fields.items():
        below = get_named_type(field.type)
        asked = f"{name}(first: 2)" if "first" in field.args else name
        if is_leaf_type(below):
            shown.append(asked)
        elif is_abstract_type(below):
            members = (f"... on {each.name} {_all_of(each.name)}" for each in CORE.get_possible_types(below))
            shown.append(f"{asked} {{ {' '.join(members)} }}")
        else:
            shown.append(f"{asked} {'{ id }' if below.name in NODES else _all_of(below.name)}")
    return f"{{ {' '.join(shown)} }}"


def _names_of(kind: str) -> str:
    """Of everything that a type's objects lead to, the type alone."""
    shown = ["__typename"]
    for name, field in CORE.type_map[kind].fields.items():
        if not is_leaf_type(get_named_type(field.type)):
            shown.append(f"{name} {{ __typename }}")
        if "first" in field.args:
            shown.append(f"{name}_edges: {name}(first: 2) {{ edges {{ __typename }} }}")
            shown.append(f"{name}_nodes: {name}(first: 2) {{ edges {{ node {{ __typename }} }} }}")
    return f"{{ {' '.join(shown)} }}"
