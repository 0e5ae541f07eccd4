"""Frames of RFC 6455, as a server reads and writes them."""

from collections.abc import Sequence

from websockets.frames import Close, CloseCode, Opcode
from websockets.utils import apply_mask

_FINAL, _MASKED, _RESERVED = 0x80, 0x80, 0x70
_LONGEST_CONTROL = 125
_OPCODES = {int(opcode): opcode for opcode in Opcode}
_CONTROL = {Opcode.CLOSE, Opcode.PING, Opcode.PONG}


class BrokenFrame(Exception):
    """The connection must end, for its bytes make no sense any more or are too many.

    code and reason: of the close frame that says so."""

    def __init__(self, code: CloseCode, reason: str) -> None:
        super().__init__()
        self.code, self.reason = code, reason


class Incoming:
    """Makes messages of what a client sends. Holds at most one of them, and never one that is too long.

    most: bytes of a message. whole: how many messages came to their end."""

    __slots__ = ("_buffer", "_message", "_most", "_opcode", "whole")

    def __init__(self, most: int) -> None:
        self._most = most
        self.whole = 0
        self._buffer = bytearray()
        self._message = bytearray()
        self._opcode: Opcode | None = None
        """Of the message whose last fragment has not come."""

    def feed(self, data: bytes) -> None:
        self._buffer += data

    @property
    def is_unfinished(self) -> bool:
        """Whether there is part of a message, or of a frame."""
        return bool(self._buffer or self._opcode is not None)

    def next(self) -> tuple[Opcode, bytes] | None:
        """A control frame, or a message of one or more frames; None until it is there. Raises `BrokenFrame`."""
        while (frame := self._frame()) is not None:
            opcode, final, payload = frame
            if opcode in _CONTROL:
                return opcode, payload
            if (opcode is Opcode.CONT) is (self._opcode is None):
                raise BrokenFrame(CloseCode.PROTOCOL_ERROR, "A fragment out of turn")
            self._opcode = self._opcode or opcode
            if final and not self._message:
                return self._end(self._opcode), payload
            self._message += payload
            if final:
                message, self._message = bytes(self._message), bytearray()
                return self._end(self._opcode), message
        return None

    def _end(self, opcode: Opcode) -> Opcode:
        self._opcode = None
        self.whole += 1
        return opcode

    def _frame(self) -> tuple[Opcode, bool, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        first, second = buffer[0], buffer[1]
        final, opcode, length, start = bool(first & _FINAL), _OPCODES.get(first & 0x0F), second & 0x7F, 2
        if opcode is None or first & _RESERVED or not second & _MASKED:
            raise BrokenFrame(CloseCode.PROTOCOL_ERROR, "Not a frame of RFC 6455")
        if opcode in _CONTROL and (length > _LONGEST_CONTROL or not final):
            raise BrokenFrame(CloseCode.PROTOCOL_ERROR, "A control frame is short and whole")
        if length > _LONGEST_CONTROL:
            start = 4 if length == 126 else 10
            if len(buffer) < start:
                return None
            length = int.from_bytes(buffer[2:start], "big")
        if length + len(self._message) > self._most:
            raise BrokenFrame(CloseCode.MESSAGE_TOO_BIG, f"A message is at most {self._most} bytes")
        data, end = start + 4, start + 4 + length
        if len(buffer) < end:
            return None
        payload = apply_mask(bytes(buffer[data:end]), bytes(buffer[start:data]))
        del buffer[:end]
        return opcode, final, payload


class TextFrames:
    """Frames `prefix` + result + `}`. What is told to one after the other under the same prefix is framed once."""

    def __init__(self) -> None:
        self._last: tuple[Sequence[bytes], bytes, bytes] = (), b"", b""

    def of(self, prefix: bytes, results: Sequence[bytes]) -> bytes:
        """results: not to be changed afterwards."""
        last_results, last_prefix, framed = self._last
        if results is not last_results or prefix != last_prefix:
            framed = _text_frames(prefix, results)
            self._last = results, prefix, framed
        return framed


def _text_frames(prefix: bytes, results: Sequence[bytes]) -> bytes:
    around = len(prefix) + 1
    parts: list[bytes] = []
    for result in results:
        length = around + len(result)
        # Most are of this length, and there are many of them.
        header = b"\x81~%c%c" % divmod(length, 256) if 125 < length < 65_536 else _header(Opcode.TEXT, length)
        parts += (header, prefix, result, b"}")
    return b"".join(parts)


def frame(opcode: Opcode, payload: bytes) -> bytes:
    return _header(opcode, len(payload)) + payload


def close_frame(code: int, reason: str) -> bytes:
    """reason: at most 123 bytes."""
    return frame(Opcode.CLOSE, Close(code, reason).serialize())


def _header(opcode: Opcode, length: int) -> bytes:
    first = _FINAL | opcode
    if length <= _LONGEST_CONTROL:
        return bytes((first, length))
    if length < 1 << 16:
        return bytes((first, 126)) + length.to_bytes(2, "big")
    return bytes((first, 127)) + length.to_bytes(8, "big")
