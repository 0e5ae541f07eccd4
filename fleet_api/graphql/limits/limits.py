"""How much one operation may ask for."""

from dataclasses import dataclass
from typing import Self

from fleet_api.settings import Settings


@dataclass(frozen=True, slots=True)
class Limits:
    """document_bytes, tokens, aliases (also how often one field may stand in one selection), directives, depth: of a
    document. cost, values: of an operation. open_schema: strangers may introspect."""

    document_bytes: int
    tokens: int
    aliases: int
    directives: int
    depth: int
    cost: int
    values: int
    open_schema: bool

    @classmethod
    def of(cls, settings: Settings) -> Self:
        return cls(
            document_bytes=settings.max_document_bytes,
            tokens=settings.max_tokens,
            aliases=settings.max_aliases,
            directives=settings.max_directives,
            depth=settings.max_depth,
            cost=settings.max_cost,
            values=settings.max_values,
            open_schema=settings.has_open_schema,
        )
