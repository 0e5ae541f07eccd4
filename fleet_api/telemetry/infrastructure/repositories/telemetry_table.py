from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKeyConstraint,
    Index,
    Integer,
    PrimaryKeyConstraint,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.sql.schema import SchemaItem

from fleet_api.shared.infrastructure.tables import (
    SeenByDriver,
    choice,
    id_column,
    instant,
    owner_columns,
    provider_column,
    tenant_table,
    version_column,
)
from fleet_api.telemetry.domain.entities.geofence_crossing import CrossingDirection
from fleet_api.vehicles.infrastructure.repositories.vehicles_table import vehicle_assignments

# Aliased, so that the question never correlates with the assignments of the statement around it.
_held_now = vehicle_assignments.alias()

_of_the_vehicle_held_now: SeenByDriver = lambda table, me: table.c.vehicle_id.in_(  # noqa: E731
    select(_held_now.c.vehicle_id).where(_held_now.c.driver_id == me, _held_now.c.ended_at.is_(None))
)


def _observed() -> list[SchemaItem]:
    return [
        instant("recorded_at"),
        Column("source", Text, nullable=False),
        Column("sequence", Integer, nullable=False),
        Column("latitude", Float, nullable=False),
        Column("longitude", Float, nullable=False),
        Column("speed_kph", Float),
        Column("heading_deg", Float),
        Column("accuracy_m", Float),
        Column("state_of_charge_pct", Float),
        Column("state_of_health_pct", Float),
        Column("range_m", Integer),
        Column("odometer_m", Integer),
        Column("battery_voltage_v", Float),
        Column("battery_current_a", Float),
        Column("battery_temperature_c", Float),
        Column("charging_power_kw", Float),
        Column("energy_out_wh", Integer),
        Column("energy_regen_wh", Integer),
        Column("plugged_in", Boolean),
    ]


# Partitioned by week; the maintenance job makes and drops the partitions. Without a foreign key, which takes longer to
# check than a point to write: vehicles are held while their points come in, and their latest ones keep them.
telemetry_points = tenant_table(
    "telemetry_points",
    *_observed(),
    Column("vehicle_id", Uuid, nullable=False),
    Column("fleet_provider_id", Uuid, nullable=False),
    instant("received_at"),
    # The same point comes once. Also Vehicle.telemetry, Vehicle.metrics and Trip.path.
    PrimaryKeyConstraint("vehicle_id", "recorded_at", "source", "sequence"),
    seen_by_driver=_of_the_vehicle_held_now,
    postgresql_partition_by="RANGE (recorded_at)",
)

latest_telemetry = tenant_table(
    "latest_telemetry",
    *_observed(),
    Column("vehicle_id", Uuid, primary_key=True),
    Column("fleet_provider_id", Uuid, nullable=False),
    instant("received_at"),
    ForeignKeyConstraint(["fleet_provider_id", "vehicle_id"], ["vehicles.fleet_provider_id", "vehicles.id"]),
    seen_by_driver=_of_the_vehicle_held_now,
)
# lowBatteries, emptiest first.
Index(
    "ix_latest_telemetry_fleet_provider_id_state_of_charge_pct",
    latest_telemetry.c.fleet_provider_id,
    latest_telemetry.c.state_of_charge_pct,
    latest_telemetry.c.vehicle_id,
)
# vehiclesWithin(box) and vehiclePositions(within).
Index(
    "ix_latest_telemetry_fleet_provider_id_point",
    latest_telemetry.c.fleet_provider_id,
    func.point(latest_telemetry.c.longitude, latest_telemetry.c.latitude),
    postgresql_using="gist",
)

trips = tenant_table(
    "trips",
    id_column(),
    *owner_columns("vehicles", "vehicle_id"),
    instant("started_at"),
    instant("ended_at", nullable=True),
    instant("moved_at"),
    Column("start_latitude", Float, nullable=False),
    Column("start_longitude", Float, nullable=False),
    Column("end_latitude", Float, nullable=False),
    Column("end_longitude", Float, nullable=False),
    Column("start_odometer_m", Integer),
    Column("end_odometer_m", Integer),
    Column("start_energy_out_wh", Integer),
    Column("end_energy_out_wh", Integer),
    Column("start_energy_regen_wh", Integer),
    Column("end_energy_regen_wh", Integer),
    # Vehicle.trips, newest first.
    Index("ix_trips_vehicle_id_started_at_id", "vehicle_id", "started_at", "id"),
    seen_by_driver=_of_the_vehicle_held_now,
)
# A vehicle is on one trip at a time. Also recordTelemetry, which goes on with it.
Index("uq_trips_vehicle_id_under_way", trips.c.vehicle_id, unique=True, postgresql_where=trips.c.ended_at.is_(None))

geofences = tenant_table(
    "geofences",
    id_column(),
    provider_column(),
    Column("name", Text, nullable=False),
    Column("latitudes", ARRAY(Float), nullable=False),
    Column("longitudes", ARRAY(Float), nullable=False),
    Column("radius_m", Float),
    Column("south", Float, nullable=False),
    Column("west", Float, nullable=False),
    Column("north", Float, nullable=False),
    Column("east", Float, nullable=False),
    version_column(),
    UniqueConstraint("fleet_provider_id", "name"),
    # What belongs to a geofence names the provider too. Also geofences, and those near a track.
    UniqueConstraint("fleet_provider_id", "id"),
)

geofence_presences = tenant_table(
    "geofence_presences",
    *owner_columns("geofences", "geofence_id", primary_key=True),
    Column("vehicle_id", Uuid, primary_key=True),
    instant("entered_at"),
    ForeignKeyConstraint(["fleet_provider_id", "vehicle_id"], ["vehicles.fleet_provider_id", "vehicles.id"]),
    # recordTelemetry: where the vehicles are.
    Index("ix_geofence_presences_vehicle_id", "vehicle_id"),
)

geofence_crossings = tenant_table(
    "geofence_crossings",
    id_column(),
    *owner_columns("geofences", "geofence_id"),
    Column("vehicle_id", Uuid, nullable=False),
    choice("direction", CrossingDirection),
    instant("crossed_at"),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    ForeignKeyConstraint(["fleet_provider_id", "vehicle_id"], ["vehicles.fleet_provider_id", "vehicles.id"]),
    # Geofence.crossings, newest first.
    Index("ix_geofence_crossings_geofence_id_crossed_at_id", "geofence_id", "crossed_at", "id"),
)
