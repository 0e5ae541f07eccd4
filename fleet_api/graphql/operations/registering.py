"""What `fleet-api operations` does: documents come into the manifest once they fit the schema."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from fleet_api.graphql.execution.documents import Documents, InvalidDocument
from fleet_api.graphql.operations.manifest import (
    UnusableOperationsError,
    documents_in,
    read_manifest,
    write_manifest,
)
from fleet_api.graphql.schema import schema

_documents = Documents(schema._schema)


def add_operations(manifest: Path, paths: Iterable[Path]) -> tuple[int, int]:
    """All of them or none: how many names are new, and how many there are. Raises `UnusableOperationsError`."""
    registered = read_manifest(manifest) if manifest.exists() else {}
    added = {name: document for path in paths for name, document in documents_in(path).items()}
    for name, document in added.items():
        if registered.get(name, document) != document:
            raise UnusableOperationsError(f"{name} is registered already, with another document.")
    if unfit := list(unfit_operations(added)):
        raise UnusableOperationsError("\n".join(unfit))
    write_manifest(manifest, registered | added)
    return len(added.keys() - registered.keys()), len(registered | added)


def unfit_operations(documents: Mapping[str, str]) -> Iterator[str]:
    """A line for each document that the schema does not know, or no longer."""
    for name, document in documents.items():
        try:
            _documents.kept(document)
        except InvalidDocument as invalid:
            yield f"{name}: {'; '.join(error.message for error in invalid.errors)}"


def described_operations(documents: Mapping[str, str]) -> Iterator[str]:
    """A line for each document: its identifier, and the operations in it."""
    for name, document in sorted(documents.items()):
        try:
            operations = _documents.kept(document)
        except InvalidDocument:
            yield f"{name}  (does not fit the schema)"
        else:
            named = [f"{each.definition.operation.value} {each.name or '(no name)'}" for each in operations]
            yield f"{name}  {', '.join(named)}"
