"""Verification keys from an identity provider's JWKS endpoint."""

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from ipaddress import ip_address
from socket import SHUT_RDWR, socket
from threading import Timer
from urllib.parse import SplitResult, urlsplit

import structlog

from fleet_api.shared.infrastructure.auth.keys import UnusableKeysError, VerificationKey, matching, read_keys

REFETCH_INTERVAL_S = 30
"""At most one fetch in this time, so that tokens of invented kids cannot make us flood the endpoint."""
FIRST_RETRY_S = 1
"""After a fetch that failed; twice as long after each that fails again, up to the interval above."""
MAX_AGE_S = 300
"""After this the keys are fetched anew, so that a key that was withdrawn ceases to count."""
TIMEOUT_S = 5.0
MAX_BYTES = 256 * 1024

_log = structlog.get_logger(__name__)


class JwksUrl:
    """Keys cached in memory. An endpoint that fails leaves the last good ones in force.

    A token of a known key never waits: aged keys are renewed behind its back. One of an unknown key awaits the fetch.
    Raises `ValueError` for an address that is neither https nor http to this machine.
    """

    def __init__(
        self, url: str, *, timeout_s: float = TIMEOUT_S, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._url = _trustworthy(url)
        self._timeout_s = timeout_s
        self._monotonic = monotonic
        self._keys: tuple[VerificationKey, ...] = ()
        self._fetched_at = self._tried_at = float("-inf")
        self._failures = 0
        self._fetch: asyncio.Task[None] | None = None

    async def find(self, kid: str | None) -> Sequence[VerificationKey]:
        known = matching(self._keys, kid)
        if self._is_fetch_due(bool(known)):
            self._tried_at = self._monotonic()
            self._fetch = asyncio.create_task(self._refresh())
        if not known and self._fetch is not None:
            # Shielded, since others may wait for the same fetch when this request is given up.
            await asyncio.shield(self._fetch)
        return matching(self._keys, kid)

    def _is_fetch_due(self, known: bool) -> bool:
        now = self._monotonic()
        is_wanted = not known or now - self._fetched_at >= MAX_AGE_S
        is_idle = self._fetch is None or self._fetch.done()
        return is_wanted and is_idle and now - self._tried_at >= self._pause_s()

    def _pause_s(self) -> float:
        """Between two tries. An endpoint that was down when we started is to be heard soon after it is back."""
        if not self._failures:
            return REFETCH_INTERVAL_S
        return min(REFETCH_INTERVAL_S, FIRST_RETRY_S * 2.0 ** min(self._failures - 1, 10))

    async def _refresh(self) -> None:
        try:
            self._keys = read_keys(await asyncio.to_thread(_get, self._url, self._timeout_s))
            self._fetched_at = self._monotonic()
            self._failures = 0
        except (OSError, HTTPException, ValueError) as error:
            self._failures += 1
            _log.warning("jwks_fetch_failed", host=self._url.hostname, error=type(error).__name__)


def _trustworthy(url: str) -> SplitResult:
    parts = urlsplit(url)
    if not parts.hostname or parts.username is not None or parts.scheme not in ("http", "https"):
        raise ValueError("a JWKS address must be a plain https:// URL")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("a JWKS address must be https unless it is on this machine")
    return parts


def _is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _get(url: SplitResult, timeout_s: float) -> bytes:
    """The body of a 200. Follows no redirect, which could lead from https elsewhere. Blocks, so it runs in a thread."""
    make = HTTPSConnection if url.scheme == "https" else HTTPConnection
    connection = make(url.hostname or "", url.port, timeout=timeout_s)
    connection.connect()
    # The timeout counts each read for itself, so that an endpoint that drips would hold the thread for ever.
    deadline = Timer(timeout_s, _hang_up, [connection.sock])
    deadline.start()
    try:
        connection.request("GET", (url.path or "/") + (f"?{url.query}" if url.query else ""))
        response = connection.getresponse()
        body = response.read(MAX_BYTES + 1)
        if response.status != 200:
            raise UnusableKeysError(f"the endpoint answered {response.status}")
        if len(body) > MAX_BYTES:
            raise UnusableKeysError(f"the endpoint answered more than {MAX_BYTES} bytes")
        return body
    finally:
        deadline.cancel()
        connection.close()


def _hang_up(connected: socket) -> None:
    with suppress(OSError):
        # The plain socket's own shutdown: the one of TLS may not be called while another thread reads.
        socket.shutdown(connected, SHUT_RDWR)
