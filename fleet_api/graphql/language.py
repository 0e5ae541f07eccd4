"""`Accept-Language` (RFC 9110): the best of the languages that ship."""

from functools import lru_cache

from fleet_api.graphql.http.weights import weighted
from fleet_api.shared.domain.text import LANGUAGES, Language


@lru_cache(256)
def language_of(header: str | None) -> Language:
    """English unless the client likes another language of ours better; a broken header is no reason to refuse."""
    weights: dict[str, float] = {}
    for tag, _, weight in weighted(header or ""):
        language = tag.partition("-")[0]
        weights[language] = max(weight, weights.get(language, 0.0))
    liked = [language for language in LANGUAGES if weights.get(language, weights.get("*", 0.0)) > 0]
    return max(liked, key=lambda language: weights.get(language, weights.get("*", 0.0)), default="en")
