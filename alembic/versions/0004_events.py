"""events"""

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql

from alembic import op
from fleet_api.shared.infrastructure.events.events_table import Xid8

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.schema.CreateSequence(sa.Sequence("event_ids")))
    op.create_table(
        "events",
        sa.Column("id", sa.BigInteger(), server_default=sa.text("nextval('event_ids')"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("sequence", sa.BigInteger(), nullable=False),
        sa.Column("fleet_provider_id", sa.Uuid(), nullable=False),
        sa.Column("driver_id", sa.Uuid(), nullable=True),
        sa.Column("object_id", sa.Uuid(), nullable=True),
        sa.Column("before", sa.Text(), nullable=True),
        sa.Column("after", sa.Text(), nullable=True),
        sa.Column("changed", postgresql.ARRAY(sa.Text()), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("occurred_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("xid", Xid8(), server_default=sa.text("pg_current_xact_id()"), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "sequence", "occurred_at", name=op.f("pk_events")),
        postgresql_partition_by="RANGE (occurred_at)",
    )
    op.create_index("ix_events_id", "events", ["id"])
    op.create_index("ix_events_fleet_provider_id_id", "events", ["fleet_provider_id", "id"])
    op.create_index(
        "ix_events_driver_id_id", "events", ["driver_id", "id"], postgresql_where=sa.text("driver_id IS NOT NULL")
    )
    op.create_table(
        "event_streams",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("head", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", name=op.f("pk_event_streams")),
    )
    op.create_table(
        "event_keys",
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject_id", "key", name=op.f("pk_event_keys")),
    )


def downgrade() -> None:
    op.drop_table("event_keys")
    op.drop_table("event_streams")
    op.drop_table("events")
    op.execute(sa.schema.DropSequence(sa.Sequence("event_ids")))
