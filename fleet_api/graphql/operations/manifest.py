"""The file of registered documents: one JSON object, from identifier to text."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import orjson

from fleet_api.graphql.operations.operations import identifier_of

_SHA256 = re.compile("[0-9a-f]{64}")
# What the specification lets a name of one's own consist of; relay-compiler's are hexadecimal.
_OWN_NAME = re.compile(r"(x-[\w.~-]+:)?[\w.~-]+", re.ASCII)
_DOCUMENTS = {".graphql", ".gql"}


class UnusableOperationsError(Exception):
    """Its text says which file, and why."""


def read_manifest(path: Path) -> dict[str, str]:
    """Raises `UnusableOperationsError`, also where a document is not the one that its identifier names."""
    return _registered(path, _read_json(path))


def write_manifest(path: Path, documents: Mapping[str, str]) -> None:
    try:
        path.write_bytes(orjson.dumps(documents, option=orjson.OPT_INDENT_2 | orjson.OPT_SORT_KEYS) + b"\n")
    except OSError as error:
        raise UnusableOperationsError(f"{path} cannot be written: {error.strerror}.") from None


def documents_in(path: Path) -> dict[str, str]:
    """Of a .graphql file, of a folder of them, or of a JSON object from name to text, as relay-compiler writes it.
    Raises `UnusableOperationsError`."""
    if path.is_dir():
        files = sorted(file for file in path.rglob("*") if file.suffix in _DOCUMENTS)
        return {name: document for file in files for name, document in documents_in(file).items()}
    if path.suffix in _DOCUMENTS:
        document = _read(path)
        return {identifier_of(document): document}
    return _registered(path, _read_json(path))


def _registered(path: Path, documents: Any) -> dict[str, str]:
    """Each by its SHA-256 and, if it had another name, by that too."""
    if not isinstance(documents, dict) or not all(isinstance(text, str) for text in documents.values()):
        raise UnusableOperationsError(f"{path} is no JSON object from identifier to document.")
    registered: dict[str, str] = {}
    for name, document in documents.items():
        identifier = identifier_of(document)
        digest = name.removeprefix("sha256:")
        registered[identifier] = document
        if _SHA256.fullmatch(digest):
            if identifier != f"sha256:{digest}":
                raise UnusableOperationsError(f"{path}: the document of {name} has another SHA-256.")
        elif _OWN_NAME.fullmatch(name):
            registered[name] = document
        else:
            raise UnusableOperationsError(f"{path}: {name!r} is no name for a document.")
    return registered


def _read_json(path: Path) -> Any:
    try:
        return orjson.loads(_read(path))
    except orjson.JSONDecodeError:
        raise UnusableOperationsError(f"{path} is not JSON.") from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise UnusableOperationsError(f"{path} cannot be read: {why}.") from None
