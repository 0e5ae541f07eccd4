"""Refusals as GraphQL shows them: an error type of a mutation's union, or an error of a query with a stable code."""

from typing import Any, TypeVar

import strawberry
from strawberry.types.field import StrawberryField

from fleet_api.shared.domain.output_context import OutputContext, OutputErrorContext, Refused
from fleet_api.shared.domain.text import Language
from fleet_api.shared.infrastructure.work import note_refusal

T = TypeVar("T")


@strawberry.interface(name="Error", description="A refusal that you can act on. Every mutation may answer one.")
class ErrorType:
    code: str = strawberry.field(description="Stable code for programs, never translated, such as `VIN_TAKEN`.")
    http_status: int = strawberry.field(description="The HTTP status that says the same.")
    message: str = strawberry.field(description="What is wrong, for people, in the language of `Accept-Language`.")
    description: str | None = strawberry.field(description="What to do about it, in the same language.")
    field: str | None = strawberry.field(description="Path of the input at fault, such as `input.vin`.")


@strawberry.type(description="Something that you sent cannot be right.")
class InvalidInput(ErrorType):
    pass


@strawberry.type(description="There is no such thing, or you may not see it: the two are never told apart.")
class NotFound(ErrorType):
    pass


@strawberry.type(description="What you sent is well-formed, but the world stands in its way.")
class Conflict(ErrorType):
    pass


@strawberry.type(description="You are not signed in, or your role may not do this.")
class Forbidden(ErrorType):
    pass


@strawberry.type(description="The service cannot do this now; trying again later may work. `code` says more.")
class Unavailable(ErrorType):
    retry_after: int | None = strawberry.field(
        description="Seconds after which it is worth another try; null where nobody knows."
    )


Refusal = InvalidInput | NotFound | Conflict | Forbidden | Unavailable
"""What every mutation's union holds beside the thing itself."""

_TYPES: dict[int, type[ErrorType]] = {
    400: InvalidInput,
    401: Forbidden,
    403: Forbidden,
    404: NotFound,
    409: Conflict,
    429: Unavailable,
    503: Unavailable,
}


def extensions_of(refusal: OutputErrorContext, language: Language) -> dict[str, Any]:
    """What the error types hold, but for the message: for where no union can carry a refusal."""
    return {
        "code": refusal.code,
        "httpStatus": refusal.http_status,
        "description": refusal.description.in_language(language) if refusal.description else None,
        "field": refusal.field,
        **({} if refusal.retry_after is None else {"retryAfter": refusal.retry_after}),
    }


def present(output: OutputContext[T], info: "strawberry.Info[Any, None]") -> Any:
    """A mutation's answer: the thing itself, or its refusal in the viewer's language."""
    return refused(output, info.context.language) if isinstance(output, OutputErrorContext) else output.data


def refused(refusal: OutputErrorContext, language: Language) -> ErrorType:
    """Raises `Refused` for what no type of the union says, such as INTERNAL_ERROR."""
    if refusal.http_status not in _TYPES:
        raise Refused(refusal)
    note_refusal(refusal.code)
    kind = _TYPES[refusal.http_status]
    more = {"retry_after": refusal.retry_after} if kind is Unavailable else {}
    return kind(
        code=refusal.code,
        http_status=refusal.http_status,
        message=refusal.message.in_language(language),
        description=refusal.description.in_language(language) if refusal.description else None,
        field=refusal.field,
        **more,
    )


class RefusedInputHandler(strawberry.ExceptionHandler[Refused, InvalidInput]):
    """An input that its DTO refused becomes the mutation's typed error."""

    def handle(self, exception: Refused, *, field: StrawberryField, info: "strawberry.Info[Any, None]") -> InvalidInput:
        return refused(exception.refusal, info.context.language)  # type: ignore[return-value]
