"""The template itself, and what must hold for every use case that copies it."""

import importlib
import pkgutil
from collections.abc import Iterator

import pytest

import fleet_api
from fleet_api.shared.application.base_interactor import BaseInteractor
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.output_context import (
    ConstraintViolation,
    OutputContext,
    OutputErrorContext,
    OutputSuccessContext,
)
from fleet_api.shared.domain.permission import Permission, Role
from fleet_api.shared.domain.shared_errors import conflict
from fleet_api.shared.domain.text import Text
from fleet_api.shared.domain.viewer import Viewer

_TAKEN = conflict("TAKEN", Text("Taken.", "Ocupado."))


class _Echo(BaseInteractor[str, str]):
    requires = Permission.DRIVERS_READ
    refusals = {"uq_known": _TAKEN}

    async def process(self, dto: str) -> OutputContext[str]:
        if dto.startswith("uq_"):
            raise ConstraintViolation(dto)
        return OutputSuccessContext(dto)


class _WithoutPermission(BaseInteractor[str, str]):
    async def process(self, dto: str) -> OutputContext[str]:
        return OutputSuccessContext(dto)


def _use_cases() -> Iterator[type[BaseInteractor[object, object]]]:
    for module in pkgutil.walk_packages(fleet_api.__path__, "fleet_api."):
        if module.name.endswith("_interactor"):
            importlib.import_module(module.name)
    kinds = [BaseInteractor]
    for kind in kinds:
        kinds += kind.__subclasses__()
        if kind.__module__.startswith("fleet_api.") and not kind.__abstractmethods__:
            yield kind


@pytest.mark.parametrize("use_case", list(_use_cases()), ids=lambda use_case: use_case.__name__)
def test_every_use_case_names_a_permission(use_case: type[BaseInteractor[object, object]]) -> None:
    assert use_case.requires is not None


async def test_a_use_case_without_a_permission_cannot_run() -> None:
    output = await _WithoutPermission().run_async("x", Viewer.system())
    assert isinstance(output, OutputErrorContext)
    assert output.code == "FORBIDDEN"


async def test_a_viewer_without_the_permission_is_refused() -> None:
    output = await _Echo().run_async("x", Viewer("d", Role.DEVICE, new_id()))
    assert isinstance(output, OutputErrorContext)
    assert output.code == "FORBIDDEN"


async def test_a_constraint_becomes_its_refusal_and_an_unknown_one_stays_an_error() -> None:
    assert await _Echo().run_async("uq_known", Viewer.system()) == _TAKEN
    with pytest.raises(ConstraintViolation):
        await _Echo().run_async("uq_other", Viewer.system())


def test_the_output_type_is_found_through_bases() -> None:
    class Louder(_Echo):
        pass

    assert Louder.output_type() is str
