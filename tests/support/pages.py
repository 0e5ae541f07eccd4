"""Pages over lists in memory, for fakes: the cursor is the row's id."""

from collections.abc import Sequence
from typing import Any

from fleet_api.shared.domain.page import Edge, Page, PageRequest


def page_of(rows: Sequence[Any], request: PageRequest) -> Page[Any]:
    ordered = sorted(rows, key=lambda row: str(row.id))
    if request.cursor is not None:
        ordered = [
            row
            for row in ordered
            if (str(row.id) > request.cursor) == request.forward and str(row.id) != request.cursor
        ]
    window = ordered[: request.size] if request.forward else ordered[-request.size :]
    more, beyond = len(ordered) > len(window), request.cursor is not None
    edges = [Edge(row, lambda row: str(row.id)) for row in window]
    total = len(rows) if request.with_total else None
    return Page(edges, more, beyond, total) if request.forward else Page(edges, beyond, more, total)
