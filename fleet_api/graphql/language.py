"""`Accept-Language` (RFC 9110): the best of the languages that ship."""

from fleet_api.shared.domain.text import LANGUAGES, Language


def language_of(header: str | None) -> Language:
    """English unless the client likes another language of ours better; a broken header is no reason to refuse."""
    weights: dict[str, float] = {}
    for part in (header or "")[:500].lower().split(","):
        tag, _, quality = part.strip().partition(";q=")
        name = tag.partition("-")[0].strip()
        weights.setdefault(name, _weight(quality))
    liked = [language for language in LANGUAGES if weights.get(language, weights.get("*", 0.0)) > 0]
    return max(liked, key=lambda language: weights.get(language, weights.get("*", 0.0)), default="en")


def _weight(quality: str) -> float:
    try:
        return float(quality) if quality else 1.0
    except ValueError:
        return 0.0
