"""The only road from a repository to the database. It adds to every statement which rows the viewer may touch,
so that no query can forget it: repositories never write tenancy, and nothing else gives them a connection."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from sqlalchemy import Executable
from sqlalchemy.exc import IntegrityError

from fleet_api.shared.domain.output_context import ConstraintViolation
from fleet_api.shared.domain.viewer import Viewer
from fleet_api.shared.infrastructure.connections import Connection
from fleet_api.shared.infrastructure.prepared import Prepared
from fleet_api.shared.infrastructure.sight import Sight, reach_of, scoped

Wanted = Mapping[type[Any] | None, Set[str]]
"""Of entities of some classes, the only fields that somebody will look at: the others need not be read."""


class TenantConnection:
    """One connection, as one viewer sees the database."""

    def __init__(self, connection: Connection, viewer: Viewer, wanted: Wanted | None = None) -> None:
        self._connection = connection
        self._viewer = viewer
        self._wanted = wanted or {}

    async def read(self, prepared: Prepared, **values: Any) -> Sequence[Any]:
        """What the statement finds, with these values for its parameters."""
        viewer = self._viewer
        form = prepared.form(reach_of(viewer), self._wanted.get(prepared.entity))
        values["viewer_provider"], values["viewer_driver"] = viewer.provider_id, viewer.driver_id
        return form.make(await self._connection.fetch(form.sql, form.arguments(values)))

    async def write(self, prepared: Prepared, **values: Any) -> Sequence[Any]:
        """The same of a statement that writes: what it returns. Raises `ConstraintViolation`."""
        try:
            return await self.read(prepared, **values)
        except IntegrityError as error:
            raise ConstraintViolation(_constraint(error)) from error

    async def rows(self, statement: Executable) -> Sequence[Any]:
        """The rows of a statement that is written anew for its values: within a transaction only."""
        return (await self._connection.execute(scoped(statement, Sight.of(self._viewer)))).all()

    async def row(self, statement: Executable) -> Any:
        return (await self._connection.execute(scoped(statement, Sight.of(self._viewer)))).first()

    async def execute(self, statement: Executable, rows: Sequence[Mapping[str, Any]] | None = None) -> int:
        """Writes, and answers how many rows it touched. Raises `ConstraintViolation` for a row that a rule refuses."""
        try:
            result = await self._connection.execute(scoped(statement, Sight.of(self._viewer)), rows)
        except IntegrityError as error:
            raise ConstraintViolation(_constraint(error)) from error
        return int(result.rowcount)


def _constraint(error: IntegrityError) -> str:
    cause = getattr(error.orig, "__cause__", None)
    return getattr(cause, "constraint_name", None) or "unnamed"
