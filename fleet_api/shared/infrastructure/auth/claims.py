"""What a token must claim, once its signature holds, and the viewer whom that describes."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.auth.invalid_token import InvalidToken, TokenFault

LEEWAY = timedelta(seconds=30)
"""How far the issuer's clock may be off."""

Claims = Mapping[str, Any]

_REQUIRED = ("iss", "aud", "exp", "iat", "jti", "sub", "role")
_MAX_TEXT = 255


def viewer_of(claims: Claims, *, issuer: str, audience: str, now: datetime) -> Viewer:
    """Raises `InvalidToken`."""
    if any(claims.get(name) is None for name in _REQUIRED):
        raise InvalidToken(TokenFault.CLAIM_MISSING)
    _check_addressee(claims, issuer, audience)
    _check_times(claims, now)
    _text(claims["jti"])
    role = _role(claims["role"])
    return Viewer(
        subject=str(_uuid(claims["sub"])) if role is Role.DRIVER else _text(claims["sub"]),
        role=role,
        provider_id=_provider_id(claims.get("provider_id"), role),
        session_id=None if claims.get("sid") is None else _uuid(claims["sid"]),
        expires_at=_time(claims["exp"]),
    )


def _check_addressee(claims: Claims, issuer: str, audience: str) -> None:
    if claims["iss"] != issuer:
        raise InvalidToken(TokenFault.ISSUER)
    addressees = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if audience not in addressees:
        raise InvalidToken(TokenFault.AUDIENCE)


def _check_times(claims: Claims, now: datetime) -> None:
    # The leeway moves `now` and not the claim, which may stand at the end of the calendar.
    if _time(claims["exp"]) <= now - LEEWAY:
        raise InvalidToken(TokenFault.EXPIRED)
    if claims.get("nbf") is not None and _time(claims["nbf"]) > now + LEEWAY:
        raise InvalidToken(TokenFault.NOT_YET_VALID)
    if _time(claims["iat"]) > now + LEEWAY:
        raise InvalidToken(TokenFault.ISSUED_IN_FUTURE)


def _role(value: object) -> Role:
    try:
        return Role(value)  # type: ignore[arg-type]  # anything but a known name is what it refuses
    except ValueError:
        raise InvalidToken(TokenFault.ROLE) from None


def _provider_id(value: object, role: Role) -> UUID | None:
    """The platform's operator must have none, and everybody else must have one."""
    if (value is None) != (role is Role.PLATFORM_OPS):
        raise InvalidToken(TokenFault.PROVIDER)
    return None if value is None else _uuid(value)


def _text(value: object) -> str:
    """Printable, so without NUL and lone surrogates, which no database column holds."""
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_TEXT or not value.isprintable():
        raise InvalidToken(TokenFault.CLAIM_MALFORMED)
    return value


def _uuid(value: object) -> UUID:
    """The usual form with hyphens only; Python would also take braces and `urn:uuid:`."""
    text = _text(value)
    try:
        parsed = UUID(text)
    except ValueError:
        raise InvalidToken(TokenFault.CLAIM_MALFORMED) from None
    if str(parsed) != text.lower():
        raise InvalidToken(TokenFault.CLAIM_MALFORMED)
    return parsed


def _time(value: object) -> datetime:
    """A NumericDate: seconds since 1970, perhaps with a fraction."""
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise InvalidToken(TokenFault.CLAIM_MALFORMED)
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError):
        raise InvalidToken(TokenFault.CLAIM_MALFORMED) from None
