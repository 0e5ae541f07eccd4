"""Mutations take one argument, `input`."""

from collections.abc import Callable
from typing import Any

import strawberry
from strawberry.extensions import FieldExtension
from strawberry.types import get_object_definition
from strawberry.types.field import StrawberryField


class DescribedInput(FieldExtension):
    def apply(self, field: StrawberryField) -> None:
        for argument in field.arguments:
            argument.description = get_object_definition(argument.type, strict=True).description

    async def resolve_async(
        self, next_: Callable[..., Any], source: Any, info: strawberry.Info, **arguments: Any
    ) -> Any:
        return await next_(source, info, **arguments)


def mutation(description: str) -> Any:
    return strawberry.mutation(description=description, extensions=[DescribedInput()])
