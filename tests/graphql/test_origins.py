"""Which pages may talk to us."""

import pytest
from pydantic import ValidationError

from fleet_api.graphql.origins import Origins
from fleet_api.settings import Settings


@pytest.mark.parametrize(
    ("origin", "host", "scheme", "is_admitted"),
    [
        (None, b"api.example.com", "http", True),
        (b"http://api.example.com", b"api.example.com", "http", True),
        (b"http://API.example.com", b"api.EXAMPLE.com:80", "ws", True),
        (b"https://api.example.com", b"api.example.com:443", "wss", True),
        (b"https://api.example.com", b"api.example.com", "ws", True),  # a proxy took the encryption away
        (b"http://127.0.0.1:8000", b"127.0.0.1:8000", "http", True),
        (b"http://api.example.com", b"api.example.com", "https", False),  # anybody on the way may have written it
        (b"http://api.example.com:8000", b"api.example.com:9000", "http", False),
        (b"http://api.example.com", b"api.example.com:8000", "http", False),
        (b"https://evil.example", b"api.example.com", "https", False),
        (b"https://api.example.com.evil.example", b"api.example.com", "https", False),
        (b"https://evil.example/api.example.com", b"api.example.com", "https", False),
        (b"null", b"api.example.com", "https", False),
        (b"null", b"null", "https", False),
        (b"", b"", "http", False),
        (b"https://", b"", "http", False),
        (b"ftp://api.example.com", b"api.example.com", "http", False),
        (b"https://\xff\xfe", b"api.example.com", "http", False),
    ],
)
def test_only_our_own_pages_talk_to_us(origin: bytes | None, host: bytes, scheme: str, is_admitted: bool) -> None:
    assert Origins("").admits(origin, host, scheme) is is_admitted


def test_pages_that_the_settings_name_talk_to_us_too() -> None:
    origins = Origins("https://app.example.com, capacitor://localhost")
    for admitted in (b"https://app.example.com", b"https://APP.example.com", b"capacitor://localhost"):
        assert origins.admits(admitted, b"api.example.com", "https")
    for refused in (b"http://app.example.com", b"https://app.example.com:8443", b"https://example.com", b"", b"null"):
        assert not origins.admits(refused, b"api.example.com", "https")


@pytest.mark.parametrize("given", ["*", "null", "app.example.com", "https://app.example.com/", "https://*.example.com"])
def test_an_origin_that_no_browser_would_send_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(ValidationError, match="allowed_origins"):
        Settings(allowed_origins=given)
