from enum import StrEnum


class VehicleStatus(StrEnum):
    """Where a vehicle stands. Who holds it is told by its assignments."""

    AVAILABLE = "AVAILABLE"
    ASSIGNED = "ASSIGNED"
    CHARGING = "CHARGING"
    MAINTENANCE = "MAINTENANCE"
    OUT_OF_SERVICE = "OUT_OF_SERVICE"
    RETIRED = "RETIRED"


ON_THE_BOOKS = frozenset(VehicleStatus) - {VehicleStatus.RETIRED}
