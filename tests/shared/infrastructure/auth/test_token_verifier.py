"""Attacks on a bearer token, each with the code that refuses it."""

from __future__ import annotations

import json
import traceback
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from structlog.testing import capture_logs

from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.auth.claims import LEEWAY
from fleet_api.shared.infrastructure.auth.invalid_token import InvalidToken, TokenFault
from fleet_api.shared.infrastructure.auth.issuer import TokenIssuer
from fleet_api.shared.infrastructure.auth.key_file import KeyFile
from fleet_api.shared.infrastructure.auth.verifier import MAX_TOKEN_LENGTH, TokenVerifier

if TYPE_CHECKING:
    from tests.shared.infrastructure.auth.conftest import Forge

NORTH = UUID("01890000-0000-7000-8000-000000000001")
DRIVER = "01890000-0000-7000-8000-00000000000d"
SESSION = UUID("01890000-0000-7000-8000-00000000005e")


@pytest.fixture(scope="module")
def verifier(
    issuer: TokenIssuer, rsa_private: RSAPrivateKey, now: datetime, tmp_path_factory: pytest.TempPathFactory
) -> TokenVerifier:
    path: Path = tmp_path_factory.mktemp("keys") / "trusted.pem"
    path.write_bytes(rsa_private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))
    return TokenVerifier(
        issuer.key, [KeyFile(path)], issuer="https://id.fleet.test", audience="fleet-api", now=lambda: now
    )


async def test_a_token_of_ours_names_its_viewer(verifier: TokenVerifier, issuer: TokenIssuer, now: datetime) -> None:
    token = issuer.issue(
        role=Role.DRIVER,
        subject=DRIVER,
        provider_id=NORTH,
        ttl=timedelta(minutes=5),
        now=now,
        jti=UUID(int=1),
        session_id=SESSION,
    )
    assert await verifier.verify(token) == Viewer(
        subject=DRIVER,
        role=Role.DRIVER,
        provider_id=NORTH,
        session_id=SESSION,
        expires_at=now + timedelta(minutes=5),
    )


@pytest.mark.parametrize("role", Role)
async def test_every_role_can_ask(verifier: TokenVerifier, issuer: TokenIssuer, now: datetime, role: Role) -> None:
    provider_id = None if role is Role.PLATFORM_OPS else NORTH
    token = issuer.issue(
        role=role, subject=DRIVER, provider_id=provider_id, ttl=timedelta(60), now=now, jti=UUID(int=1)
    )
    viewer = await verifier.verify(token)
    assert (viewer.role, viewer.provider_id, viewer.session_id) == (role, provider_id, None)


async def test_rs256_of_a_trusted_key(verifier: TokenVerifier, forge: Forge) -> None:
    token = forge.signed({"alg": "RS256", "kid": forge.rsa_kid}, forge.claims(), forge.rs256)
    assert (await verifier.verify(token)).subject == "anna"


ACCEPTED: dict[str, Callable[[Forge], str]] = {
    "no kid, our key": lambda forge: forge.signed({"alg": "EdDSA"}, forge.claims()),
    "no kid, a trusted key": lambda forge: forge.signed({"alg": "RS256"}, forge.claims(), forge.rs256),
    "several audiences": lambda forge: forge.token(aud=["another", "fleet-api"]),
    "expired within the leeway": lambda forge: forge.token(exp=forge.now - 29),
    "not before, within the leeway": lambda forge: forge.token(nbf=forge.now + 30),
    "issued within the leeway": lambda forge: forge.token(iat=forge.now + 30),
    "expires with the calendar": lambda forge: forge.token(exp=253402300799),
    "driver in capitals": lambda forge: forge.token(role="driver", sub=DRIVER.upper()),
}


@pytest.mark.parametrize("make", ACCEPTED.values(), ids=ACCEPTED)
async def test_accepted(verifier: TokenVerifier, forge: Forge, make: Callable[[Forge], str]) -> None:
    assert (await verifier.verify(make(forge))).subject in ("anna", DRIVER)


def attack(fault: TokenFault, make: Callable[[Forge], str]) -> tuple[TokenFault, Callable[[Forge], str]]:
    return fault, make


def claiming(without: str, **changes: object) -> Callable[[Forge], str]:
    return lambda forge: forge.signed({"alg": "EdDSA"}, forge.claims(without, **changes))


F = TokenFault
ATTACKS = {
    # the envelope
    "empty": attack(F.MALFORMED, lambda _: ""),
    "garbage": attack(F.MALFORMED, lambda _: "not a token"),
    "two parts": attack(F.MALFORMED, lambda forge: forge.token().rsplit(".", 1)[0]),
    "four parts": attack(F.MALFORMED, lambda forge: forge.token() + ".eA"),
    "not base64": attack(F.MALFORMED, lambda _: "!!!.!!!.!!!"),
    "beyond ASCII": attack(F.MALFORMED, lambda forge: forge.token() + "é"),
    "lone surrogate": attack(F.MALFORMED, lambda forge: forge.token() + "\ud800"),
    "header is no object": attack(F.MALFORMED, lambda forge: forge.signed([], forge.claims())),
    "header is no JSON": attack(F.MALFORMED, lambda forge: forge.signed(b"{", forge.claims())),
    "header nested deep": attack(F.MALFORMED, lambda forge: forge.signed(b"[" * 5000, {})),
    "kid is no text": attack(F.MALFORMED, lambda forge: forge.token(header={"kid": 7})),
    "critical extension": attack(F.MALFORMED, lambda forge: forge.token(header={"crit": ["x"], "x": 1})),
    "detached payload": attack(F.MALFORMED, lambda forge: forge.token(header={"b64": False, "crit": ["b64"]})),
    "claims are no object": attack(F.MALFORMED, lambda forge: forge.signed({"alg": "EdDSA"}, [])),
    "claims are no JSON": attack(F.MALFORMED, lambda forge: forge.signed({"alg": "EdDSA"}, b"{")),
    "claims hold NaN": attack(F.MALFORMED, lambda forge: forge.token(exp=float("nan"))),
    "claims hold a lone surrogate": attack(F.MALFORMED, lambda forge: forge.token(sub="\ud800")),
    "one character too long": attack(F.TOO_LONG, lambda _: "a" * (MAX_TOKEN_LENGTH + 1)),
    "1 MB, signed by us": attack(F.TOO_LONG, lambda forge: forge.token(pad="a" * 1_000_000)),
    # the algorithm
    "alg none": attack(F.ALGORITHM, lambda forge: forge.signed({"alg": "none"}, forge.claims(), lambda _: b"")),
    "alg None": attack(F.ALGORITHM, lambda forge: forge.signed({"alg": "None"}, forge.claims(), lambda _: b"")),
    "alg absent": attack(F.ALGORITHM, lambda forge: forge.signed({"kid": forge.kid}, forge.claims())),
    "alg is a list": attack(F.ALGORITHM, lambda forge: forge.token(header={"alg": ["EdDSA"]})),
    "HS256 with the public key": attack(
        F.ALGORITHM,
        lambda forge: forge.signed({"alg": "HS256"}, forge.claims(), forge.hs256_with_the_public_key),
    ),
    "RS512": attack(F.ALGORITHM, lambda forge: forge.token(header={"alg": "RS512"})),
    "ES256": attack(F.ALGORITHM, lambda forge: forge.token(header={"alg": "ES256"})),
    "RS256 by an Ed25519 key": attack(F.ALGORITHM, lambda forge: forge.token(header={"alg": "RS256"})),
    "EdDSA by an RSA key": attack(
        F.ALGORITHM,
        lambda forge: forge.signed({"alg": "EdDSA", "kid": forge.rsa_kid}, forge.claims(), forge.rs256),
    ),
    # the key and the signature
    "unknown kid": attack(F.UNKNOWN_KEY, lambda forge: forge.token(header={"kid": "nobody's"})),
    "kid as a path": attack(F.UNKNOWN_KEY, lambda forge: forge.token(header={"kid": "../../dev/null"})),
    "empty kid": attack(F.UNKNOWN_KEY, lambda forge: forge.token(header={"kid": ""})),
    "key in the header": attack(
        F.SIGNATURE,
        lambda forge: forge.signed(
            {"alg": "EdDSA", "jwk": {"kty": "OKP", "crv": "Ed25519", "x": "AA"}, "jku": "http://127.0.0.1/"},
            forge.claims(),
            Ed25519PrivateKey.generate().sign,
        ),
    ),
    "signed by a stranger as us": attack(
        F.SIGNATURE,
        lambda forge: forge.signed(
            {"alg": "EdDSA", "kid": forge.kid}, forge.claims(), Ed25519PrivateKey.generate().sign
        ),
    ),
    "our claims exchanged": attack(F.SIGNATURE, lambda forge: forge.with_other_claims(forge.token())),
    "signature absent": attack(F.SIGNATURE, lambda forge: forge.token().rsplit(".", 1)[0] + "."),
    # issuer and audience
    "another issuer": attack(F.ISSUER, lambda forge: forge.token(iss="https://id.elsewhere.test")),
    "issuer with a slash": attack(F.ISSUER, lambda forge: forge.token(iss="https://id.fleet.test/")),
    "issuer in a list": attack(F.ISSUER, lambda forge: forge.token(iss=["https://id.fleet.test"])),
    "another audience": attack(F.AUDIENCE, lambda forge: forge.token(aud="fleet-api-2")),
    "audience that contains ours": attack(F.AUDIENCE, lambda forge: forge.token(aud="x fleet-api x")),
    "no audience": attack(F.AUDIENCE, lambda forge: forge.token(aud=[])),
    # times
    "expired": attack(F.EXPIRED, lambda forge: forge.token(exp=forge.now - LEEWAY.total_seconds())),
    "not yet valid": attack(F.NOT_YET_VALID, lambda forge: forge.token(nbf=forge.now + 31)),
    "issued in the future": attack(F.ISSUED_IN_FUTURE, lambda forge: forge.token(iat=forge.now + 31)),
    "expiry as text": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(exp="4102444800")),
    "expiry as a yes": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(exp=True)),
    "expiry beyond the calendar": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(exp=10**18)),
    "expiry beyond numbers": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(exp=10**300)),
    "not before as text": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(nbf="0")),
    # who it is
    "unknown role": attack(F.ROLE, lambda forge: forge.token(role="root")),
    "role in capitals": attack(F.ROLE, lambda forge: forge.token(role="DISPATCHER")),
    "role is a list": attack(F.ROLE, lambda forge: forge.token(role=["dispatcher"])),
    "driver who is no UUID": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(role="driver", sub="anna")),
    "driver in braces": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(role="driver", sub="{" + DRIVER + "}")),
    "subject is a number": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(sub=7)),
    "subject is empty": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(sub="")),
    "subject holds NUL": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(sub="an\0na")),
    "subject is long": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(sub="a" * 256)),
    "jti is a number": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(jti=7)),
    "session is no UUID": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(sid="mine")),
    "provider is no UUID": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(provider_id="north")),
    "provider is empty": attack(F.CLAIM_MALFORMED, lambda forge: forge.token(provider_id="")),
    "platform with a provider": attack(F.PROVIDER, lambda forge: forge.token(role="platform_ops")),
    **{
        f"{role} without a provider": attack(F.PROVIDER, claiming("provider_id", role=role, sub=DRIVER))
        for role in Role
        if role is not Role.PLATFORM_OPS
    },
    "provider is null": attack(F.PROVIDER, lambda forge: forge.token(provider_id=None)),
    **{
        f"without {claim}": attack(F.CLAIM_MISSING, claiming(claim))
        for claim in ("iss", "aud", "exp", "iat", "jti", "sub", "role")
    },
}


@pytest.mark.parametrize(("fault", "make"), ATTACKS.values(), ids=ATTACKS)
async def test_attack_is_refused_without_an_echo(
    verifier: TokenVerifier, forge: Forge, fault: TokenFault, make: Callable[[Forge], str]
) -> None:
    token = make(forge)
    with capture_logs() as logs, pytest.raises(InvalidToken) as refused:
        await verifier.verify(token)
    assert refused.value.reason_code is fault
    told = "".join(traceback.format_exception(refused.value)) + json.dumps(logs, default=str)
    assert not [part for part in token.split(".") if len(part) > 8 and part in told]


def test_no_fault_is_without_an_attack() -> None:
    assert {fault for fault, _ in ATTACKS.values()} == set(TokenFault)


async def test_a_signature_with_one_bit_flipped_anywhere_is_refused(verifier: TokenVerifier, forge: Forge) -> None:
    content, signature = forge.token().rsplit(".", 1)
    genuine = urlsafe_b64decode(signature + "==")
    for bit in range(len(genuine) * 8):
        spoilt = bytearray(genuine)
        spoilt[bit // 8] ^= 1 << bit % 8
        with pytest.raises(InvalidToken, match="signature"):
            await verifier.verify(f"{content}.{urlsafe_b64encode(spoilt).rstrip(b'=').decode()}")
