"""The template of every use case: permission, then validate, then process."""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Literal, TypeVar, get_args

from fleet_api.shared.domain.output_context import (
    ConstraintViolation,
    OutputContext,
    OutputErrorContext,
)
from fleet_api.shared.domain.permission import Permission
from fleet_api.shared.domain.shared_errors import forbidden, unauthenticated
from fleet_api.shared.domain.viewer import Viewer

I_contra = TypeVar("I_contra", contravariant=True)
O_co = TypeVar("O_co", covariant=True)


class BaseInteractor(ABC, Generic[I_contra, O_co]):
    """One use case. It neither opens nor commits anything: its caller gives it one unit of work and ends that."""

    requires: ClassVar[Permission | None] = None
    """Nobody may run a use case that names no permission."""

    refusals: ClassVar[Mapping[str, OutputErrorContext]] = {}
    """What to tell the client when the database refuses a row, by the constraint's name."""

    commits_refusals: ClassVar[bool] = False
    """True where a refusal is itself a fact to keep, such as a failed login."""

    async def run_async(self, dto: I_contra, viewer: Viewer) -> OutputContext[O_co]:
        if self.requires is None or not viewer.may(self.requires):
            return unauthenticated() if viewer.role is None else forbidden()
        try:
            valid = await self.validate(dto)
            return await self.process(dto) if valid is True else valid
        except ConstraintViolation as violation:
            if violation.constraint in self.refusals:
                return self.refusals[violation.constraint]
            raise

    async def validate(self, dto: I_contra) -> Literal[True] | OutputErrorContext:
        """Asks about the world around the thing. The default has nothing to ask."""
        return True

    @abstractmethod
    async def process(self, dto: I_contra) -> OutputContext[O_co]:
        """Decides what depends on the thing that it holds, and does it."""

    @classmethod
    def output_type(cls) -> Any:
        """What the class or a base of it names: `BaseInteractor[RegisterVehicleDto, Vehicle]` gives `Vehicle`."""
        bases = (base for kind in cls.__mro__ for base in kind.__dict__.get("__orig_bases__", ()))
        named = (get_args(base)[-1] for base in bases if len(get_args(base)) > 1)
        return next(output for output in named if not isinstance(output, TypeVar))
