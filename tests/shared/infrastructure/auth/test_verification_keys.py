"""Which keys may verify, and a key file that changes while we run."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1
from cryptography.hazmat.primitives.asymmetric.ec import generate_private_key as generate_ec_key
from cryptography.hazmat.primitives.asymmetric.ed448 import Ed448PrivateKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from structlog.testing import capture_logs

from fleet_api.shared.infrastructure.auth.key_file import KeyFile
from fleet_api.shared.infrastructure.auth.keys import UnusableKeysError, VerificationKey, public_members, read_keys

# RFC 7638, section 3.1: an RSA key and its thumbprint.
RFC_7638_N = (
    "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3"
    "oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZ"
    "Hzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEg"
    "U8awapJzKnqDKgw"
)
RFC_7638_THUMBPRINT = "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs"


def pem(key: PrivateKeyTypes) -> bytes:
    return key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def jwk(key: Ed25519PrivateKey | RSAPrivateKey, **more: object) -> dict[str, object]:
    return public_members(key.public_key()) | more


def jwks(*keys: object) -> bytes:
    return json.dumps({"keys": keys}).encode()


@pytest.fixture(scope="module")
def short_rsa() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=1024)


def test_pem_with_several_keys_names_them_by_thumbprint(private: Ed25519PrivateKey, rsa_private: RSAPrivateKey) -> None:
    keys = read_keys(b"a comment\n" + pem(private) + pem(rsa_private))
    assert [key.algorithm for key in keys] == ["EdDSA", "RS256"]
    assert keys == (VerificationKey.of(private.public_key()), VerificationKey.of(rsa_private.public_key()))


def test_the_thumbprint_of_rfc_7638() -> None:
    (key,) = read_keys(jwks({"kty": "RSA", "n": RFC_7638_N, "e": "AQAB", "alg": "RS256"}))
    assert key.kid == RFC_7638_THUMBPRINT


def test_a_pem_with_one_unusable_key_is_refused_whole(
    private: Ed25519PrivateKey, rsa_private: RSAPrivateKey, short_rsa: RSAPrivateKey
) -> None:
    secret = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    elliptic = generate_ec_key(SECP256R1())
    for unusable in (pem(short_rsa), pem(elliptic), pem(Ed448PrivateKey.generate()), secret):
        with pytest.raises(UnusableKeysError):
            read_keys(pem(rsa_private) + unusable)
    with pytest.raises(UnusableKeysError):
        read_keys(b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n")


def test_a_key_set_keeps_its_usable_keys_and_passes_over_the_others(
    private: Ed25519PrivateKey, rsa_private: RSAPrivateKey, short_rsa: RSAPrivateKey
) -> None:
    others: list[Any] = [
        jwk(short_rsa, kid="short"),
        jwk(private, kid="to encrypt", use="enc"),
        jwk(private, kid="to sign", key_ops=["sign"]),
        jwk(private, kid="misnamed", alg="RS256"),
        jwk(rsa_private, kid="another algorithm", alg="PS256"),
        jwk(private, kid=7),
        jwk(private, kid="no point", x="AAAA"),
        jwk(private, kid="no text", x=7),
        jwk(private, kid="no ops", key_ops=7),
        jwk(rsa_private, kid="even", e="AAAC"),
        {"kty": "oct", "k": "c2VjcmV0", "kid": "symmetric"},
        {"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"},
        {"kty": "OKP", "crv": "Ed448", "x": "AA"},
        {"kty": ["RSA"]},
        {},
        [],
        None,
        "RSA",
    ]
    keys = read_keys(jwks(*others, jwk(private, kid="a", alg="EdDSA", use="sig"), jwk(rsa_private, kid="b")))
    assert [(key.kid, key.algorithm) for key in keys] == [("a", "EdDSA"), ("b", "RS256")]


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b'{"keys":7}', b'{"keys":[]}', b'{"keys":' + b"[" * 100_000])
def test_what_holds_no_key_is_refused(content: bytes) -> None:
    with pytest.raises(UnusableKeysError):
        read_keys(content)


async def test_a_key_file_is_read_again_when_it_changes(
    tmp_path: Path, private: Ed25519PrivateKey, rsa_private: RSAPrivateKey
) -> None:
    path = tmp_path / "keys"
    path.write_bytes(pem(private))
    source = KeyFile(path)
    assert [key.algorithm for key in await source.find(None)] == ["EdDSA"]

    path.write_bytes(jwks(jwk(rsa_private, kid="b")))
    assert [key.kid for key in await source.find("b")] == ["b"]
    assert await source.find("c") == ()


async def test_a_key_file_replaced_by_an_older_one_is_read_again(tmp_path: Path, private: Ed25519PrivateKey) -> None:
    path, older = tmp_path / "keys", tmp_path / "older"
    path.write_bytes(jwks(jwk(private, kid="a")))
    older.write_bytes(jwks(jwk(private, kid="b")))
    status = path.stat()
    os.utime(older, ns=(status.st_atime_ns, status.st_mtime_ns))
    source = KeyFile(path)
    older.replace(path)
    assert [key.kid for key in await source.find(None)] == ["b"]


async def test_a_key_file_that_breaks_keeps_its_last_good_keys_and_says_so_once(
    tmp_path: Path, private: Ed25519PrivateKey
) -> None:
    path = tmp_path / "keys"
    path.write_bytes(jwks(jwk(private, kid="a")))
    source = KeyFile(path)
    for spoil in (lambda: path.write_bytes(b"{"), path.unlink):
        spoil()
        with capture_logs() as logs:
            assert [key.kid for key in await source.find("a")] == ["a"]
            assert [key.kid for key in await source.find("a")] == ["a"]
        assert [log["event"] for log in logs] == ["key_file_unusable"]

    path.write_bytes(jwks(jwk(private, kid="b")))
    assert [key.kid for key in await source.find(None)] == ["b"]


def test_a_server_does_not_start_on_a_key_file_that_is_absent_or_broken(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        KeyFile(tmp_path / "absent")
    (tmp_path / "broken").write_bytes(b"garbage")
    with pytest.raises(UnusableKeysError):
        KeyFile(tmp_path / "broken")
