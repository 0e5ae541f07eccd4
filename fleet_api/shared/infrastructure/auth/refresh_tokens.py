"""Refresh tokens: which session, and the how-manieth token of it, in an envelope that only we can seal."""

import binascii
import hmac
import struct
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

_PREFIX = "frt_"
"""Lets scanners of leaked secrets recognise one."""
_CONTENT = struct.Struct(">16sI")


class RefreshTokens:
    """Nothing is stored: the token is `frt_` + base64url(session, generation, HMAC-SHA256 over both).

    `secret` is the issuer's for this purpose. Whether a generation is the session's newest, and what a used one means,
    is for whoever holds the session.
    """

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def encode(self, session_id: UUID, generation: int) -> str:
        """Generations go from 0 to 2^32 - 1; beyond raises `struct.error`."""
        content = _CONTENT.pack(session_id.bytes, generation)
        seal = hmac.digest(self._secret, content, sha256)
        return _PREFIX + urlsafe_b64encode(content + seal).rstrip(b"=").decode()

    def decode(self, token: str) -> tuple[UUID, int] | None:
        """The session and the generation, or `None` for whatever we have not sealed."""
        if len(token) != _LENGTH or not token.isascii():
            return None
        try:
            content = urlsafe_b64decode(token[len(_PREFIX) :] + "==")[: _CONTENT.size]
            session, generation = _CONTENT.unpack(content)
        except (binascii.Error, struct.error):
            return None
        # Compared whole and as written, so that each session and generation has exactly one spelling.
        if not hmac.compare_digest(token, self.encode(UUID(bytes=session), generation)):
            return None
        return UUID(bytes=session), generation


_LENGTH = len(RefreshTokens(b"any").encode(UUID(int=0), 0))
