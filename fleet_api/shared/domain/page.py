"""Relay pages by keyset: what is asked for, and what comes back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, Self, TypeVar

from fleet_api.shared.domain.output_context import OutputErrorContext, Refused
from fleet_api.shared.domain.shared_errors import invalid_input
from fleet_api.shared.domain.text import Text

T = TypeVar("T")

DEFAULT_SIZE = 25
MAX_SIZE = 100
MAX_MAP_SIZE = 500
MAX_CURSOR_LENGTH = 2_048


class Direction(StrEnum):
    """Which way a list runs."""

    ASC = "ASC"
    DESC = "DESC"


@dataclass(frozen=True, slots=True)
class PageRequest:
    """`size` rows next to `cursor`: after it when `forward`, else before it. `with_total` also counts all rows."""

    size: int = DEFAULT_SIZE
    cursor: str | None = None
    forward: bool = True
    with_total: bool = False

    @classmethod
    def of(
        cls,
        *,
        first: int | None = None,
        after: str | None = None,
        last: int | None = None,
        before: str | None = None,
        with_total: bool = False,
        max_size: int = MAX_SIZE,
    ) -> Self:
        """Raises `Refused` (INVALID_PAGE) for a size out of 1..max_size and for mixed directions."""
        if (first is not None or after is not None) and (last is not None or before is not None):
            raise Refused(
                _invalid_page(
                    "last" if last is not None else "before",
                    Text(
                        "Use first with after, or last with before, not both.",
                        "Use first con after, o last con before, no ambos.",
                    ),
                )
            )
        size, name = (last, "last") if last is not None else (first, "first")
        if size is not None and not 1 <= size <= max_size:
            raise Refused(_invalid_page(name, Text(f"Ask for 1 to {max_size} rows.", f"Pida de 1 a {max_size} filas.")))
        forward = last is None and before is None
        return cls(DEFAULT_SIZE if size is None else size, after if forward else before, forward, with_total)


# An answer holds thousands of edges and hundreds of pages, and to freeze one takes longer than to read its row: neither
# is frozen, and what few clients ask for is made when it is asked for.


@dataclass(slots=True)
class Edge(Generic[T]):
    """A row and where it stands."""

    node: T
    cursor_of: Callable[[T], str]

    @property
    def cursor(self) -> str:
        return self.cursor_of(self.node)


@dataclass(slots=True)
class Page(Generic[T]):
    """Rows in the order asked for. `total_count` is there only when the request asked for it."""

    edges: Sequence[Edge[T]]
    has_next_page: bool
    has_previous_page: bool
    total_count: int | None = None

    @property
    def page_info(self) -> "PageInfo":
        first, last = (self.edges[0].cursor, self.edges[-1].cursor) if self.edges else (None, None)
        return PageInfo(self.has_next_page, self.has_previous_page, first, last)


@dataclass(frozen=True, slots=True)
class PageInfo:
    has_next_page: bool
    has_previous_page: bool
    start_cursor: str | None
    end_cursor: str | None


def invalid_cursor(field: str = "after") -> Refused:
    return Refused(
        invalid_input(
            "INVALID_CURSOR",
            Text("This cursor is not one of this list.", "Este cursor no es de esta lista."),
            field,
            Text("Start again without a cursor.", "Empiece de nuevo sin cursor."),
        )
    )


def _invalid_page(field: str, message: Text) -> OutputErrorContext:
    return invalid_input("INVALID_PAGE", message, field)
