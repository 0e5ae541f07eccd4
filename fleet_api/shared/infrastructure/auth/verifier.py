"""From a bearer token to the viewer who sent it."""

from collections.abc import Sequence
from time import monotonic
from typing import Any, Protocol

import orjson
from jwt import PyJWS
from jwt.exceptions import InvalidSignatureError, PyJWTError

from fleet_api.shared.domain.clock import Clock
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.auth.claims import viewer_of
from fleet_api.shared.infrastructure.auth.invalid_token import InvalidToken, TokenFault
from fleet_api.shared.infrastructure.auth.keys import ALGORITHMS, VerificationKey, matching

MAX_TOKEN_LENGTH = 8 * 1024
# A signature takes longer to verify than most queries to answer. A key that its source no longer has is trusted for as
# long as this more.
_REMEMBERED_S = 15.0
_REMEMBERED = 10_000

_jws = PyJWS(algorithms=ALGORITHMS)


class KeySource(Protocol):
    async def find(self, kid: str | None) -> Sequence[VerificationKey]:
        """The keys of that name, or all when the token names none. Never raises: no key, no entry."""
        ...


class TokenVerifier:
    """Trusts our own signing key, and after it whatever the sources hold."""

    def __init__(
        self,
        own: VerificationKey,
        sources: Sequence[KeySource] = (),
        *,
        issuer: str,
        audience: str,
        now: Clock,
    ) -> None:
        self._own = own
        self._sources = sources
        self._issuer = issuer
        self._audience = audience
        self._now = now
        self._remembered: dict[str, tuple[float, Viewer]] = {}

    async def verify(self, token: str) -> Viewer:
        """Raises `InvalidToken`, which tells nothing of the token but why."""
        until, viewer = self._remembered.get(token, (0.0, None))
        if viewer is not None and monotonic() < until and (not viewer.expires_at or self._now() < viewer.expires_at):
            return viewer
        viewer = await self._verified(token)
        if len(self._remembered) >= _REMEMBERED:
            self._remembered.clear()
        self._remembered[token] = monotonic() + _REMEMBERED_S, viewer
        return viewer

    async def _verified(self, token: str) -> Viewer:
        header = _header_of(token)
        if header.get("alg") not in ALGORITHMS:
            raise InvalidToken(TokenFault.ALGORITHM)
        candidates = await self._candidates(header.get("kid"))
        if not candidates:
            raise InvalidToken(TokenFault.UNKNOWN_KEY)
        # The key decides the algorithm; the token may only agree.
        keys = [key for key in candidates if key.algorithm == header["alg"]]
        if not keys:
            raise InvalidToken(TokenFault.ALGORITHM)
        claims = _claims_of(token, keys)
        return viewer_of(claims, issuer=self._issuer, audience=self._audience, now=self._now())

    async def _candidates(self, kid: str | None) -> list[VerificationKey]:
        found = list(matching([self._own], kid))
        for source in self._sources:
            if kid is None or not found:
                found += await source.find(kid)
        return found


def _header_of(token: str) -> dict[str, Any]:
    if len(token) > MAX_TOKEN_LENGTH:
        raise InvalidToken(TokenFault.TOO_LONG)
    if not token.isascii():
        raise InvalidToken(TokenFault.MALFORMED)
    try:
        return _jws.get_unverified_header(token)
    except PyJWTError:
        raise InvalidToken(TokenFault.MALFORMED) from None


def _claims_of(token: str, keys: Sequence[VerificationKey]) -> dict[str, Any]:
    for key in keys:
        try:
            payload = _jws.decode_complete(token, key.public, algorithms=[key.algorithm])["payload"]
            claims = orjson.loads(payload)
        except InvalidSignatureError:
            continue
        except (PyJWTError, ValueError):
            raise InvalidToken(TokenFault.MALFORMED) from None
        if not isinstance(claims, dict):
            raise InvalidToken(TokenFault.MALFORMED)
        return claims
    raise InvalidToken(TokenFault.SIGNATURE)
