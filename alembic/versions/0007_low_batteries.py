"""low batteries"""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_INDEX = "ix_latest_telemetry_fleet_provider_id_state_of_charge_pct"


def upgrade() -> None:
    op.create_index(_INDEX, "latest_telemetry", ["fleet_provider_id", "state_of_charge_pct", "vehicle_id"])


def downgrade() -> None:
    op.drop_index(_INDEX, table_name="latest_telemetry")
