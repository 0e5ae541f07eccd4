"""Lists with weights, as RFC 9110 has them in the Accept headers: `gzip, br;q=0.5`."""

import re
from collections.abc import Iterator
from typing import NamedTuple

_WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")
_LONGEST = 1000


class Weighted(NamedTuple):
    """name, parameters: in lower case. weight: 0 (not at all) to 1."""

    name: str
    parameters: tuple[str, ...]
    weight: float


def weighted(header: str) -> Iterator[Weighted]:
    """What is malformed weighs nothing: a broken header is no reason to refuse."""
    for part in header[:_LONGEST].lower().split(","):
        name, *parameters = (piece.strip() for piece in part.split(";"))
        qualities = [piece.replace(" ", "") for piece in parameters if re.match(r"q\s*=", piece)]
        others = tuple(piece for piece in parameters if not re.match(r"q\s*=", piece))
        if name:
            yield Weighted(name, others, _weight(qualities[0][2:]) if qualities else 1.0)


def _weight(value: str) -> float:
    return float(value) if _WEIGHT.fullmatch(value) else 0.0
