"""What comes through the door: pydantic models that refuse bad input with a typed error."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Generic, Self, TypeVar
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, ModelWrapValidatorHandler, ValidationError, model_validator

from fleet_api.shared.domain.input_errors import refusal_of
from fleet_api.shared.domain.output_context import Refused
from fleet_api.shared.domain.page import PageRequest

K_co = TypeVar("K_co", covariant=True)
A_co = TypeVar("A_co", covariant=True)
F_co = TypeVar("F_co", bound="FilterDto | None", covariant=True)
O_co = TypeVar("O_co", bound="OrderDto | None", covariant=True)


class Value(BaseModel):
    """A part of an input: immutable, hashable, without unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Dto(Value):
    """The input of one use case. Raises `Refused` with the first problem, never pydantic's own error."""

    argument: ClassVar[str] = "input"
    """The GraphQL argument that it comes in: where the paths of its problems start."""

    @model_validator(mode="wrap")
    @classmethod
    def _refuse(cls, data: Any, handler: ModelWrapValidatorHandler[Self]) -> Self:
        try:
            return handler(data)
        except ValidationError as error:
            problem = refusal_of(error, cls.argument)
        # Raised outside the handler so that pydantic's text, which quotes the input, is not chained to it.
        raise Refused(problem)


class CommandDto(Dto):
    idempotency_key: Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\x21-\x7e]+$")] | None = Field(
        None,
        description="Your key for this request (1 to 128 visible ASCII characters). Sent again with the same body, "
        "the first answer is replayed and nothing happens twice.",
    )


class ChangeDto(CommandDto, ABC):
    @property
    @abstractmethod
    def target(self) -> UUID:
        """The id of what is to change."""

    expected_version: Annotated[int, Field(ge=1)] | None = Field(
        None,
        description="The `version` that you read. When somebody changed the thing since, the answer is a Conflict "
        "STALE_VERSION.",
    )


class FilterDto(Dto):
    """Which rows of a list. Every field that is left out or null lets all rows through."""

    argument = "filter"


class OrderDto(Dto):
    """In which order a list comes. The id always breaks ties, so that the order is total."""

    argument = "orderBy"


@dataclass(frozen=True, slots=True)
class Batch(Generic[K_co, A_co]):
    """One question about many keys: the input of every batch interactor."""

    keys: Sequence[K_co]
    asked: A_co


@dataclass(frozen=True, slots=True)
class Listing(Generic[F_co, O_co]):
    """One page of a list: which rows, in which order, and which page of them."""

    page: PageRequest
    filter: F_co | None = None
    order_by: O_co | None = None
