"""Which pages of the web may talk to us with a browser: our own, and those that the settings name."""

_DEFAULT_PORTS = {b"http": b":80", b"https": b":443"}


class Origins:
    def __init__(self, allowed: str) -> None:
        """allowed: origins, by commas, as a browser writes them: https://app.example.com."""
        self._allowed = frozenset(name.strip().lower().encode() for name in allowed.split(",") if name.strip())

    def admits(self, origin: bytes | None, host: bytes, scheme: str) -> bool:
        """origin: None of whoever is no browser. host, scheme: as the request has them.

        A page that came by https is ours although the request came by http: a proxy took the encryption away."""
        if origin is None:
            return True
        origin = origin.lower()
        if origin in self._allowed:
            return True
        page_scheme, _, place = origin.partition(b"://")
        is_as_safe = page_scheme == b"https" or (page_scheme == b"http" and scheme in {"http", "ws"})
        return is_as_safe and place != b"" and place == host.lower().removesuffix(_DEFAULT_PORTS[page_scheme])
