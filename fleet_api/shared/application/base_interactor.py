"""The template of every use case: permission, then validate, then process."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar, Generic, Literal, TypeVar, get_args

from fleet_api.shared.domain.deed import Deed
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

_BEFORE_A_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")


class BaseInteractor(ABC, Generic[I_contra, O_co]):
    """One use case. It neither opens nor commits anything: its caller gives it one unit of work and ends that."""

    requires: ClassVar[Permission | None] = None
    """Nobody may run a use case that names no permission."""

    refusals: ClassVar[Mapping[str, OutputErrorContext]] = {}
    """What to tell the client when the database refuses a row, by the constraint's name."""

    commits_refusals: ClassVar[bool] = False
    """True where a refusal is itself a fact to keep, such as a failed login."""

    is_deed: ClassVar[bool] = True
    """False for what nobody is answerable for, such as a measurement: it leaves nothing in the audit trail."""

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

    def deed(self, dto: I_contra, output: OutputContext[Any]) -> Deed:
        """What it did to what, for the audit trail: to what it answers, unless it says more."""
        return Deed() if isinstance(output, OutputErrorContext) else Deed.to(output.data)

    @classmethod
    def action(cls) -> str:
        """Its name, as mutations are named, in capitals: `SuspendDriverInteractor` gives `SUSPEND_DRIVER`."""
        return _BEFORE_A_CAPITAL.sub("_", cls.__name__.removesuffix("Interactor")).upper()

    @classmethod
    def output_type(cls) -> Any:
        """What the class or a base of it names: `BaseInteractor[RegisterVehicleDto, Vehicle]` gives `Vehicle`."""
        return cls._named(-1)

    @classmethod
    def _named(cls, place: int) -> Any:
        """The type that stands there between the brackets of the class or of a base of it."""
        bases = (base for kind in cls.__mro__ for base in kind.__dict__.get("__orig_bases__", ()))
        named = (get_args(base)[place] for base in bases if len(get_args(base)) > 1)
        return next(each for each in named if not isinstance(each, TypeVar))
