"""Every refusal of this context."""

from collections.abc import Mapping

from fleet_api.shared.domain.output_context import OutputErrorContext
from fleet_api.shared.domain.shared_errors import conflict, not_found
from fleet_api.shared.domain.text import Text


def unknown_vehicle() -> OutputErrorContext:
    return not_found("input.vehicleId")


def unknown_model() -> OutputErrorContext:
    return not_found("input.modelId")


def vin_taken() -> OutputErrorContext:
    return conflict(
        "VIN_TAKEN",
        Text("A vehicle with this VIN is already registered.", "Ya hay un vehículo registrado con este VIN."),
        "input.vin",
    )


def plate_taken() -> OutputErrorContext:
    return conflict(
        "PLATE_TAKEN",
        Text("Another vehicle bears this plate of that country.", "Otro vehículo lleva esta matrícula de ese país."),
        "input.plate",
    )


def odometer_fell(field: str, least: int) -> OutputErrorContext:
    return conflict(
        "ODOMETER_FELL",
        Text("An odometer never goes down.", "Un cuentakilómetros nunca retrocede."),
        field,
        Text(f"It has shown {least} m already.", f"Ya ha marcado {least} m."),
    )


def vehicle_retired() -> OutputErrorContext:
    return conflict(
        "VEHICLE_RETIRED",
        Text("The vehicle is off the books.", "El vehículo está dado de baja."),
        "input.vehicleId",
        Text("Its record is history now, and stays as it is.", "Su ficha ya es historia y no se modifica."),
    )


def vehicle_not_available(status: str) -> OutputErrorContext:
    return conflict(
        "VEHICLE_NOT_AVAILABLE",
        Text(f"The vehicle is {status}.", f"El vehículo está en estado {status}."),
        "input.vehicleId",
        Text("Return it to service first.", "Póngalo antes de nuevo en servicio."),
    )


def vehicle_already_assigned() -> OutputErrorContext:
    return conflict(
        "VEHICLE_ALREADY_ASSIGNED",
        Text("A driver holds this vehicle.", "Un conductor tiene este vehículo."),
        "input.vehicleId",
        Text("Release it first.", "Libérelo antes."),
    )


def vehicle_not_assigned() -> OutputErrorContext:
    return conflict(
        "VEHICLE_NOT_ASSIGNED",
        Text("No driver holds this vehicle.", "Ningún conductor tiene este vehículo."),
        "input.vehicleId",
    )


def driver_already_holds_a_vehicle() -> OutputErrorContext:
    return conflict(
        "DRIVER_ALREADY_HOLDS_A_VEHICLE",
        Text("The driver holds another vehicle.", "El conductor tiene otro vehículo."),
        "input.driverId",
        Text("Release that one first.", "Libere antes ese otro."),
    )


def driver_not_active(status: str) -> OutputErrorContext:
    return conflict(
        "DRIVER_NOT_ACTIVE",
        Text(f"The driver is {status}.", f"El conductor está en estado {status}."),
        "input.driverId",
        Text("Only an ACTIVE driver can take a vehicle.", "Solo un conductor ACTIVE puede llevar un vehículo."),
    )


def vehicles_still_assigned() -> Text:
    """What stands in the way of closing a provider."""
    return Text("Its drivers still hold vehicles: release them first.", "Sus conductores aún tienen vehículos.")


VEHICLE_REFUSALS: Mapping[str, OutputErrorContext] = {
    "uq_vehicles_vin": vin_taken(),
    "uq_vehicles_plate_country_plate": plate_taken(),
    "ex_vehicle_assignments_vehicle": vehicle_already_assigned(),
    "ex_vehicle_assignments_driver": driver_already_holds_a_vehicle(),
}
