from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    Column,
    DateTime,
    Index,
    PrimaryKeyConstraint,
    Sequence,
    Table,
    Text,
    Uuid,
    func,
)
from sqlalchemy.dialects.postgresql.base import ischema_names
from sqlalchemy.types import UserDefinedType

from fleet_api.shared.infrastructure.tables import instant, metadata, tenant_table


class Xid8(UserDefinedType[int]):
    """The number of a transaction."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"


# So that it is recognised where migrations are compared with the tables.
ischema_names["xid8"] = Xid8

# No identity: PostgreSQL before 17 and after do not agree on what becomes of one in a partition.
ids = Sequence("event_ids", metadata=metadata)

# Partitioned by week; the maintenance job makes and drops the partitions. Nothing refers to it and it refers to
# nothing: what happened stays true when the thing is gone.
events = tenant_table(
    "events",
    Column("id", BigInteger, ids, nullable=False, server_default=ids.next_value()),
    Column("kind", Text, nullable=False),
    Column("subject_id", Uuid, nullable=False),
    Column("sequence", BigInteger, nullable=False),
    Column("fleet_provider_id", Uuid, nullable=False),
    Column("driver_id", Uuid),
    Column("object_id", Uuid),
    Column("before", Text),
    Column("after", Text),
    Column("changed", ARRAY(Text), nullable=False),
    Column("actor", Text, nullable=False),
    Column("occurred_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # Whether a reader's snapshot showed it is told by the transaction that wrote it.
    Column("xid", Xid8, nullable=False, server_default=func.pg_current_xact_id()),
    PrimaryKeyConstraint("subject_id", "sequence", "occurred_at"),
    # The tail, and what operators of the platform missed.
    Index("ix_events_id", "id"),
    # What a provider's people missed.
    Index("ix_events_fleet_provider_id_id", "fleet_provider_id", "id"),
    seen_by_driver=lambda table, me: table.c.driver_id == me,
    postgresql_partition_by="RANGE (occurred_at)",
)

# What a driver missed.
Index("ix_events_driver_id_id", events.c.driver_id, events.c.id, postgresql_where=events.c.driver_id.is_not(None))

# How far each subject's numbers have come. The row is locked until the commit: hence no gaps, and no two of a number.
event_streams = Table(
    "event_streams",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("head", BigInteger, nullable=False),
)

event_keys = Table(
    "event_keys",
    metadata,
    Column("subject_id", Uuid, primary_key=True),
    Column("key", Text, primary_key=True),
    instant("claimed_at"),
)
