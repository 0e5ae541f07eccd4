"""Every refusal of this context."""

from collections.abc import Mapping
from math import ceil

from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.shared_errors import conflict, invalid_input, not_found
from fleet_api.shared.domain.text import Text


def unknown_driver() -> OutputErrorContext:
    return not_found("input.driverId")


def phone_taken() -> OutputErrorContext:
    return conflict(
        "PHONE_TAKEN",
        Text(
            "Another driver of this provider has this phone.", "Otro conductor de este proveedor tiene este teléfono."
        ),
        "input.phone",
    )


def email_taken() -> OutputErrorContext:
    return conflict(
        "EMAIL_TAKEN",
        Text("Another driver of this provider has this e-mail.", "Otro conductor de este proveedor tiene este correo."),
        "input.email",
    )


def licence_expired() -> OutputErrorContext:
    return conflict(
        "LICENCE_EXPIRED",
        Text("The driving licence has expired.", "El permiso de conducir ha caducado."),
        description=Text("Update the licence first.", "Actualice antes el permiso."),
    )


def invalid_credentials() -> OutputErrorContext:
    """The same for an unknown phone, a wrong password and a driver who may not sign in."""
    return OutputErrorContext(
        401,
        "INVALID_CREDENTIALS",
        Text("Phone and password do not fit.", "El teléfono y la contraseña no coinciden."),
    )


def several_providers() -> OutputErrorContext:
    """Only told to who gave the right password."""
    return invalid_input(
        "PROVIDER_NEEDED",
        Text("You work for several providers: say for which.", "Trabaja para varios proveedores: indique cuál."),
        "input.fleetProviderId",
    )


def too_many_attempts(wait_s: int) -> OutputErrorContext:
    minutes = ceil(wait_s / 60)
    return OutputErrorContext(
        429,
        "TOO_MANY_ATTEMPTS",
        Text("There were too many failed logins.", "Ha habido demasiados intentos fallidos."),
        Text(f"Try again in {minutes} min.", f"Inténtelo de nuevo en {minutes} min."),
        retry_after=wait_s,
    )


def invalid_refresh_token() -> OutputErrorContext:
    return OutputErrorContext(
        401,
        "INVALID_REFRESH_TOKEN",
        Text("The session has ended.", "La sesión ha terminado."),
        Text("Sign in again.", "Inicie sesión de nuevo."),
        "input.refreshToken",
    )


DRIVER_REFUSALS: Mapping[str, OutputErrorContext] = {
    "uq_drivers_fleet_provider_id_phone": phone_taken(),
    "uq_drivers_fleet_provider_id_email": email_taken(),
}
