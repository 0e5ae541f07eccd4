import string
from base64 import urlsafe_b64decode, urlsafe_b64encode
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleet_api.shared.infrastructure.auth.issuer import TokenIssuer
from fleet_api.shared.infrastructure.auth.refresh_tokens import RefreshTokens

TOKENS = RefreshTokens(b"a secret of thirty-two bytes ...")
SESSION = UUID("01890000-0000-7000-8000-00000000005e")
GENUINE = TOKENS.encode(SESSION, 7)
URL_SAFE = set(string.ascii_letters + string.digits + "-_")


@given(session_id=st.uuids(), generation=st.integers(0, 2**32 - 1))
def test_what_was_sealed_is_read_again(session_id: UUID, generation: int) -> None:
    token = TOKENS.encode(session_id, generation)
    assert token.startswith("frt_")
    assert set(token) <= URL_SAFE
    assert TOKENS.decode(token) == (session_id, generation)


@pytest.mark.parametrize("place", range(len(GENUINE)))
def test_a_token_with_any_character_changed_is_not_ours(place: int) -> None:
    """Every other character, at every place: also those bits of the last one that the content does not use."""
    changed = [GENUINE[:place] + other + GENUINE[place + 1 :] for other in URL_SAFE - {GENUINE[place]}]
    assert [token for token in changed if TOKENS.decode(token) is not None] == []


@given(st.text(max_size=100))
def test_any_other_text_is_not_ours(text: str) -> None:
    assert TOKENS.decode(text) is None


@pytest.mark.parametrize(
    "token",
    [
        "",
        "frt_",
        GENUINE[:-1],
        GENUINE + "=",
        GENUINE + "A",
        GENUINE.removeprefix("frt_"),
        "FRT_" + GENUINE.removeprefix("frt_"),
        " " + GENUINE[:-1],
        GENUINE[:10] + "+" + GENUINE[11:],
        GENUINE[:10] + "\n" + GENUINE[11:],
        GENUINE[:10] + "é" + GENUINE[11:],
        GENUINE[:10] + "\ud800" + GENUINE[11:],
        "frt_" + "A" * 1_000_000,
    ],
)
def test_misshapen(token: str) -> None:
    assert TOKENS.decode(token) is None


def test_the_next_generation_cannot_be_made_from_this_one() -> None:
    content = bytearray(urlsafe_b64decode(GENUINE.removeprefix("frt_") + "=="))
    content[19] = 8
    assert TOKENS.decode("frt_" + urlsafe_b64encode(content).rstrip(b"=").decode()) is None


def test_another_keys_token_is_not_ours(issuer: TokenIssuer) -> None:
    assert RefreshTokens(issuer.secret("refresh")).decode(GENUINE) is None
