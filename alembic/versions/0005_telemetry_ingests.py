"""telemetry ingests"""

import sqlalchemy as sa

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_VEHICLE = "fk_telemetry_points_fleet_provider_id_vehicle_id"


def upgrade() -> None:
    op.create_table(
        "telemetry_ingests",
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("offset", sa.BigInteger(), nullable=False),
        sa.Column("line", sa.BigInteger(), nullable=False),
        sa.Column("accepted", sa.BigInteger(), nullable=False),
        sa.Column("duplicate", sa.BigInteger(), nullable=False),
        sa.Column("late", sa.BigInteger(), nullable=False),
        sa.Column("refused", sa.BigInteger(), nullable=False),
        sa.Column("refused_bytes", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_whole", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("fingerprint", name=op.f("pk_telemetry_ingests")),
    )
    op.drop_constraint(_VEHICLE, "telemetry_points", type_="foreignkey")


def downgrade() -> None:
    op.create_foreign_key(
        _VEHICLE,
        "telemetry_points",
        "vehicles",
        ["fleet_provider_id", "vehicle_id"],
        ["fleet_provider_id", "id"],
    )
    op.drop_table("telemetry_ingests")
