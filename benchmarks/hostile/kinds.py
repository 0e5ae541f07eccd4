"""What strangers do to a server: the bytes that they send, and what they are rightly told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

HUNG_UP = 0
"""In the place of a status: it ended without a word."""

_DRIBBLE_S = 0.1
_GET = b"GET /graphql?query=%7B__typename%7D HTTP/1.1\r\nHost: x\r\n"
_POST = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
_CHUNKED = _POST + b"Transfer-Encoding: chunked\r\n\r\n"
_UPGRADE = (
    b"GET /graphql HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
)
_SOCKET = _UPGRADE + b"Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n"
_QUERY = b'{"query": "{ __typename }"}'


@dataclass(frozen=True, slots=True)
class Kind:
    """told: statuses, or codes that close a WebSocket; none where nobody stays to hear. socket: what is said after a
    handshake, in frames. pause_s: between parts. is_operation: it is GraphQL that is refused, and not its wrapping."""

    name: str
    parts: Sequence[bytes]
    told: frozenset[int] = field(default_factory=frozenset)
    socket: bytes | None = None
    pause_s: float = 0.0
    is_operation: bool = False

    @property
    def is_slow(self) -> bool:
        """Whether the server waits for more, as it must."""
        return not self.told.isdisjoint({408, 4408, HUNG_UP})

    @property
    def is_refused_at_once(self) -> bool:
        """And neither later, nor after the answers to what came before."""
        return bool(self.told) and not self.is_slow and 429 not in self.told


def frame(first: int, payload: bytes, *, masked: bool = True, length: bytes | None = None) -> bytes:
    """With a mask of zeros, which leaves the payload as it is."""
    size = bytes([(0x80 if masked else 0) | len(payload)]) if length is None else length
    return bytes([first]) + size + (b"\0\0\0\0" if masked else b"") + payload


def _http(name: str, *parts: bytes, told: int, pause_s: float = 0.0) -> Kind:
    return Kind(name, parts, frozenset({told}), pause_s=pause_s)


def _post(name: str, body: bytes, *, told: int, content_type: bytes = b"application/json") -> Kind:
    start = _POST.replace(b"application/json", content_type)
    return _http(name, start + b"Content-Length: %d\r\n\r\n" % len(body) + body, told=told)


def _operation(name: str, query: str | None, *, told: int, **more: object) -> Kind:
    body = json.dumps({"query": query, **more}).encode()
    accept = b"application/json\r\nAccept: application/graphql-response+json"
    return replace(_post(name, body, told=told, content_type=accept), is_operation=True)


def _frames(name: str, said: bytes, *, told: int) -> Kind:
    return Kind(name, [_SOCKET], frozenset({told}), said)


def _text(message: bytes) -> bytes:
    return frame(0x81, message)


KINDS: Sequence[Kind] = [
    # Who keeps us waiting
    _http("silent", told=HUNG_UP),
    _http("half-sent headers", _GET, told=408),
    _http("dribbled headers", *(bytes([byte]) for byte in _GET * 4), told=408, pause_s=_DRIBBLE_S),
    _http("half-sent body", _POST + b"Content-Length: 27\r\n\r\n" + _QUERY[:9], told=408),
    _http(
        "dribbled body",
        _POST + b"Content-Length: 999\r\n\r\n",
        *(bytes([byte]) for byte in _QUERY.ljust(200)),
        told=408,
        pause_s=_DRIBBLE_S,
    ),
    _http("dribbled chunks", _CHUNKED, *[b"1\r\n \r\n"] * 200, told=408, pause_s=_DRIBBLE_S),
    # Where a request begins and ends
    _http("no host", b"GET /graphql HTTP/1.1\r\n\r\n", told=400),
    _http("two hosts", _GET + b"Host: y\r\n\r\n", told=400),
    _http("two codings", _POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", told=400),
    _http("length and coding", _POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", told=400),
    _http("two lengths", _POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\n12345", told=400),
    _http("folded header", _GET + b"A: b\r\n c\r\n\r\n", told=400),
    _http("bare line feed", _GET + b"A: b\nB: c\r\n\r\n", told=400),
    _http("broken chunk", _CHUNKED + b"zz\r\n", told=400),
    _http("no HTTP", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + b"\x00" * 500, told=400),
    _http("HTTP/2", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", told=400),
    # Too much
    _http("many headers", _GET + b"".join(b"A%d: b\r\n" % n for n in range(1_000)) + b"\r\n", told=431),
    _http("long header", _GET + b"A: " + b"b" * 60_000, b"b" * 60_000 + b"\r\n\r\n", told=431),
    _http("long address", b"GET /graphql?query=" + b"x" * 20_000, told=414),
    _http("long body", _POST + b"Content-Length: 99999999\r\n\r\n" + b" " * 60_000, told=413),
    _http("long chunk extension", _CHUNKED + b"1;", *[b"a" * 40_000] * 20, told=431),
    _http("pipelined flood", (_GET + b"\r\n") * 500, told=429),
    # Requests that are none of GraphQL
    _post("no JSON", b"{", told=400),
    _post("JSON of nothing", b"null", told=400),
    _post("deep JSON", b"[" * 100_000, told=400),
    _post("no UTF-8", b'{"query": "\xff\xfe"}', told=400),
    _post("another media type", b"query={__typename}", told=415, content_type=b"application/x-www-form-urlencoded"),
    _http("another method", b"DELETE /graphql HTTP/1.1\r\nHost: x\r\n\r\n", told=405),
    _http("mutation by address", _GET.replace(b"%7B", b"mutation%7B") + b"\r\n", told=405),
    _http("nothing there", b"GET /.env HTTP/1.1\r\nHost: x\r\n\r\n", told=404),
    _post("batch", b"[" + b",".join([_QUERY] * 1_000) + b"]", told=400),
    # Operations that are none of ours, or too much
    _operation("syntax error", "{", told=400),
    _operation("endless string", '{ a(b: "' + "x" * 100_000, told=400),
    _operation("unknown fields", "{ " + " ".join(f"a{n}" for n in range(15)) + " }", told=400),
    _operation(
        "wrong variables", "query Q($n: Int!) { drivers(first: $n) { totalCount } }", told=400, variables={"n": "x"}
    ),
    _operation("fragments in a circle", "{ ...a } fragment a on Query { ...b } fragment b on Query { ...a }", told=400),
    _operation("too many tokens", "{ " + "a " * 2_000 + "}", told=400),
    _operation("too many aliases", "{ " + " ".join(f"a{n}: __typename" for n in range(16)) + " }", told=400),
    _operation("too many directives", "{ " + "__typename @include(if: true) " * 51 + "}", told=400),
    _operation("too deep", "{ a " * 13 + "} " * 13, told=400),
    _operation(
        "too costly",
        "{ drivers(first: 100) { edges { node { assignments(first: 100) { edges { node { vehicle { id } } } } } } } }",
        told=400,
    ),
    _operation("introspection", "{ __schema { types { name } } }", told=403),
    _operation("nobody", "{ drivers { totalCount } }", told=294),
    _operation("unknown hash", None, told=404, extensions={"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}),
    # Sockets
    _http("socket of another page", _UPGRADE + b"Origin: https://evil.example\r\n\r\n", told=403),
    _http("no handshake", _UPGRADE.replace(b"dGhl", b"dGh*") + b"\r\n", told=400),
    Kind("another protocol", [_UPGRADE + b"\r\n"], frozenset({4406}), b""),
    _frames("silent socket", b"", told=4408),
    _frames("reserved bits", frame(0xC1, b"x"), told=1002),
    _frames("unmasked frame", frame(0x81, b"x", masked=False), told=1002),
    _frames("unknown opcode", frame(0x83, b"x"), told=1002),
    _frames("fragmented ping", frame(0x09, b"x"), told=1002),
    _frames("long ping", frame(0x89, b"x" * 126, length=b"\xfe\x00\x7e"), told=1002),
    _frames("continuation of nothing", frame(0x80, b"x"), told=1002),
    _frames("no text", _text(b"\xff\xfe"), told=1007),
    _frames("endless message", frame(0x81, b"", length=b"\xff" + b"\x7f" * 8), told=1009),
    _frames("binary message", frame(0x82, b"x"), told=4400),
    _frames("message of no protocol", _text(b"[]"), told=4400),
    _frames("uninitialised", _text(b'{"type":"subscribe","id":"1","payload":{"query":"{a}"}}'), told=4401),
    _frames("initialised twice", _text(b'{"type":"connection_init"}') * 2, told=4429),
    # Who does not stay
    Kind("gone at once", []),
    Kind("gone in the headers", [_GET]),
    Kind("gone in the body", [_POST + b"Content-Length: 27\r\n\r\n" + _QUERY[:9]]),
    Kind("gone before the answer", [_POST + b"Content-Length: 27\r\n\r\n" + _QUERY]),
    Kind("gone in the handshake", [_SOCKET]),
    Kind("gone in a frame", [_SOCKET], socket=_text(b'{"type":"connection_init"}')[:9]),
    Kind("gone without reading", [(_GET + b"\r\n") * 30], pause_s=_DRIBBLE_S),
]
