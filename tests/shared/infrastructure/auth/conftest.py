"""Keys, tokens made by hand, and an identity provider's endpoint on 127.0.0.1."""

import hmac
import json
from base64 import urlsafe_b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from fleet_api.shared.infrastructure.auth.issuer import TokenIssuer
from fleet_api.shared.infrastructure.auth.jwks_url import JwksUrl
from fleet_api.shared.infrastructure.auth.keys import public_members, thumbprint

PATIENCE_S = 30.0
"""How long a test waits for what would otherwise never come."""


class Forge:
    """Makes tokens by hand, so that a test can make what no library would."""

    provider_id = "01890000-0000-7000-8000-000000000001"

    def __init__(self, private: Ed25519PrivateKey, rsa_private: RSAPrivateKey, kid: str, now: datetime) -> None:
        self.private = private
        self.rsa_private = rsa_private
        self.kid = kid
        self.rsa_kid = thumbprint(rsa_private.public_key())
        self.now = now.timestamp()

    def claims(self, without: str = "", **changes: object) -> dict[str, object]:
        usual = {
            "iss": "https://id.fleet.test",
            "aud": "fleet-api",
            "exp": self.now + 600,
            "iat": self.now,
            "jti": "a-jti",
            "sub": "anna",
            "role": "dispatcher",
            "provider_id": self.provider_id,
        }
        return {name: value for name, value in (usual | changes).items() if name != without}

    def token(self, without: str = "", *, header: dict[str, object] | None = None, **changes: object) -> str:
        return self.signed({"alg": "EdDSA", "kid": self.kid} | (header or {}), self.claims(without, **changes))

    def signed(self, header: object, claims: object, sign: Callable[[bytes], bytes] | None = None) -> str:
        content = f"{encoded(header)}.{encoded(claims)}"
        return f"{content}.{base64url((sign or self.private.sign)(content.encode()))}"

    def with_other_claims(self, token: str) -> str:
        header, _, signature = token.split(".")
        return f"{header}.{encoded(self.claims(role='platform_ops', without='provider_id'))}.{signature}"

    def rs256(self, content: bytes) -> bytes:
        return self.rsa_private.sign(content, PKCS1v15(), SHA256())

    def hs256_with_the_public_key(self, content: bytes) -> bytes:
        public = self.private.public_key()
        return hmac.digest(public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo), content, "sha256")


def encoded(value: object) -> str:
    return base64url(value if isinstance(value, bytes) else json.dumps(value).encode())


def base64url(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


@pytest.fixture(scope="session")
def now() -> datetime:
    return datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def private() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.generate()


@pytest.fixture(scope="session")
def rsa_private() -> RSAPrivateKey:
    """One for all tests, since RSA keys are slow to make."""
    return generate_private_key(public_exponent=65537, key_size=2048)


@pytest.fixture(scope="session")
def issuer(private: Ed25519PrivateKey) -> TokenIssuer:
    return TokenIssuer(private, issuer="https://id.fleet.test", audience="fleet-api")


@pytest.fixture(scope="session")
def forge(private: Ed25519PrivateKey, rsa_private: RSAPrivateKey, issuer: TokenIssuer, now: datetime) -> Forge:
    return Forge(private, rsa_private, issuer.key.kid, now)


@dataclass
class Endpoint:
    """What the server answers, and how often it was asked."""

    port: int
    status: int = 200
    body: bytes = b""
    location: str = "/"
    asked: int = 0
    stream: Callable[[BaseHTTPRequestHandler], None] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/keys?tenant=fleet"

    def publish(self, **keys: Ed25519PrivateKey | RSAPrivateKey) -> None:
        members = [public_members(key.public_key()) | {"kid": kid} for kid, key in keys.items()]
        self.body = json.dumps({"keys": members}).encode()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        self.asked += 1
        (self.stream or self.give_body)(handler)

    def give_body(self, handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(self.status if handler.path == "/keys?tenant=fleet" else 404)
        handler.send_header("Location", self.location)
        handler.end_headers()
        handler.wfile.write(self.body)


@dataclass
class Clock:
    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def server() -> Iterator[ThreadingHTTPServer]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            endpoint: Endpoint = self.server.endpoint  # type: ignore[attr-defined]
            endpoint.answer(self)

        def log_message(self, *_: object) -> None:
            """Says nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def endpoint(server: ThreadingHTTPServer) -> Endpoint:
    endpoint = Endpoint(port=server.server_port)
    server.endpoint = endpoint  # type: ignore[attr-defined]
    return endpoint


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def source(endpoint: Endpoint, clock: Clock) -> JwksUrl:
    return JwksUrl(endpoint.url, timeout_s=PATIENCE_S, monotonic=clock)
