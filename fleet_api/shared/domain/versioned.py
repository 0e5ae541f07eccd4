from typing import Protocol


class Versioned(Protocol):
    """A mutable aggregate: its version grows by one with every change."""

    @property
    def version(self) -> int: ...
