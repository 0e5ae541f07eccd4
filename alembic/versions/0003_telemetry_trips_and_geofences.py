"""telemetry, trips and geofences"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "geofences",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fleet_provider_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("latitudes", postgresql.ARRAY(sa.Float()), nullable=False),
        sa.Column("longitudes", postgresql.ARRAY(sa.Float()), nullable=False),
        sa.Column("radius_m", sa.Float(), nullable=True),
        sa.Column("south", sa.Float(), nullable=False),
        sa.Column("west", sa.Float(), nullable=False),
        sa.Column("north", sa.Float(), nullable=False),
        sa.Column("east", sa.Float(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fleet_provider_id"], ["fleet_providers.id"], name=op.f("fk_geofences_fleet_provider_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_geofences")),
        sa.UniqueConstraint("fleet_provider_id", "id", name=op.f("uq_geofences_fleet_provider_id_id")),
        sa.UniqueConstraint("fleet_provider_id", "name", name=op.f("uq_geofences_fleet_provider_id_name")),
    )
    op.create_table(
        "geofence_crossings",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fleet_provider_id", sa.Uuid(), nullable=False),
        sa.Column("geofence_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle_id", sa.Uuid(), nullable=False),
        sa.Column(
            "direction",
            sa.Enum("ENTER", "EXIT", name="direction", native_enum=False, create_constraint=True, length=32),
            nullable=False,
        ),
        sa.Column("crossed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["fleet_provider_id", "geofence_id"],
            ["geofences.fleet_provider_id", "geofences.id"],
            name=op.f("fk_geofence_crossings_fleet_provider_id_geofence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fleet_provider_id", "vehicle_id"],
            ["vehicles.fleet_provider_id", "vehicles.id"],
            name=op.f("fk_geofence_crossings_fleet_provider_id_vehicle_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_geofence_crossings")),
    )
    op.create_index(
        "ix_geofence_crossings_geofence_id_crossed_at_id",
        "geofence_crossings",
        ["geofence_id", "crossed_at", "id"],
        unique=False,
    )
    op.create_table(
        "geofence_presences",
        sa.Column("fleet_provider_id", sa.Uuid(), nullable=False),
        sa.Column("geofence_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle_id", sa.Uuid(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["fleet_provider_id", "geofence_id"],
            ["geofences.fleet_provider_id", "geofences.id"],
            name=op.f("fk_geofence_presences_fleet_provider_id_geofence_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fleet_provider_id", "vehicle_id"],
            ["vehicles.fleet_provider_id", "vehicles.id"],
            name=op.f("fk_geofence_presences_fleet_provider_id_vehicle_id"),
        ),
        sa.PrimaryKeyConstraint("geofence_id", "vehicle_id", name=op.f("pk_geofence_presences")),
    )
    op.create_index("ix_geofence_presences_vehicle_id", "geofence_presences", ["vehicle_id"], unique=False)
    op.create_table(
        "latest_telemetry",
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("speed_kph", sa.Float(), nullable=True),
        sa.Column("heading_deg", sa.Float(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("state_of_charge_pct", sa.Float(), nullable=True),
        sa.Column("state_of_health_pct", sa.Float(), nullable=True),
        sa.Column("range_m", sa.Integer(), nullable=True),
        sa.Column("odometer_m", sa.Integer(), nullable=True),
        sa.Column("battery_voltage_v", sa.Float(), nullable=True),
        sa.Column("battery_current_a", sa.Float(), nullable=True),
        sa.Column("battery_temperature_c", sa.Float(), nullable=True),
        sa.Column("charging_power_kw", sa.Float(), nullable=True),
        sa.Column("energy_out_wh", sa.Integer(), nullable=True),
        sa.Column("energy_regen_wh", sa.Integer(), nullable=True),
        sa.Column("plugged_in", sa.Boolean(), nullable=True),
        sa.Column("vehicle_id", sa.Uuid(), nullable=False),
        sa.Column("fleet_provider_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["fleet_provider_id", "vehicle_id"],
            ["vehicles.fleet_provider_id", "vehicles.id"],
            name=op.f("fk_latest_telemetry_fleet_provider_id_vehicle_id"),
        ),
        sa.PrimaryKeyConstraint("vehicle_id", name=op.f("pk_latest_telemetry")),
    )
    op.create_index(
        "ix_latest_telemetry_fleet_provider_id_point",
        "latest_telemetry",
        ["fleet_provider_id", sa.literal_column("point(longitude, latitude)")],
        unique=False,
        postgresql_using="gist",
    )
    # Without partitions yet: the maintenance job makes them, and drops them.
    op.create_table(
        "telemetry_points",
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("speed_kph", sa.Float(), nullable=True),
        sa.Column("heading_deg", sa.Float(), nullable=True),
        sa.Column("accuracy_m", sa.Float(), nullable=True),
        sa.Column("state_of_charge_pct", sa.Float(), nullable=True),
        sa.Column("state_of_health_pct", sa.Float(), nullable=True),
        sa.Column("range_m", sa.Integer(), nullable=True),
        sa.Column("odometer_m", sa.Integer(), nullable=True),
        sa.Column("battery_voltage_v", sa.Float(), nullable=True),
        sa.Column("battery_current_a", sa.Float(), nullable=True),
        sa.Column("battery_temperature_c", sa.Float(), nullable=True),
        sa.Column("charging_power_kw", sa.Float(), nullable=True),
        sa.Column("energy_out_wh", sa.Integer(), nullable=True),
        sa.Column("energy_regen_wh", sa.Integer(), nullable=True),
        sa.Column("plugged_in", sa.Boolean(), nullable=True),
        sa.Column("vehicle_id", sa.Uuid(), nullable=False),
        sa.Column("fleet_provider_id", sa.Uuid(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["fleet_provider_id", "vehicle_id"],
            ["vehicles.fleet_provider_id", "vehicles.id"],
            name=op.f("fk_telemetry_points_fleet_provider_id_vehicle_id"),
        ),
        sa.PrimaryKeyConstraint("vehicle_id", "recorded_at", "source", "sequence", name=op.f("pk_telemetry_points")),
        postgresql_partition_by="RANGE (recorded_at)",
    )
    op.create_table(
        "trips",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fleet_provider_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("start_latitude", sa.Float(), nullable=False),
        sa.Column("start_longitude", sa.Float(), nullable=False),
        sa.Column("end_latitude", sa.Float(), nullable=False),
        sa.Column("end_longitude", sa.Float(), nullable=False),
        sa.Column("start_odometer_m", sa.Integer(), nullable=True),
        sa.Column("end_odometer_m", sa.Integer(), nullable=True),
        sa.Column("start_energy_out_wh", sa.Integer(), nullable=True),
        sa.Column("end_energy_out_wh", sa.Integer(), nullable=True),
        sa.Column("start_energy_regen_wh", sa.Integer(), nullable=True),
        sa.Column("end_energy_regen_wh", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["fleet_provider_id", "vehicle_id"],
            ["vehicles.fleet_provider_id", "vehicles.id"],
            name=op.f("fk_trips_fleet_provider_id_vehicle_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trips")),
    )
    op.create_index("ix_trips_vehicle_id_started_at_id", "trips", ["vehicle_id", "started_at", "id"], unique=False)
    op.create_index(
        "uq_trips_vehicle_id_under_way",
        "trips",
        ["vehicle_id"],
        unique=True,
        postgresql_where=sa.text("ended_at IS NULL"),
    )


def downgrade() -> None:
    op.drop_index("uq_trips_vehicle_id_under_way", table_name="trips", postgresql_where=sa.text("ended_at IS NULL"))
    op.drop_index("ix_trips_vehicle_id_started_at_id", table_name="trips")
    op.drop_table("trips")
    op.drop_table("telemetry_points")
    op.drop_index("ix_latest_telemetry_fleet_provider_id_point", table_name="latest_telemetry", postgresql_using="gist")
    op.drop_table("latest_telemetry")
    op.drop_index("ix_geofence_presences_vehicle_id", table_name="geofence_presences")
    op.drop_table("geofence_presences")
    op.drop_index("ix_geofence_crossings_geofence_id_crossed_at_id", table_name="geofence_crossings")
    op.drop_table("geofence_crossings")
    op.drop_table("geofences")
