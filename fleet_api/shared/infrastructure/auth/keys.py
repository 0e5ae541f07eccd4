"""Public keys that tokens are verified with, and how they are read from PEM and from JSON Web Key Sets."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, Self

import orjson
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

ALGORITHMS = ("EdDSA", "RS256")
RSA_BITS = range(2048, 8193)
"""Shorter keys can be broken; longer ones only slow every request down."""

_PEM_BLOCK = re.compile(rb"-----BEGIN ([A-Z ]+)-----.+?-----END \1-----", re.DOTALL)


class UnusableKeysError(ValueError):
    """No key to verify with could be read; the text says why, and quotes nothing."""


@dataclass(frozen=True, slots=True)
class VerificationKey:
    """A public key with the one algorithm that it may verify, whatever a token claims."""

    kid: str
    algorithm: Literal["EdDSA", "RS256"]
    public: Ed25519PublicKey | RSAPublicKey

    @classmethod
    def of(cls, public: object, kid: str | None = None) -> Self:
        """Without a `kid` the key is named by its RFC 7638 thumbprint. Raises `UnusableKeysError`."""
        if isinstance(public, Ed25519PublicKey):
            return cls(kid or thumbprint(public), "EdDSA", public)
        if isinstance(public, RSAPublicKey) and public.key_size in RSA_BITS:
            return cls(kid or thumbprint(public), "RS256", public)
        raise UnusableKeysError(f"only Ed25519 and RSA keys of {RSA_BITS[0]} to {RSA_BITS[-1]} bits verify tokens")


def read_keys(content: bytes) -> tuple[VerificationKey, ...]:
    """At least one key, from a JSON Web Key Set or from PEM blocks `PUBLIC KEY`. Raises `UnusableKeysError`."""
    keys = _from_jwks(content) if content.lstrip().startswith(b"{") else _from_pem(content)
    if not keys:
        raise UnusableKeysError("no usable public key")
    return keys


def matching(keys: Iterable[VerificationKey], kid: str | None) -> tuple[VerificationKey, ...]:
    """The keys of that name; all of them for a token that names none."""
    return tuple(key for key in keys if kid is None or key.kid == kid)


def thumbprint(public: Ed25519PublicKey | RSAPublicKey) -> str:
    """RFC 7638: the hash of the key's required members, in order and without spaces."""
    canonical = orjson.dumps(public_members(public), option=orjson.OPT_SORT_KEYS)
    return _encode(sha256(canonical).digest())


def public_members(public: Ed25519PublicKey | RSAPublicKey) -> dict[str, str]:
    """A JSON Web Key's required members (RFC 8037, RFC 7518)."""
    if isinstance(public, Ed25519PublicKey):
        return {"kty": "OKP", "crv": "Ed25519", "x": _encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw))}
    numbers = public.public_numbers()
    return {"kty": "RSA", "n": _encode_number(numbers.n), "e": _encode_number(numbers.e)}


def _from_pem(content: bytes) -> tuple[VerificationKey, ...]:
    """Strict, since an operator wrote the file: one bad block refuses it all."""
    try:
        return tuple(VerificationKey.of(load_pem_public_key(block[0])) for block in _PEM_BLOCK.finditer(content))
    except (ValueError, UnsupportedAlgorithm) as error:
        if isinstance(error, UnusableKeysError):
            raise
        raise UnusableKeysError("a PEM block is not a public key") from None


def _from_jwks(content: bytes) -> tuple[VerificationKey, ...]:
    """Lenient, as RFC 7517 asks: keys of other kinds, uses and sizes are passed over."""
    try:
        members = orjson.loads(content)["keys"]
    except (ValueError, KeyError):
        raise UnusableKeysError("not a JSON Web Key Set") from None
    if not isinstance(members, list):
        raise UnusableKeysError("the key set's 'keys' is not a list")
    return tuple(key for member in members if (key := _from_jwk(member)) is not None)


def _from_jwk(jwk: Any) -> VerificationKey | None:
    # A document from elsewhere may hold anything anywhere; whatever cannot be read is no key of ours.
    try:
        key = VerificationKey.of(_public_of(jwk), kid=jwk.get("kid"))
        fits = (
            isinstance(key.kid, str)
            and jwk.get("use", "sig") == "sig"
            and jwk.get("alg", key.algorithm) == key.algorithm
            and "verify" in jwk.get("key_ops", ["verify"])
        )
    except (ValueError, TypeError, KeyError, AttributeError, UnsupportedAlgorithm):
        return None
    return key if fits else None


def _public_of(jwk: Any) -> object:
    """The public half only, even where the set carelessly holds the private one."""
    if jwk["kty"] == "RSA":
        return RSAPublicNumbers(e=_decode_number(jwk["e"]), n=_decode_number(jwk["n"])).public_key()
    if jwk["kty"] == "OKP" and jwk["crv"] == "Ed25519":
        return Ed25519PublicKey.from_public_bytes(_decode(jwk["x"]))
    return None


def _encode(value: bytes) -> str:
    return urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(value: str) -> bytes:
    return urlsafe_b64decode(value + "=" * (-len(value) % 4))


def _encode_number(value: int) -> str:
    return _encode(value.to_bytes((value.bit_length() + 7) // 8))


def _decode_number(value: str) -> int:
    return int.from_bytes(_decode(value))
