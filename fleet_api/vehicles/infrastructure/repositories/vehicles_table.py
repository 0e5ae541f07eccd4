from typing import Any

from sqlalchemy import (
    CHAR,
    BigInteger,
    CheckConstraint,
    Column,
    ColumnElement,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    Select,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ExcludeConstraint

from fleet_api.shared.infrastructure.tables import (
    choice,
    choices,
    id_column,
    instant,
    metadata,
    owner_columns,
    provider_column,
    tenant_table,
    version_column,
)
from fleet_api.vehicles.domain.connector_standard import ConnectorStandard
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus

# The catalogue belongs to nobody. It has no index for its orders: a few thousand rows are sorted in a millisecond.
vehicle_models = Table(
    "vehicle_models",
    metadata,
    id_column(),
    Column("make", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("variant", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("usable_battery_kwh", Float, nullable=False),
    choices("connector_types", ConnectorStandard),
    Column("ac_max_kw", Float, nullable=False),
    Column("dc_max_kw", Float),
    Column("range_m", Integer),
    # import-models meets what it imported before.
    UniqueConstraint("make", "name", "variant", "year"),
)

vehicles = tenant_table(
    "vehicles",
    id_column(),
    provider_column(),
    Column("vin", CHAR(17), nullable=False),
    Column("plate", Text, nullable=False),
    Column("plate_country", CHAR(2), nullable=False),
    Column("model_id", Uuid, ForeignKey("vehicle_models.id"), nullable=False),
    Column("usable_battery_kwh", Float, nullable=False),
    choice("status", VehicleStatus),
    Column("odometer_m", BigInteger, nullable=False),
    version_column(),
    # What belongs to a vehicle names the provider too. Also vehicles and FleetProvider.vehicles, oldest first.
    UniqueConstraint("fleet_provider_id", "id"),
    # vehicles(orderBy: {field: PLATE}) and FleetProvider.vehicles in that order.
    Index("ix_vehicles_fleet_provider_id_plate_id", "fleet_provider_id", "plate", "id"),
    # Whoever writes an odometer, GraphQL's Int can carry it.
    CheckConstraint("odometer_m BETWEEN 0 AND 2147483647", name="odometer_m"),
    seen_by_driver=lambda table, me: table.c.id.in_(_held_by(me)),
)


# A retired vehicle keeps its record for the sake of its history, and a sold one drives on under another fleet: neither
# its VIN nor its plate bars it there.
_on_the_books = vehicles.c.status != VehicleStatus.RETIRED
Index("uq_vehicles_vin", vehicles.c.vin, unique=True, postgresql_where=_on_the_books)
# As `bare_plate` makes it: people type one plate in several ways.
plate_key = func.translate(vehicles.c.plate, " -", "", type_=Text)
Index(
    "uq_vehicles_plate_country_plate", vehicles.c.plate_country, plate_key, unique=True, postgresql_where=_on_the_books
)


def _never_two(whose: str) -> ExcludeConstraint:
    """No two assignments of one vehicle, or of one driver, at the same time. One without an end lasts for ever."""
    held = func.tstzrange(column("started_at"), column("ended_at"))
    return ExcludeConstraint((column(f"{whose}_id"), "="), (held, "&&"), name=f"ex_vehicle_assignments_{whose}")


vehicle_assignments = tenant_table(
    "vehicle_assignments",
    id_column(),
    *owner_columns("drivers", "driver_id"),
    Column("vehicle_id", Uuid, nullable=False),
    instant("started_at"),
    instant("ended_at", nullable=True),
    Column("handover_odometer_m", BigInteger, nullable=False),
    Column("handover_state_of_charge_pct", Float),
    Column("return_odometer_m", BigInteger),
    Column("return_state_of_charge_pct", Float),
    Column("note", Text),
    ForeignKeyConstraint(["fleet_provider_id", "vehicle_id"], ["vehicles.fleet_provider_id", "vehicles.id"]),
    # A span without length would pass by the two that follow.
    CheckConstraint("ended_at > started_at", name="ended_at"),
    _never_two("vehicle"),
    _never_two("driver"),
    # Driver.currentVehicle: the latest assignment, if it has not ended; and Driver.assignments, where they are many.
    Index("ix_vehicle_assignments_driver_id_started_at_id", "driver_id", "started_at", "id"),
    # Vehicle.currentDriver and Vehicle.assignments, in the same way.
    Index("ix_vehicle_assignments_vehicle_id_started_at_id", "vehicle_id", "started_at", "id"),
    seen_by_driver=lambda table, me: table.c.driver_id == me,
)


def _held_by(driver: ColumnElement[Any]) -> Select[Any]:
    # Aliased, so that it never correlates with the assignments of the statement around it.
    assignments = vehicle_assignments.alias()
    return select(assignments.c.vehicle_id).where(assignments.c.driver_id == driver, assignments.c.ended_at.is_(None))
