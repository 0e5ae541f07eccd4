"""Why a bearer token was refused."""

from enum import StrEnum


class TokenFault(StrEnum):
    """Stable codes for logs and metrics. The client learns no more than that its token is invalid."""

    TOO_LONG = "too_long"
    MALFORMED = "malformed"
    ALGORITHM = "algorithm"
    UNKNOWN_KEY = "unknown_key"
    SIGNATURE = "signature"
    CLAIM_MISSING = "claim_missing"
    CLAIM_MALFORMED = "claim_malformed"
    ISSUER = "issuer"
    AUDIENCE = "audience"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    ISSUED_IN_FUTURE = "issued_in_future"
    ROLE = "role"
    PROVIDER = "provider"


class InvalidToken(Exception):  # it says which thing is invalid, as PyJWT's own do
    """Carries a code and nothing of the token, so that it may be logged."""

    def __init__(self, reason_code: TokenFault) -> None:
        super().__init__(reason_code.value)
        self.reason_code = reason_code
