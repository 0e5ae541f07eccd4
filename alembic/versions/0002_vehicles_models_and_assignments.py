"""vehicles, models and assignments"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # For the exclusion constraints: GiST that can tell whether two ids are equal. A downgrade leaves the extension,
    # which others may use by then.
    op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
    op.create_table(
        "vehicle_models",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("make", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("variant", sa.Text(), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("usable_battery_kwh", sa.Float(), nullable=False),
        sa.Column("connector_types", sa.ARRAY(sa.String(length=64)), nullable=False),
        sa.Column("ac_max_kw", sa.Float(), nullable=False),
        sa.Column("dc_max_kw", sa.Float(), nullable=True),
        sa.Column("range_m", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle_models")),
        sa.UniqueConstraint("make", "name", "variant", "year", name=op.f("uq_vehicle_models_make_name_variant_year")),
    )
    op.create_table(
        "vehicles",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fleet_provider_id", sa.Uuid(), nullable=False),
        sa.Column("vin", sa.CHAR(length=17), nullable=False),
        sa.Column("plate", sa.Text(), nullable=False),
        sa.Column("plate_country", sa.CHAR(length=2), nullable=False),
        sa.Column("model_id", sa.Uuid(), nullable=False),
        sa.Column("usable_battery_kwh", sa.Float(), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "AVAILABLE",
                "ASSIGNED",
                "CHARGING",
                "MAINTENANCE",
                "OUT_OF_SERVICE",
                "RETIRED",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=32,
            ),
            nullable=False,
        ),
        sa.Column("odometer_m", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("odometer_m BETWEEN 0 AND 2147483647", name=op.f("ck_vehicles_odometer_m")),
        sa.ForeignKeyConstraint(
            ["fleet_provider_id"], ["fleet_providers.id"], name=op.f("fk_vehicles_fleet_provider_id")
        ),
        sa.ForeignKeyConstraint(["model_id"], ["vehicle_models.id"], name=op.f("fk_vehicles_model_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicles")),
        sa.UniqueConstraint("fleet_provider_id", "id", name=op.f("uq_vehicles_fleet_provider_id_id")),
    )
    op.create_index(
        "uq_vehicles_vin", "vehicles", ["vin"], unique=True, postgresql_where=sa.text("status <> 'RETIRED'")
    )
    op.create_index(
        "uq_vehicles_plate_country_plate",
        "vehicles",
        ["plate_country", sa.text("translate(plate, ' -', '')")],
        unique=True,
        postgresql_where=sa.text("status <> 'RETIRED'"),
    )
    op.create_index(
        "ix_vehicles_fleet_provider_id_plate_id", "vehicles", ["fleet_provider_id", "plate", "id"], unique=False
    )
    op.create_table(
        "vehicle_assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("fleet_provider_id", sa.Uuid(), nullable=False),
        sa.Column("driver_id", sa.Uuid(), nullable=False),
        sa.Column("vehicle_id", sa.Uuid(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("handover_odometer_m", sa.BigInteger(), nullable=False),
        sa.Column("handover_state_of_charge_pct", sa.Float(), nullable=True),
        sa.Column("return_odometer_m", sa.BigInteger(), nullable=True),
        sa.Column("return_state_of_charge_pct", sa.Float(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.CheckConstraint("ended_at > started_at", name=op.f("ck_vehicle_assignments_ended_at")),
        # In this order, so that a handover that is repeated hears of its vehicle and not of its driver.
        postgresql.ExcludeConstraint(
            (sa.column("vehicle_id"), "="),
            (sa.text("tstzrange(started_at, ended_at)"), "&&"),
            using="gist",
            name="ex_vehicle_assignments_vehicle",
        ),
        postgresql.ExcludeConstraint(
            (sa.column("driver_id"), "="),
            (sa.text("tstzrange(started_at, ended_at)"), "&&"),
            using="gist",
            name="ex_vehicle_assignments_driver",
        ),
        sa.ForeignKeyConstraint(
            ["fleet_provider_id", "driver_id"],
            ["drivers.fleet_provider_id", "drivers.id"],
            name=op.f("fk_vehicle_assignments_fleet_provider_id_driver_id"),
        ),
        sa.ForeignKeyConstraint(
            ["fleet_provider_id", "vehicle_id"],
            ["vehicles.fleet_provider_id", "vehicles.id"],
            name=op.f("fk_vehicle_assignments_fleet_provider_id_vehicle_id"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_vehicle_assignments")),
    )
    op.create_index(
        "ix_vehicle_assignments_driver_id_started_at_id",
        "vehicle_assignments",
        ["driver_id", "started_at", "id"],
        unique=False,
    )
    op.create_index(
        "ix_vehicle_assignments_vehicle_id_started_at_id",
        "vehicle_assignments",
        ["vehicle_id", "started_at", "id"],
        unique=False,
    )


def downgrade() -> None:
    op.drop_index("ix_vehicle_assignments_vehicle_id_started_at_id", table_name="vehicle_assignments")
    op.drop_index("ix_vehicle_assignments_driver_id_started_at_id", table_name="vehicle_assignments")
    op.drop_table("vehicle_assignments")
    op.drop_index("ix_vehicles_fleet_provider_id_plate_id", table_name="vehicles")
    op.drop_index("uq_vehicles_plate_country_plate", table_name="vehicles")
    op.drop_index("uq_vehicles_vin", table_name="vehicles")
    op.drop_table("vehicles")
    op.drop_table("vehicle_models")
