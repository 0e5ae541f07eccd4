"""A JWKS endpoint that fails, lies and drips."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from structlog.testing import capture_logs

from fleet_api.shared.infrastructure.auth.jwks_url import MAX_AGE_S, MAX_BYTES, REFETCH_INTERVAL_S, JwksUrl

if TYPE_CHECKING:
    from tests.shared.infrastructure.auth.conftest import Clock, Endpoint

PATIENCE_S = 30.0
"""How long a test waits for what would otherwise never come."""


async def kids(source: JwksUrl, kid: str | None = None) -> list[str]:
    return [key.kid for key in await source.find(kid)]


def fail_with_500(endpoint: Endpoint) -> None:
    endpoint.status = 500


def redirect(endpoint: Endpoint) -> None:
    endpoint.status, endpoint.location = 302, endpoint.url


def send_garbage(endpoint: Endpoint) -> None:
    endpoint.body = b"<html>"


def send_no_keys(endpoint: Endpoint) -> None:
    endpoint.body = b'{"keys": []}'


def send_too_much(endpoint: Endpoint) -> None:
    endpoint.body += b" " * MAX_BYTES


def send_without_end(endpoint: Endpoint) -> None:
    def flood(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(200)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b" " * 65536)
        except OSError:
            handler.close_connection = True

    endpoint.stream = flood


def speak_no_http(endpoint: Endpoint) -> None:
    def greet(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"220 mail.fleet.test ESMTP\r\n")

    endpoint.stream = greet


def hang_up(endpoint: Endpoint) -> None:
    endpoint.stream = lambda handler: handler.connection.close()


@pytest.mark.parametrize(
    "misbehave",
    [
        fail_with_500,
        redirect,
        send_garbage,
        send_no_keys,
        send_too_much,
        send_without_end,
        speak_no_http,
        hang_up,
    ],
)
async def test_an_endpoint_that_misbehaves_leaves_the_last_good_keys(
    endpoint: Endpoint,
    source: JwksUrl,
    clock: Clock,
    private: Ed25519PrivateKey,
    misbehave: Callable[[Endpoint], None],
) -> None:
    endpoint.publish(a=private)
    assert await kids(source, "a") == ["a"]
    # What it sends would count if it were well sent: a misbehaviour that we overlook brings key "b".
    endpoint.publish(b=private)
    misbehave(endpoint)
    clock.seconds += MAX_AGE_S
    with capture_logs() as logs:
        assert await kids(source, "unknown") == []
    assert [(log["event"], log["host"]) for log in logs] == [("jwks_fetch_failed", "127.0.0.1")]
    assert endpoint.asked == 2
    assert await kids(source) == ["a"]


async def test_an_endpoint_that_is_down_is_asked_again_and_recovers(
    endpoint: Endpoint, server: ThreadingHTTPServer, clock: Clock, private: Ed25519PrivateKey
) -> None:
    server.server_close()
    source = JwksUrl(endpoint.url, monotonic=clock)
    assert await kids(source, "a") == []

    with ThreadingHTTPServer(("127.0.0.1", endpoint.port), server.RequestHandlerClass) as back:
        back.endpoint = endpoint  # type: ignore[attr-defined]
        endpoint.publish(a=private)
        Thread(target=back.serve_forever, kwargs={"poll_interval": 0.01}).start()
        assert await kids(source, "a") == []
        clock.seconds += 1
        assert await kids(source, "a") == ["a"]
        back.shutdown()


async def test_an_endpoint_that_stays_down_is_asked_ever_more_seldom(
    endpoint: Endpoint, source: JwksUrl, clock: Clock, private: Ed25519PrivateKey
) -> None:
    endpoint.status = 500
    asked_at, began = [], clock.seconds
    for _ in range(100):
        before = endpoint.asked
        await kids(source, "a")
        if endpoint.asked > before:
            asked_at.append(clock.seconds - began)
        clock.seconds += 1
    assert asked_at == [0, 1, 3, 7, 15, 31, 61, 91]
    endpoint.status = 200
    endpoint.publish(a=private)
    clock.seconds = began + 121
    assert await kids(source, "a") == ["a"]
    # From then on it is as if it had never failed: unknown keys are asked for no sooner than ever.
    asked = endpoint.asked
    clock.seconds += REFETCH_INTERVAL_S - 1
    await kids(source, "invented")
    assert endpoint.asked == asked


@pytest.mark.parametrize("in_the_headers", [True, False])
async def test_an_endpoint_that_drips_does_not_hold_us(endpoint: Endpoint, clock: Clock, in_the_headers: bool) -> None:
    """Each drop comes well within the timeout, so that only a deadline for the whole ends it."""
    released = Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n" + (b"X: " if in_the_headers else b"\r\n"))
        try:
            while not released.wait(0.02):
                handler.wfile.write(b" ")
        except OSError:
            handler.close_connection = True

    endpoint.stream = drip
    try:
        async with asyncio.timeout(PATIENCE_S):
            assert await kids(JwksUrl(endpoint.url, timeout_s=0.3, monotonic=clock), "a") == []
    finally:
        released.set()
