"""From JSON to a request, the same way for every transport."""

import re
from typing import Any

import orjson

from fleet_api.graphql.graphql_request import GraphQLRequest, NotARequest
from fleet_api.graphql.json_depth import is_deeper
from fleet_api.graphql.operations.operations import Operations
from fleet_api.shared.domain.text import Text

_SHA256 = re.compile("[0-9a-f]{64}")


class RequestReader:
    """operations: the documents that clients may name. max_json_depth: levels of objects and lists."""

    def __init__(self, operations: Operations, max_json_depth: int) -> None:
        self._operations = operations
        self._max_json_depth = max_json_depth

    def json(self, text: bytes | str) -> Any:
        """Raises `NotARequest`. orjson refuses lone surrogates, endless digits and nesting without end."""
        try:
            read = orjson.loads(text)
        except orjson.JSONDecodeError:
            raise _not_json() from None
        brackets = text.count(b"{") + text.count(b"[") if isinstance(text, bytes) else text.count("{") + text.count("[")
        if brackets > self._max_json_depth and is_deeper(read, self._max_json_depth, brackets):
            raise _too_deep(self._max_json_depth)
        return read

    def request_of(self, fields: Any) -> GraphQLRequest:
        """fields: as they came; those that we do not know are no matter. Raises `NotARequest` for what is not a
        well-formed GraphQL request, and `Refused` for a document that may not run."""
        if not isinstance(fields, dict):
            raise _batch() if isinstance(fields, list) else _not_an_object()
        query, variables, name = fields.get("query"), fields.get("variables"), fields.get("operationName")
        extensions, document_id = fields.get("extensions"), fields.get("documentId")
        if not isinstance(variables, dict | None) or not isinstance(name, str | None):
            raise _wrong_types()
        if extensions is not None or document_id is not None:
            document_id = _document_id(extensions, document_id)
        if (query is not None or document_id is None) and not (isinstance(query, str) and query.strip()):
            raise _no_document()
        return GraphQLRequest(self._operations.document(query, document_id), variables, name or None)


def _document_id(extensions: Any, document_id: Any) -> str | None:
    """By our name for it or, in Apollo's spelling, by its hash."""
    if not isinstance(extensions, dict | None):
        raise _wrong_types()
    if not isinstance(document_id, str | None) or document_id == "":
        raise _no_identifier()
    persisted = (extensions or {}).get("persistedQuery")
    if document_id is not None or persisted is None:
        return document_id
    digest = persisted.get("sha256Hash") if isinstance(persisted, dict) and persisted.get("version") == 1 else None
    if not isinstance(digest, str) or not _SHA256.fullmatch(digest):
        raise _no_identifier()
    return f"sha256:{digest}"


def _not_json() -> NotARequest:
    return NotARequest(Text("This is not JSON in UTF-8.", "Esto no es JSON en UTF-8."))


def _too_deep(most: int) -> NotARequest:
    return NotARequest(
        Text(f"JSON nests at most {most} deep.", f"El JSON se anida como máximo {most} veces."), code="JSON_TOO_DEEP"
    )


def _batch() -> NotARequest:
    return NotARequest(
        Text("One request at a time: a list of them is not taken.", "Una petición cada vez: no se acepta una lista."),
        Text(
            "Ask for several things in one document, or send several requests on one connection.",
            "Pida varias cosas en un documento, o envíe varias peticiones por una conexión.",
        ),
        "BATCHING_NOT_SUPPORTED",
    )


def _not_an_object() -> NotARequest:
    return NotARequest(Text("Send one JSON object with a `query`.", "Envíe un objeto JSON con una `query`."))


def _no_document() -> NotARequest:
    return NotARequest(
        Text("The field `query` must be a GraphQL document.", "El campo `query` debe ser un documento GraphQL.")
    )


def _wrong_types() -> NotARequest:
    return NotARequest(
        Text(
            "`variables` and `extensions` must be objects, and `operationName` a string.",
            "`variables` y `extensions` deben ser objetos, y `operationName` una cadena.",
        )
    )


def _no_identifier() -> NotARequest:
    return NotARequest(
        Text(
            "A `documentId` is text, and a `persistedQuery` of version 1 has a `sha256Hash`.",
            "Un `documentId` es texto, y una `persistedQuery` de versión 1 tiene un `sha256Hash`.",
        ),
        Text(
            "Name a document sha256:<64 hexadecimal digits>.", "Nombre un documento sha256:<64 dígitos hexadecimales>."
        ),
    )
