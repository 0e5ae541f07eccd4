"""The schema as its clients see it, and what a change of it means to them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from graphql import GraphQLOneOfDirective, GraphQLSchema, build_schema, find_breaking_changes, find_dangerous_changes

from fleet_api.graphql.schema import schema


@dataclass(frozen=True, slots=True)
class SchemaChanges:
    """One sentence each. breaking: what valid operations or their clients' code fail by. dangerous: what they may not
    be prepared for, such as another value of an enum."""

    breaking: Sequence[str]
    dangerous: Sequence[str]

    def refused(self, accepted: str) -> list[str]:
        """The breaking ones that the text `accepted` does not have as they are."""
        return [change for change in self.breaking if change not in accepted]


def schema_in_sdl() -> str:
    # The printer has no words for what the specification defines.
    oneof = "directive @oneOf"
    return schema.as_str().replace(oneof, f'"""{GraphQLOneOfDirective.description}"""\n{oneof}', 1) + "\n"


def schema_changes(released: str, now: str) -> SchemaChanges:
    """What came between two schemas in SDL. Raises `GraphQLError` where one is none."""
    before, after = build_schema(released), build_schema(now)
    return SchemaChanges(
        _told(find_breaking_changes, before, after),
        _told(find_dangerous_changes, before, after),
    )


def _told(find: Callable[[GraphQLSchema, GraphQLSchema], Sequence[Any]], *schemas: GraphQLSchema) -> list[str]:
    return sorted(change.description for change in find(*schemas))
