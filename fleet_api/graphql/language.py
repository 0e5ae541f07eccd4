"""`Accept-Language` (RFC 9110): the best of the languages that ship."""

import re
from functools import lru_cache

from fleet_api.shared.domain.text import LANGUAGES, Language

_WEIGHT = re.compile(r"0(\.\d{0,3})?|1(\.0{0,3})?")


@lru_cache(256)
def language_of(header: str | None) -> Language:
    """English unless the client likes another language of ours better; a broken header is no reason to refuse."""
    weights: dict[str, float] = {}
    for part in (header or "")[:500].lower().split(","):
        tag, _, quality = part.partition(";")
        weights.setdefault(tag.strip().partition("-")[0], _weight(quality))
    liked = [language for language in LANGUAGES if weights.get(language, weights.get("*", 0.0)) > 0]
    return max(liked, key=lambda language: weights.get(language, weights.get("*", 0.0)), default="en")


def _weight(quality: str) -> float:
    name, _, value = quality.replace(" ", "").partition("=")
    if not name:
        return 1.0
    return float(value) if name == "q" and _WEIGHT.fullmatch(value) else 0.0
