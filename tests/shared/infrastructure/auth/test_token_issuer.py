from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import orjson
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.hmac import HMAC

from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.auth.issuer import TokenIssuer
from fleet_api.shared.infrastructure.auth.keys import read_keys

NORTH = UUID("01890000-0000-7000-8000-000000000001")
SESSION = UUID("01890000-0000-7000-8000-00000000005e")

# RFC 8037, appendix A: a key pair of Ed25519 and its thumbprint.
RFC_8037_SEED = bytes.fromhex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60")
RFC_8037_X = "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"
RFC_8037_THUMBPRINT = "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.fixture
def usual(now: datetime) -> dict[str, Any]:
    return {"ttl": timedelta(minutes=5), "now": now, "jti": UUID(int=1)}


def test_the_token_as_others_read_it(issuer: TokenIssuer, now: datetime, usual: dict[str, Any]) -> None:
    token = issuer.issue(role=Role.DISPATCHER, subject="anna", provider_id=NORTH, session_id=SESSION, **usual)
    assert jwt.get_unverified_header(token) == {"alg": "EdDSA", "typ": "JWT", "kid": issuer.key.kid}
    assert jwt.decode(token, options={"verify_signature": False}) == {
        "iss": "https://id.fleet.test",
        "aud": "fleet-api",
        "sub": "anna",
        "role": "dispatcher",
        "provider_id": str(NORTH),
        "sid": str(SESSION),
        "iat": now.timestamp(),
        "exp": now.timestamp() + 300,
        "jti": "00000000-0000-0000-0000-000000000001",
    }


def test_the_platform_operators_token_has_no_provider_and_no_session(
    issuer: TokenIssuer, usual: dict[str, Any]
) -> None:
    token = issuer.issue(role=Role.PLATFORM_OPS, subject="ops", provider_id=None, **usual)
    assert not {"provider_id", "sid"} & set(jwt.decode(token, options={"verify_signature": False}))


def test_nothing_is_issued_that_nobody_could_use(issuer: TokenIssuer, usual: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="provider"):
        issuer.issue(role=Role.DISPATCHER, subject="anna", provider_id=None, **usual)
    with pytest.raises(ValueError, match="provider"):
        issuer.issue(role=Role.PLATFORM_OPS, subject="ops", provider_id=NORTH, **usual)
    with pytest.raises(ValueError, match="UUID"):
        issuer.issue(role=Role.DRIVER, subject="anna", provider_id=NORTH, **usual)


def test_the_kid_is_the_thumbprint_of_rfc_7638() -> None:
    private = Ed25519PrivateKey.from_private_bytes(RFC_8037_SEED)
    issuer = TokenIssuer(private, issuer="i", audience="a")
    assert issuer.key.kid == RFC_8037_THUMBPRINT
    assert issuer.public_jwks() == {
        "keys": [
            {
                "kty": "OKP",
                "crv": "Ed25519",
                "x": RFC_8037_X,
                "kid": RFC_8037_THUMBPRINT,
                "use": "sig",
                "alg": "EdDSA",
            }
        ]
    }


def test_others_can_verify_with_our_public_key_set(issuer: TokenIssuer, usual: dict[str, Any]) -> None:
    token = issuer.issue(role=Role.AUDITOR, subject="ada", provider_id=NORTH, **usual)
    keys = jwt.PyJWKSet.from_dict(issuer.public_jwks())
    assert jwt.decode(token, keys[issuer.key.kid], options={"verify_exp": False}, audience="fleet-api")["sub"] == "ada"


def test_a_secret_is_hkdf_sha256_of_the_private_key() -> None:
    """RFC 5869 by hand: extract with a zero salt, then expand by one block."""

    def hmac(key: bytes, content: bytes) -> bytes:
        mac = HMAC(key, SHA256())
        mac.update(content)
        return mac.finalize()

    issuer = TokenIssuer(Ed25519PrivateKey.from_private_bytes(RFC_8037_SEED), issuer="i", audience="a")
    assert issuer.secret("refresh") == hmac(hmac(bytes(32), RFC_8037_SEED), b"fleet-api refresh\x01")


def test_secrets_differ_by_purpose_and_by_key(issuer: TokenIssuer, private: Ed25519PrivateKey) -> None:
    another = TokenIssuer(Ed25519PrivateKey.generate(), issuer="i", audience="a")
    again = TokenIssuer(private, issuer="i", audience="a")
    assert len({issuer.secret("refresh"), issuer.secret("idempotency"), another.secret("refresh")}) == 3
    assert again.secret("refresh") == issuer.secret("refresh")


def test_the_key_set_reads_as_the_key_that_signs(issuer: TokenIssuer) -> None:
    assert read_keys(orjson.dumps(issuer.public_jwks())) == (issuer.key,)
