"""What a use case answers: the thing, or one typed refusal."""

from dataclasses import dataclass
from typing import Generic, TypeVar

from fleet_api.shared.domain.text import Text

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class OutputSuccessContext(Generic[T_co]):
    data: T_co


@dataclass(frozen=True, slots=True)
class OutputErrorContext:
    """A refusal that its reader can act on.

    http_status: 400 bad input, 401 unknown caller, 403 not allowed, 404 not found, 409 conflict, 429 too often,
    503 unavailable. code: stable, never translated. field: path of the input at fault, in the client's spelling.
    retry_after: seconds after which it is worth another try, where that is known.
    """

    http_status: int
    code: str
    message: Text
    description: Text | None = None
    field: str | None = None
    retry_after: int | None = None


OutputContext = OutputSuccessContext[T_co] | OutputErrorContext


class Refused(Exception):
    """Carries a refusal through code that can only raise: input validation, and queries without an error union."""

    def __init__(self, refusal: OutputErrorContext) -> None:
        super().__init__(refusal.code)
        self.refusal = refusal


class ConstraintViolation(Exception):
    """The database, the last judge, refused a row. `constraint` names the rule that it broke."""

    def __init__(self, constraint: str) -> None:
        super().__init__(constraint)
        self.constraint = constraint
