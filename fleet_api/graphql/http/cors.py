"""Who may ask from a browser: pages of our own and of the origins in the settings, and no others."""

from fleet_api.graphql.http.headers import Headers
from fleet_api.graphql.http.http_errors import foreign_origin
from fleet_api.graphql.origins import Origins

Pairs = tuple[tuple[bytes, bytes], ...]

_EXPOSED = b"X-Request-Id, Retry-After"
_PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST"),
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, Content-Encoding, Idempotency-Key, Last-Event-ID, X-Request-Id",
    ),
    (b"access-control-max-age", b"7200"),  # no browser keeps it longer
)
_FOREIGN_SITES = {b"cross-site", b"same-site"}


class Cors:
    def __init__(self, origins: Origins) -> None:
        self._origins = origins

    def shared(self, headers: Headers, scheme: str) -> Pairs:
        """What lets the page that asks read the answer: nothing for a page that may not, and for whoever is none."""
        origin = headers.get(b"origin")
        if origin is None or not self._admits(headers, scheme):
            return ()
        return (b"access-control-allow-origin", origin), (b"access-control-expose-headers", _EXPOSED)

    def preflight(self, headers: Headers, scheme: str) -> Pairs:
        """What a browser may send for a page; `shared` comes beside it."""
        return _PREFLIGHT if b"origin" in headers and self._admits(headers, scheme) else ()

    def refuse_foreign_get(self, headers: Headers, scheme: str) -> None:
        """A page may have a browser GET anything without asking. Who POSTs JSON is asked first: see `preflight`.
        Raises `HttpRefused`."""
        if b"origin" in headers:
            foreign = not self._admits(headers, scheme)
        else:
            foreign = headers.get(b"sec-fetch-site") in _FOREIGN_SITES
        if foreign:
            raise foreign_origin()

    def _admits(self, headers: Headers, scheme: str) -> bool:
        return self._origins.admits(headers.get(b"origin"), headers.get(b"host", b""), scheme)
