"""Frames against the websockets library's own, however the network cuts them."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import Close, CloseCode, Frame, Opcode
from websockets.streams import StreamReader

from fleet_api.graphql.transport.frames import (
    BrokenFrame,
    Incoming,
    TextFrames,
    close_frame,
    frame,
)

MAX_MESSAGE_BYTES = 256 * 1024


def sent(opcode: Opcode, payload: bytes, *, final: bool = True) -> bytes:
    return Frame(opcode, payload, final).serialize(mask=True)


def heard(incoming: Incoming, data: bytes) -> list[tuple[Opcode, bytes]]:
    incoming.feed(data)
    messages = []
    while message := incoming.next():
        messages.append(message)
    return messages


def parsed(data: bytes) -> list[Frame]:
    """By the library, as a client reads."""
    reader = StreamReader()
    reader.feed_data(data)
    frames = []
    while reader.buffer:
        parsing = Frame.parse(reader.read_exact, mask=False)
        with pytest.raises(StopIteration) as done:
            next(parsing)
        frames.append(done.value.value)
    return frames


@given(
    st.lists(st.tuples(st.sampled_from([Opcode.TEXT, Opcode.BINARY, Opcode.PING]), st.binary(max_size=125))), st.data()
)
def test_messages_come_whole_however_they_were_cut(messages: list[tuple[Opcode, bytes]], data: st.DataObject) -> None:
    stream = b"".join(sent(*message) for message in messages)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(stream)), max_size=10)))
    incoming, seen = Incoming(MAX_MESSAGE_BYTES), []
    for start, end in pairwise([0, *cuts, len(stream)]):
        seen += heard(incoming, stream[start:end])
    assert seen == messages


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=10))
def test_fragments_become_one_message_and_a_ping_may_come_between(parts: list[bytes]) -> None:
    first, *others = parts
    stream = sent(Opcode.TEXT, first, final=not others)
    for number, part in enumerate(others, 1):
        stream += sent(Opcode.PING, b"?") + sent(Opcode.CONT, part, final=number == len(others))
    assert heard(Incoming(MAX_MESSAGE_BYTES), stream) == [(Opcode.PING, b"?")] * len(others) + [
        (Opcode.TEXT, b"".join(parts))
    ]


@pytest.mark.parametrize("length", [0, 1, 125, 126, 65_535, 65_536, MAX_MESSAGE_BYTES])
def test_a_message_may_have_any_length_up_to_the_longest(length: int) -> None:
    assert heard(Incoming(MAX_MESSAGE_BYTES), sent(Opcode.TEXT, b"x" * length)) == [(Opcode.TEXT, b"x" * length)]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (sent(Opcode.TEXT, b"x" * (MAX_MESSAGE_BYTES + 1))[:10], CloseCode.MESSAGE_TOO_BIG),
        (b"\x81\xff" + b"\xff" * 8, CloseCode.MESSAGE_TOO_BIG),
        (
            sent(Opcode.TEXT, b"x" * MAX_MESSAGE_BYTES, final=False) + sent(Opcode.CONT, b"x"),
            CloseCode.MESSAGE_TOO_BIG,
        ),
        (sent(Opcode.CONT, b"x"), CloseCode.PROTOCOL_ERROR),
        (sent(Opcode.TEXT, b"x", final=False) + sent(Opcode.TEXT, b"x"), CloseCode.PROTOCOL_ERROR),
        (b"\x89\xfe\x00\x7e", CloseCode.PROTOCOL_ERROR),
        (b"\x09\x80", CloseCode.PROTOCOL_ERROR),
        (b"\xc1\x80", CloseCode.PROTOCOL_ERROR),
        (b"\x83\x80", CloseCode.PROTOCOL_ERROR),
        (b"\x81\x01", CloseCode.PROTOCOL_ERROR),
    ],
)
def test_what_breaks_the_protocol_is_known_by_its_header(data: bytes, code: CloseCode) -> None:
    with pytest.raises(BrokenFrame) as broken:
        heard(Incoming(MAX_MESSAGE_BYTES), data)
    assert broken.value.code is code


@pytest.mark.parametrize("length", [0, 117, 118, 119, 65_527, 65_528, 65_529])
def test_results_leave_as_one_frame_each(length: int) -> None:
    results = [b"x" * length, b"{}"]
    assert parsed(TextFrames().of(b"prefix: ", results)) == [
        Frame(Opcode.TEXT, b"prefix: " + result + b"}") for result in results
    ]


def test_control_frames_are_those_of_the_library() -> None:
    assert parsed(frame(Opcode.PING, b"abc")) == [Frame(Opcode.PING, b"abc")]
    (closing,) = parsed(close_frame(4408, "Too slow"))
    assert Close.parse(closing.data) == Close(4408, "Too slow")
