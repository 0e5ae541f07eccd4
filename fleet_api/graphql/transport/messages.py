"""What a client of graphql-transport-ws says, read with care: whatever is not of the protocol raises `Closing`."""

from typing import Any

_LONGEST_ID = 256


class Closing(Exception):
    """The conversation ends with this close code, and a reason of at most 123 bytes that says what to do."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__()
        self.code, self.reason = code, reason


def object_of(read: Any) -> dict[str, Any]:
    if not isinstance(read, dict):
        raise Closing(4400, "A message is an object")
    return read


def id_of(message: dict[str, Any]) -> str:
    id = message.get("id")
    if not isinstance(id, str) or not 0 < len(id) <= _LONGEST_ID:
        raise Closing(4400, f"An id is a string of 1 to {_LONGEST_ID} characters")
    return id


def payload_of(message: dict[str, Any]) -> dict[str, Any]:
    payload = message.get("payload")
    if not isinstance(payload, dict | None):
        raise Closing(4400, "The payload is an object")
    return payload or {}


def authorization_in(payload: dict[str, Any]) -> str | None:
    given = {name.lower(): value for name, value in payload.items()}.get("authorization")
    return given if isinstance(given, str) else None
