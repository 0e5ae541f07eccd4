"""uvicorn's side of a request: an answer in one piece leaves in one write, which wakes its reader once."""

from typing import Any

from uvicorn.protocols.http.httptools_impl import STATUS_LINE, RequestResponseCycle

_LINE = b"%b: %b\r\n"
_TEXT = b"\t" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))


class Cycle(RequestResponseCycle):
    """Keeps the head of an answer until there is some of its body, as ASGI wants it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._head: Any = None

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start" and not self.response_started:
            self._head = message
            return
        head, self._head = self._head, None
        if head is not None:
            if self._is_whole(head, message) and self._leaves(head, message.get("body", b"")):
                return
            await super().send(head)
        await super().send(message)

    def _is_whole(self, head: Any, message: Any) -> bool:
        has_its_length = (b"content-length", b"%d" % len(message.get("body", b""))) in head["headers"]
        is_free = not self.flow.write_paused and not self.disconnected and self.keep_alive
        return has_its_length and is_free and not message.get("more_body") and self.scope["method"] != "HEAD"

    def _leaves(self, head: Any, body: bytes) -> bool:
        """False for what uvicorn has to look at: what else a header says of the connection or the body, and what no
        header may hold. As ASGI wants it, names are in lower case."""
        headers = self.default_headers + head["headers"]
        lines = b"".join([_LINE % pair for pair in headers])
        if b"\nconnection:" in lines or b"\ntransfer-encoding:" in lines:
            return False
        if lines.translate(None, _TEXT) != b"\r\n" * len(headers):
            return False
        self.response_started = self.response_complete = True
        self.waiting_for_100_continue = False
        self.transport.writelines((STATUS_LINE[head["status"]] + lines + b"\r\n", body))
        self.message_event.set()
        self.on_response()
        return True
