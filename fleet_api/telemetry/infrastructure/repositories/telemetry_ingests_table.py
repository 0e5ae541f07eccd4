from sqlalchemy import BigInteger, Boolean, Column, Table, Text

from fleet_api.shared.infrastructure.tables import instant, metadata

# How far files have come in. No tenant's: whoever runs commands ingests.
telemetry_ingests = Table(
    "telemetry_ingests",
    metadata,
    Column("fingerprint", Text, primary_key=True),
    Column("offset", BigInteger, nullable=False),
    Column("line", BigInteger, nullable=False),
    Column("accepted", BigInteger, nullable=False),
    Column("duplicate", BigInteger, nullable=False),
    Column("late", BigInteger, nullable=False),
    Column("refused", BigInteger, nullable=False),
    Column("refused_bytes", BigInteger, nullable=False),
    instant("changed_at"),
    Column("is_whole", Boolean, nullable=False),
)
