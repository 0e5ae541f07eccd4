"""Which documents clients may name, and whether they may bring their own."""

import hashlib
import re
from collections.abc import Mapping

from fleet_api.graphql.operations.automatic_operations import AutomaticOperations
from fleet_api.graphql.operations.operation_errors import (
    document_mismatch,
    not_registered,
    persisted_query_not_found,
    persisted_query_not_supported,
)
from fleet_api.shared.domain.output_context import Refused

_PREFIX = "sha256:"
_NAME = re.compile(r"\b(?:query|mutation|subscription)\s+([_A-Za-z]\w*)")


def identifier_of(document: str) -> str:
    """The name that GraphQL over HTTP has for it: of its text in UTF-8, to the last blank."""
    return _PREFIX + hashlib.sha256(document.encode()).hexdigest()


class Operations:
    """registered: documents by identifier. only: nothing else runs. automatic: where others are kept that came with
    their hash; None to keep none. names: of the operations that are registered."""

    def __init__(
        self, registered: Mapping[str, str], *, only: bool = False, automatic: AutomaticOperations | None = None
    ) -> None:
        self._registered = registered
        self.names = frozenset(name for document in registered.values() for name in _NAME.findall(document))
        self._allowed = frozenset(registered.values()) if only else None
        self._automatic = automatic

    def document(self, given: str | None, identifier: str | None) -> str:
        """The text of what was given, named, or both. Raises `Refused`."""
        if identifier is not None:
            given = self._named(identifier) if given is None else self._learnt(given, identifier)
        assert given is not None  # noqa: S101 - who reads requests lets none through that has neither
        if self._allowed is not None and given not in self._allowed:
            raise Refused(not_registered())
        return given

    def _named(self, identifier: str) -> str:
        found = self._registered.get(identifier)
        if found is None and self._automatic is not None:
            found = self._automatic.get(identifier)
        if found is None:
            is_supported = self._registered or self._automatic is not None
            raise Refused(persisted_query_not_found() if is_supported else persisted_query_not_supported())
        return found

    def _learnt(self, given: str, identifier: str) -> str:
        known = self._registered.get(identifier)
        if known is None and identifier.startswith(_PREFIX):
            if identifier != identifier_of(given):
                raise Refused(document_mismatch())
            if self._automatic is not None:
                self._automatic.keep(identifier, given)
        elif known is not None and known != given:
            raise Refused(document_mismatch())
        return given
