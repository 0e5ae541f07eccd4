"""Every refusal of this context."""

from collections.abc import Mapping

from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.shared_errors import conflict, invalid_input, not_found
from fleet_api.shared.domain.text import Text


def unknown_parent() -> OutputErrorContext:
    return not_found("input.parentId")


def unknown_fleet_provider() -> OutputErrorContext:
    return not_found("input.fleetProviderId")


def provider_needed() -> OutputErrorContext:
    return invalid_input(
        "PROVIDER_NEEDED",
        Text("Say which fleet provider this is for.", "Indique para qué proveedor es."),
        "input.fleetProviderId",
    )


def tax_id_taken() -> OutputErrorContext:
    return conflict(
        "TAX_ID_TAKEN",
        Text(
            "A provider with this tax id is already registered in that country.",
            "Ya hay un proveedor con este número fiscal en ese país.",
        ),
        "input.taxId",
    )


def provider_not_operating(status: str) -> OutputErrorContext:
    return conflict(
        "PROVIDER_NOT_OPERATING",
        Text(f"The fleet provider is {status}.", f"El proveedor está en estado {status}."),
        description=Text(
            "Only an ACTIVE provider's drivers and vehicles can start something new.",
            "Solo con un proveedor ACTIVE se puede empezar algo nuevo.",
        ),
    )


def obligations_open(what: Text) -> OutputErrorContext:
    return conflict(
        "OBLIGATIONS_OPEN",
        Text("The provider still has open business.", "El proveedor aún tiene asuntos abiertos."),
        description=what,
    )


FLEET_PROVIDER_REFUSALS: Mapping[str, OutputErrorContext] = {
    "uq_fleet_providers_country_code_tax_id": tax_id_taken(),
}
