"""How a client wants its answer: in which media type, language and coding. Worked out once for those who ask alike."""

from dataclasses import dataclass
from functools import lru_cache

from fleet_api.graphql.http.headers import Headers
from fleet_api.graphql.http.weights import Weighted, weighted
from fleet_api.graphql.language import language_of
from fleet_api.shared.domain.text import Language

RESPONSE = "application/graphql-response+json"
JSON = "application/json"
EVENT_STREAM = "text/event-stream"

VARY = b"Accept, Accept-Encoding, Accept-Language, Origin"

# Of what a client likes as much, the first. A range names no type, and whoever sends one may be older than RESPONSE.
_BY_NAME = (RESPONSE, JSON, EVENT_STREAM)
_BY_RANGE = {"application/*": JSON, "*/*": JSON}
_ALIKE, _LONGEST = 512, 1000


@dataclass(frozen=True, slots=True)
class Terms:
    """media_type: None where the client takes nothing that we have. gzip: compress what is worth it. identity: take it
    as it is; neither, and the client takes nothing either."""

    media_type: str | None
    language: Language
    gzip: bool
    identity: bool
    content_type: tuple[bytes, bytes]
    """Of a JSON body, be it only to say why there is none of another kind."""
    headers: tuple[tuple[bytes, bytes], ...]
    """What every answer on these terms bears."""


def terms_of(headers: Headers) -> Terms:
    get = headers.get
    return _terms(
        get(b"accept", b"")[:_LONGEST], get(b"accept-language", b"")[:_LONGEST], get(b"accept-encoding", b"")[:_LONGEST]
    )


@lru_cache(_ALIKE)
def _terms(accept: bytes, accept_language: bytes, accept_encoding: bytes) -> Terms:
    media_type = _media_type(accept.decode("latin-1")) if accept.strip() else JSON
    language = language_of(accept_language.decode("latin-1"))
    gzip, identity = _codings(accept_encoding.decode("latin-1"))
    content_type = b"content-type", f"{RESPONSE if media_type == RESPONSE else JSON}; charset=utf-8".encode()
    headers = (
        (b"content-language", language.encode()),
        (b"cache-control", b"no-store"),
        (b"vary", VARY),
    )
    return Terms(media_type, language, gzip, identity, content_type, headers)


def _media_type(accept: str) -> str | None:
    """The best liked; between equals a name counts more than a range."""
    best: tuple[float, int, int] = (0.0, 0, 0)
    found = None
    for each in weighted(accept):
        named = each.name in _BY_NAME
        media_type = each.name if named else _BY_RANGE.get(each.name)
        if media_type is None or not _in_utf8(each) or (not named and _is_named(media_type, accept)):
            continue
        rank = (each.weight, int(named), -_BY_NAME.index(media_type))
        if each.weight > 0 and rank > best:
            best, found = rank, media_type
    return found


def _is_named(media_type: str, accept: str) -> bool:
    """What is named itself has its own weight, perhaps none, whatever the range that it falls into has."""
    return any(each.name == media_type for each in weighted(accept))


def _in_utf8(each: Weighted) -> bool:
    charsets = [piece.partition("=")[2].strip(' "') for piece in each.parameters if piece.startswith("charset")]
    return all(charset in {"utf-8", "utf8"} for charset in charsets)


def _codings(accept_encoding: str) -> tuple[bool, bool]:
    """Whether to compress, and whether an answer may come as it is."""
    weights = {each.name: each.weight for each in weighted(accept_encoding)}
    others = weights.get("*")
    gzip = weights.get("gzip", weights.get("x-gzip", others or 0.0))
    identity = weights.get("identity", None if others is None or others > 0 else 0.0)
    return gzip > 0 and gzip >= (identity or 0.0), identity is None or identity > 0
