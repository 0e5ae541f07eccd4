"""Every refusal of this context, of calls and of single points."""

from collections.abc import Mapping

from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.shared_errors import conflict, invalid_input, not_found
from fleet_api.shared.domain.text import Text
from fleet_api.telemetry.domain.entities.telemetry_receipt import PointFault


def zone_needed(field: str) -> OutputErrorContext:
    return invalid_input(
        "INVALID_TIME",
        Text(
            "The time needs a zone, such as 2026-01-31T08:00:00Z.",
            "La hora necesita una zona, como 2026-01-31T08:00:00Z.",
        ),
        field,
    )


def time_out_of_range(field: str) -> OutputErrorContext:
    return invalid_input("INVALID_TIME", Text("The time is out of range.", "La hora está fuera de rango."), field)


def invalid_span() -> OutputErrorContext:
    return invalid_input(
        "INVALID_SPAN", Text("`from` must come before `to`.", "`from` debe ser anterior a `to`."), "from"
    )


def span_too_long(days: int) -> OutputErrorContext:
    return invalid_input(
        "SPAN_TOO_LONG",
        Text(f"Ask for at most {days} days at once.", f"Pida como máximo {days} días a la vez."),
        "from",
    )


def invalid_interval(least: int, most: int) -> OutputErrorContext:
    return invalid_input(
        "INVALID_INTERVAL",
        Text(f"Choose an interval of {least} to {most} milliseconds.", f"Elija un intervalo de {least} a {most} ms."),
        "minIntervalMs",
    )


def invalid_pct() -> OutputErrorContext:
    return invalid_input("INVALID_PCT", Text("Choose 1 to 100 per cent.", "Elija de 1 a 100 por ciento."), "pct")


def unknown_geofence() -> OutputErrorContext:
    return not_found("input.geofenceId")


def geofence_name_taken() -> OutputErrorContext:
    return conflict(
        "GEOFENCE_NAME_TAKEN",
        Text("Another geofence of this provider has this name.", "Otra geocerca de este proveedor tiene este nombre."),
        "input.name",
    )


def ingested_by_another() -> OutputErrorContext:
    return conflict(
        "INGESTED_BY_ANOTHER",
        Text("Somebody else is ingesting this file.", "Otro proceso está cargando este archivo."),
        "fingerprint",
    )


GEOFENCE_REFUSALS: Mapping[str, OutputErrorContext] = {
    "uq_geofences_fleet_provider_id_name": geofence_name_taken(),
}

INVALID_TIME = PointFault("INVALID_TIME", "recordedAt", Text("The time has no zone.", "La hora no tiene zona."))
FUTURE = PointFault(
    "FUTURE",
    "recordedAt",
    Text(
        "The point is more than 5 minutes in the future: check the device's clock.",
        "El punto está más de 5 minutos en el futuro: revise el reloj del dispositivo.",
    ),
)
TOO_OLD = PointFault(
    "TOO_OLD",
    "recordedAt",
    Text("The point is older than the history that is kept.", "El punto es anterior al historial que se conserva."),
)
UNKNOWN_VEHICLE = PointFault(
    "UNKNOWN_VEHICLE",
    "vehicleId",
    Text("There is no such vehicle, or you may not see it.", "No existe ese vehículo, o usted no puede verlo."),
)
ODOMETER_FELL = PointFault(
    "ODOMETER_FELL",
    "odometerM",
    Text(
        "The odometer is below what the vehicle is known to have driven.",
        "El cuentakilómetros está por debajo de lo que se sabe que el vehículo ha recorrido.",
    ),
)
ODOMETER_JUMPED = PointFault(
    "ODOMETER_JUMPED",
    "odometerM",
    Text(
        "No vehicle drives that far in the time since its odometer was last read.",
        "Ningún vehículo recorre tanto en el tiempo desde la última lectura de su cuentakilómetros.",
    ),
)


def invalid_position(name: str) -> PointFault:
    """name: latitude or longitude."""
    return PointFault(
        "INVALID_POSITION",
        name,
        Text("The latitude or the longitude is out of range.", "La latitud o la longitud está fuera de rango."),
    )


def invalid_value(name: str) -> PointFault:
    """name: of the field, in the client's spelling."""
    return PointFault(
        "INVALID_VALUE", name, Text(f"The value of {name} is out of range.", f"El valor de {name} está fuera de rango.")
    )
