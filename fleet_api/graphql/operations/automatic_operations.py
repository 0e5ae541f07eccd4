"""Documents that came with their hash, for the next time. For development: any stranger may fill it."""

from collections import OrderedDict

MOST_DOCUMENTS = 1_000
MOST_BYTES = 4 * 1024 * 1024


class AutomaticOperations:
    """Keeps what was used last."""

    def __init__(self, most_documents: int = MOST_DOCUMENTS, most_bytes: int = MOST_BYTES) -> None:
        self._most_documents, self._most_bytes = most_documents, most_bytes
        self._documents: OrderedDict[str, str] = OrderedDict()
        self._bytes = 0

    def get(self, identifier: str) -> str | None:
        document = self._documents.get(identifier)
        if document is not None:
            self._documents.move_to_end(identifier)
        return document

    def keep(self, identifier: str, document: str) -> None:
        if identifier in self._documents:
            self._documents.move_to_end(identifier)
            return
        self._documents[identifier] = document
        self._bytes += len(document.encode())
        while len(self._documents) > self._most_documents or self._bytes > self._most_bytes:
            _, forgotten = self._documents.popitem(last=False)
            self._bytes -= len(forgotten.encode())
