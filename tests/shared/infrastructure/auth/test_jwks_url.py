"""A JWKS endpoint that rotates: a real server on 127.0.0.1, and a clock that we turn."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ipaddress import IPv4Address
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING

import jwt
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from fleet_api.shared.infrastructure.auth.invalid_token import InvalidToken
from fleet_api.shared.infrastructure.auth.issuer import TokenIssuer
from fleet_api.shared.infrastructure.auth.jwks_url import MAX_AGE_S, REFETCH_INTERVAL_S, JwksUrl
from fleet_api.shared.infrastructure.auth.verifier import TokenVerifier

if TYPE_CHECKING:
    from tests.shared.infrastructure.auth.conftest import Clock, Endpoint

PATIENCE_S = 30.0
"""How long a test waits for what would otherwise never come."""


async def kids(source: JwksUrl, kid: str | None = None) -> list[str]:
    return [key.kid for key in await source.find(kid)]


async def test_keys_are_fetched_once_and_found_by_kid(
    endpoint: Endpoint, source: JwksUrl, private: Ed25519PrivateKey, rsa_private: RSAPrivateKey
) -> None:
    endpoint.publish(a=private, b=rsa_private)
    assert await kids(source, "b") == ["b"]
    assert await kids(source, "a") == ["a"]
    assert await kids(source) == ["a", "b"]
    assert endpoint.asked == 1


async def test_a_rotated_key_is_found_and_the_withdrawn_one_is_gone(
    endpoint: Endpoint, source: JwksUrl, clock: Clock, private: Ed25519PrivateKey
) -> None:
    endpoint.publish(old=private)
    assert await kids(source, "old") == ["old"]
    endpoint.publish(new=Ed25519PrivateKey.generate())
    clock.seconds += REFETCH_INTERVAL_S
    assert await kids(source, "new") == ["new"]
    assert await kids(source) == ["new"]


async def test_invented_kids_cannot_make_us_flood_the_endpoint(
    endpoint: Endpoint, source: JwksUrl, clock: Clock, private: Ed25519PrivateKey
) -> None:
    endpoint.publish(a=private)
    found = await asyncio.gather(*(kids(source, f"invented {number}") for number in range(50)))
    assert found == [[]] * 50
    clock.seconds += REFETCH_INTERVAL_S - 1
    assert await kids(source, "invented") == []
    assert endpoint.asked == 1
    clock.seconds += 1
    assert await kids(source, "invented") == []
    assert endpoint.asked == 2


async def test_all_who_ask_during_one_fetch_get_its_keys_even_when_the_first_gives_up(
    endpoint: Endpoint, source: JwksUrl, private: Ed25519PrivateKey
) -> None:
    endpoint.publish(a=private)
    first = asyncio.create_task(kids(source, "a"))
    others = [asyncio.create_task(kids(source, "a")) for _ in range(10)]
    await asyncio.sleep(0)
    first.cancel()
    assert await asyncio.gather(*others) == [["a"]] * 10
    assert first.cancelled()
    assert endpoint.asked == 1


async def test_aged_keys_are_renewed_behind_the_backs_of_those_who_use_them(
    endpoint: Endpoint, source: JwksUrl, clock: Clock, private: Ed25519PrivateKey
) -> None:
    endpoint.publish(a=private)
    assert await kids(source, "a") == ["a"]
    asked, go = Event(), Event()

    def held(handler: BaseHTTPRequestHandler) -> None:
        asked.set()
        go.wait(PATIENCE_S)
        endpoint.give_body(handler)

    endpoint.stream = held
    clock.seconds += MAX_AGE_S
    # The endpoint does not answer before `go`, so that this could not return if it waited.
    assert await kids(source, "a") == ["a"]
    assert await asyncio.to_thread(asked.wait, PATIENCE_S)
    endpoint.publish(b=private)
    go.set()
    assert await kids(source, "b") == ["b"]
    assert await kids(source) == ["b"]
    assert endpoint.asked == 2


async def test_a_verifier_follows_the_rotation(
    endpoint: Endpoint, source: JwksUrl, clock: Clock, issuer: TokenIssuer, rsa_private: RSAPrivateKey, now: datetime
) -> None:
    verifier = TokenVerifier(issuer.key, [source], issuer="i", audience="a", now=lambda: now)
    claims = {"iss": "i", "aud": "a", "iat": now, "exp": now, "jti": "1", "sub": "ops", "role": "platform_ops"}
    rotated = Ed25519PrivateKey.generate()
    old = jwt.encode(claims, rsa_private, algorithm="RS256", headers={"kid": "old"})
    new = jwt.encode(claims, rotated, algorithm="EdDSA", headers={"kid": "new"})

    endpoint.publish(old=rsa_private)
    assert (await verifier.verify(old)).subject == "ops"
    with pytest.raises(InvalidToken, match="unknown_key"):
        await verifier.verify(new)
    endpoint.publish(new=rotated)
    clock.seconds += REFETCH_INTERVAL_S
    assert (await verifier.verify(new)).subject == "ops"
    with pytest.raises(InvalidToken, match="unknown_key"):
        await verifier.verify(old)


async def test_our_own_tokens_never_ask_the_endpoint(
    endpoint: Endpoint, source: JwksUrl, private: Ed25519PrivateKey, now: datetime
) -> None:
    issuer = TokenIssuer(private, issuer="i", audience="a")
    verifier = TokenVerifier(issuer.key, [source], issuer="i", audience="a", now=lambda: now)
    claims = {"iss": "i", "aud": "a", "iat": now, "exp": now, "jti": "1", "sub": "ops", "role": "platform_ops"}
    await verifier.verify(jwt.encode(claims, private, algorithm="EdDSA", headers={"kid": issuer.key.kid}))
    assert endpoint.asked == 0


@pytest.mark.parametrize(
    "url",
    [
        "http://id.fleet.test/keys",
        "http://10.0.0.1/keys",
        "http://127.0.0.1.fleet.test/keys",
        "http://localhost@id.fleet.test/keys",
        "https://user:secret@id.fleet.test/keys",
        "ftp://127.0.0.1/keys",
        "file:///etc/passwd",
        "id.fleet.test/keys",
        "",
    ],
)
def test_addresses_that_are_not_trusted(url: str) -> None:
    with pytest.raises(ValueError, match="JWKS address"):
        JwksUrl(url)


@pytest.mark.parametrize("url", ["https://id.fleet.test/keys", "http://localhost:1/keys", "http://[::1]:1/keys"])
def test_addresses_that_are_trusted(url: str) -> None:
    JwksUrl(url)


async def test_https_needs_a_certificate_that_is_trusted(
    endpoint: Endpoint,
    server: ThreadingHTTPServer,
    clock: Clock,
    rsa_private: RSAPrivateKey,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    certificate = tmp_path / "certificate.pem"
    certificate.write_bytes(
        self_signed(rsa_private) + rsa_private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    endpoint.publish(a=rsa_private)
    source = JwksUrl(endpoint.url.replace("http:", "https:"), monotonic=clock)

    assert await kids(source, "a") == []
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    clock.seconds += REFETCH_INTERVAL_S
    assert await kids(source, "a") == ["a"]
    assert endpoint.asked == 1


def self_signed(key: RSAPrivateKey) -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    today = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    return certificate.public_bytes(Encoding.PEM)
