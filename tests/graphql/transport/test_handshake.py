"""Handshakes by hand: what is none is refused, and the server goes on."""

import asyncio

import pytest

from tests.support.transport import Edge

_PROPER = {
    "Host": "x",
    "Upgrade": "websocket",
    "Connection": "keep-alive, Upgrade",
    "Sec-WebSocket-Version": "13",
    "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Protocol": "other, graphql-transport-ws",
}


async def _answer(edge: Edge, request: str = "GET /graphql", **changed: str) -> str:
    headers = _PROPER | {name.replace("_", "-"): value for name, value in changed.items()}
    reader, writer = await asyncio.open_connection(*edge.place.split(":"))
    lines = [f"{request} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    writer.transport.abort()
    return answer.decode().lower()


async def test_a_handshake_is_accepted_as_the_rfc_has_it(edge: Edge) -> None:
    answer = await _answer(edge)
    assert answer.startswith("http/1.1 101 ")
    # RFC 6455, section 1.3
    assert "sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo=" in answer
    assert "sec-websocket-protocol: graphql-transport-ws" in answer
    assert "sec-websocket-extensions" not in answer


@pytest.mark.parametrize(
    ("request_line", "changed", "status"),
    [
        ("GET /graphql", {"Sec_WebSocket_Key": "short"}, 400),
        ("GET /graphql", {"Sec_WebSocket_Key": "dG*hlIHNhbXBsZSBub25jZQ=="}, 400),
        ("GET /graphql", {"Sec_WebSocket_Version": "8"}, 400),
        ("POST /graphql", {}, 400),
        ("GET /elsewhere", {}, 403),
        ("GET /graphql", {"Origin": "https://evil.example"}, 403),
        ("GET /graphql", {"Origin": "null"}, 403),
    ],
)
async def test_what_is_no_handshake_of_ours_is_refused(
    edge: Edge, request_line: str, changed: dict[str, str], status: int
) -> None:
    assert (await _answer(edge, request_line, **changed)).startswith(f"http/1.1 {status} ")
    assert (await _answer(edge)).startswith("http/1.1 101 ")


async def test_an_upgrade_behind_a_request_that_is_not_answered_is_refused(edge: Edge) -> None:
    reader, writer = await asyncio.open_connection(*edge.place.split(":"))
    upgrade = "".join(f"{name}: {value}\r\n" for name, value in _PROPER.items())
    writer.write(b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\n{}GET /graphql HTTP/1.1\r\n")
    writer.write(upgrade.encode() + b"\r\n")
    answers = await asyncio.wait_for(reader.read(), 10)
    assert b" 101 " not in answers
    writer.transport.abort()
