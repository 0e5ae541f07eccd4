from enum import StrEnum


class FleetProviderStatus(StrEnum):
    """Where a provider stands. Only an ACTIVE one operates."""

    PENDING = "PENDING"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    CLOSED = "CLOSED"
