"""What `fleet-api operations` does: documents come into the manifest once they fit the schema."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from fleet_api.graphql.execution.documents import Documents, InvalidDocument, Operation
from fleet_api.graphql.limits.limits import Limits
from fleet_api.graphql.limits.scan import scan
from fleet_api.graphql.operations.manifest import (
    UnusableOperationsError,
    documents_in,
    read_manifest,
    write_manifest,
)
from fleet_api.graphql.schema import schema
from fleet_api.shared.domain.output_context import Refused


class Registering:
    """manifest: where they are registered. limits: what a document keeps to, or it would never run."""

    def __init__(self, manifest: Path, limits: Limits) -> None:
        self._manifest = manifest
        self._limits = limits
        self._documents = Documents(schema._schema, limits.depth)

    def add(self, paths: Iterable[Path]) -> tuple[int, int]:
        """All of them or none: how many names are new, and how many there are. Raises `UnusableOperationsError`."""
        registered = read_manifest(self._manifest) if self._manifest.exists() else {}
        added = {name: document for path in paths for name, document in documents_in(path).items()}
        for name, document in added.items():
            if registered.get(name, document) != document:
                raise UnusableOperationsError(f"{name} is registered already, with another document.")
        if unfit := list(self._unfit(added)):
            raise UnusableOperationsError("\n".join(unfit))
        write_manifest(self._manifest, registered | added)
        return len(added.keys() - registered.keys()), len(registered | added)

    def check(self) -> None:
        """Raises `UnusableOperationsError` with a line for each document that does not fit, or no longer."""
        if unfit := list(self._unfit(read_manifest(self._manifest))):
            raise UnusableOperationsError("\n".join(unfit))

    def described(self) -> Iterator[str]:
        """A line for each document: its identifier, and the operations in it. Raises `UnusableOperationsError`."""
        for name, document in sorted(read_manifest(self._manifest).items()):
            operations = self._operations(document)
            if isinstance(operations, str):
                yield f"{name}  (does not fit: {operations})"
            else:
                named = [f"{each.definition.operation.value} {each.name or '(no name)'}" for each in operations]
                yield f"{name}  {', '.join(named)}"

    def _unfit(self, documents: Mapping[str, str]) -> Iterator[str]:
        for name, document in documents.items():
            operations = self._operations(document)
            if isinstance(operations, str):
                yield f"{name}: {operations}"

    def _operations(self, document: str) -> Sequence[Operation] | str:
        """Or why there are none that would run."""
        try:
            scan(document, self._limits)
            return self._documents.read(document).operations
        except InvalidDocument as invalid:
            return "; ".join(error.message for error in invalid.errors)
        except Refused as refused:
            return refused.refusal.message.en
