"""Tokens of our own, and whatever else is derived from the signing key."""

from datetime import datetime, timedelta
from uuid import UUID

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.auth.keys import VerificationKey, public_members


class TokenIssuer:
    def __init__(self, private: Ed25519PrivateKey, *, issuer: str, audience: str) -> None:
        self._private = private
        self._issuer = issuer
        self._audience = audience
        self.key = VerificationKey.of(private.public_key())
        """What verifies our tokens."""

    def issue(
        self,
        *,
        role: Role,
        subject: str,
        provider_id: UUID | None,
        ttl: timedelta,
        now: datetime,
        jti: UUID,
        session_id: UUID | None = None,
    ) -> str:
        """A signed token that holds from `now` for `ttl`, in whole seconds.

        Raises `ValueError` for a viewer who cannot be: a provider missing or too many, a driver without a driver's id.
        """
        viewer = Viewer(subject=subject, role=role, provider_id=provider_id)
        issued_at = int(now.timestamp())
        claims: dict[str, str | int] = {
            "iss": self._issuer,
            "aud": self._audience,
            "sub": viewer.subject,
            "role": role.value,
            "iat": issued_at,
            "exp": issued_at + int(ttl.total_seconds()),
            "jti": str(jti),
        }
        if provider_id is not None:
            claims["provider_id"] = str(provider_id)
        if session_id is not None:
            claims["sid"] = str(session_id)
        return jwt.encode(claims, self._private, algorithm="EdDSA", headers={"kid": self.key.kid})

    def secret(self, purpose: str) -> bytes:
        """32 bytes for one purpose: the same after every start, and telling nothing of another purpose's."""
        derive = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"fleet-api {purpose}".encode())
        return derive.derive(self._private.private_bytes_raw())

    def public_jwks(self) -> dict[str, list[dict[str, str]]]:
        """For others who verify our tokens: a JSON Web Key Set of our one key."""
        members = public_members(self.key.public)
        return {"keys": [members | {"kid": self.key.kid, "use": "sig", "alg": self.key.algorithm}]}
