"""The use cases of providers over a fake of their port: no database, no GraphQL."""

from dataclasses import replace

import pytest

from fleet_api.fleet_providers.application.close_fleet_provider_interactor import CloseFleetProviderInteractor
from fleet_api.fleet_providers.application.reactivate_fleet_provider_interactor import ReactivateFleetProviderInteractor
from fleet_api.fleet_providers.application.register_fleet_provider_interactor import RegisterFleetProviderInteractor
from fleet_api.fleet_providers.application.suspend_fleet_provider_interactor import SuspendFleetProviderInteractor
from fleet_api.fleet_providers.application.update_fleet_provider_interactor import UpdateFleetProviderInteractor
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus
from fleet_api.fleet_providers.domain.fleet_provider_dto import (
    FleetProviderChangeDto,
    RegisterFleetProviderDto,
    UpdateFleetProviderDto,
)
from fleet_api.shared.domain.events import Event
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.output_context import OutputErrorContext, OutputSuccessContext
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.domain.viewer import ANONYMOUS, Viewer
from tests.fleet_providers.fakes import FakeFleetProviderRepository, FakeObligations
from tests.shared.fakes import FakeEventPublisher

_OPS = Viewer.system()
_REGISTER = RegisterFleetProviderDto(
    legal_name="Nordlys AS", tax_id="NO1", country_code="NO", currency="NOK", timezone="Europe/Oslo"
)


def _provider(status: FleetProviderStatus = FleetProviderStatus.ACTIVE) -> FleetProvider:
    return replace(FleetProvider.register(_REGISTER, None), status=status)


async def test_a_provider_starts_pending_and_knows_its_ancestors() -> None:
    parent = _provider()
    providers = FakeFleetProviderRepository(parent)
    dto = _REGISTER.model_copy(update={"tax_id": "NO2", "parent_id": parent.id})
    output = await RegisterFleetProviderInteractor(providers, FakeEventPublisher()).run_async(dto, _OPS)
    assert isinstance(output, OutputSuccessContext)
    assert output.data.status is FleetProviderStatus.PENDING
    assert output.data.lineage == [parent.id, output.data.id]
    assert providers.rows[output.data.id] == output.data


async def test_an_unknown_parent_and_a_taken_tax_id_are_refused() -> None:
    interactor = RegisterFleetProviderInteractor(FakeFleetProviderRepository(_provider()), FakeEventPublisher())
    orphan = await interactor.run_async(_REGISTER.model_copy(update={"parent_id": new_id()}), _OPS)
    twin = await interactor.run_async(_REGISTER, _OPS)
    assert isinstance(orphan, OutputErrorContext)
    assert (orphan.code, orphan.field) == ("NOT_FOUND", "input.parentId")
    assert isinstance(twin, OutputErrorContext)
    assert (twin.code, twin.field) == ("TAX_ID_TAKEN", "input.taxId")


@pytest.mark.parametrize("viewer", [ANONYMOUS, Viewer("a", Role.PROVIDER_ADMIN, new_id())])
async def test_only_the_platform_registers_providers(viewer: Viewer) -> None:
    providers = FakeFleetProviderRepository()
    output = await RegisterFleetProviderInteractor(providers, FakeEventPublisher()).run_async(_REGISTER, viewer)
    assert isinstance(output, OutputErrorContext)
    assert output.code == ("UNAUTHENTICATED" if viewer is ANONYMOUS else "FORBIDDEN")
    assert providers.rows == {}


async def test_a_stale_version_is_refused_and_nothing_changes() -> None:
    provider = _provider()
    providers = FakeFleetProviderRepository(provider)
    dto = UpdateFleetProviderDto(fleet_provider_id=provider.id, legal_name="Other AS", expected_version=7)
    output = await UpdateFleetProviderInteractor(providers, FakeEventPublisher()).run_async(dto, _OPS)
    assert isinstance(output, OutputErrorContext)
    assert output.code == "STALE_VERSION"
    assert providers.rows[provider.id] == provider


async def test_every_change_raises_the_version_and_leaves_the_rest() -> None:
    provider = _provider()
    providers = FakeFleetProviderRepository(provider)
    dto = UpdateFleetProviderDto(fleet_provider_id=provider.id, legal_name="Other AS", expected_version=1)
    await UpdateFleetProviderInteractor(providers, FakeEventPublisher()).run_async(dto, _OPS)
    assert providers.rows[provider.id] == replace(provider, legal_name="Other AS", version=2)


@pytest.mark.parametrize("status", FleetProviderStatus)
async def test_only_an_active_provider_can_be_suspended(status: FleetProviderStatus) -> None:
    provider = _provider(status)
    providers = FakeFleetProviderRepository(provider)
    dto = FleetProviderChangeDto(fleet_provider_id=provider.id)
    output = await SuspendFleetProviderInteractor(providers, FakeEventPublisher()).run_async(dto, _OPS)
    if status is FleetProviderStatus.ACTIVE:
        assert providers.rows[provider.id].status is FleetProviderStatus.SUSPENDED
        assert not providers.rows[provider.id].operates
    else:
        assert isinstance(output, OutputErrorContext)
        assert output.code == "ILLEGAL_TRANSITION"


async def test_closing_needs_that_nothing_is_open() -> None:
    """fleet_providers rule 2: each context above says what it still has open; here a vehicle is out."""
    provider = _provider(FleetProviderStatus.SUSPENDED)
    providers, events = FakeFleetProviderRepository(provider), FakeEventPublisher()
    dto = FleetProviderChangeDto(fleet_provider_id=provider.id)
    owing = await CloseFleetProviderInteractor(
        providers, FakeEventPublisher(), [FakeObligations(provider.id)]
    ).run_async(dto, _OPS)
    assert isinstance(owing, OutputErrorContext)
    assert owing.code == "OBLIGATIONS_OPEN"
    await CloseFleetProviderInteractor(providers, events, [FakeObligations()]).run_async(dto, _OPS)
    assert providers.rows[provider.id].status is FleetProviderStatus.CLOSED


async def test_what_becomes_of_a_provider_is_told() -> None:
    providers, events = FakeFleetProviderRepository(), FakeEventPublisher()
    output = await RegisterFleetProviderInteractor(providers, events).run_async(_REGISTER, _OPS)
    assert isinstance(output, OutputSuccessContext)
    id = output.data.id
    dto = FleetProviderChangeDto(fleet_provider_id=id)
    await ReactivateFleetProviderInteractor(providers, events).run_async(dto, _OPS)
    renamed = UpdateFleetProviderDto(fleet_provider_id=id, legal_name="Other AS", timezone="Europe/Oslo")
    for _ in range(2):  # the second time nothing differs
        await UpdateFleetProviderInteractor(providers, events).run_async(renamed, _OPS)
    await SuspendFleetProviderInteractor(providers, events).run_async(dto, _OPS)
    await SuspendFleetProviderInteractor(providers, events).run_async(dto, _OPS)  # refused
    await CloseFleetProviderInteractor(providers, events, []).run_async(dto, _OPS)
    assert events.told == [
        Event("FLEET_PROVIDER_REGISTERED", id, id, None, "PENDING"),
        Event("FLEET_PROVIDER_STATUS_CHANGED", id, id, "PENDING", "ACTIVE"),
        Event("FLEET_PROVIDER_UPDATED", id, id, changed=("legalName",)),
        Event("FLEET_PROVIDER_STATUS_CHANGED", id, id, "ACTIVE", "SUSPENDED"),
        Event("FLEET_PROVIDER_STATUS_CHANGED", id, id, "SUSPENDED", "CLOSED"),
    ]
