"""How deep JSON may nest."""

from collections.abc import Iterable
from typing import Any


def is_deeper(value: Any, most: int, brackets: int) -> bool:
    """Whether containers nest in more than so many levels. brackets: how many { and [ its text has, which are no fewer
    than its containers: once those that are left could not go too deep, nothing more is looked at."""
    level, depth = [value] if isinstance(value, dict | list) else [], 1
    while level:
        if depth > most:
            return True
        brackets -= len(level)
        if depth + brackets <= most:
            return False
        level = [child for parent in level for child in _children(parent) if isinstance(child, dict | list)]
        depth += 1
    return False


def _children(container: dict[str, Any] | list[Any]) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container
