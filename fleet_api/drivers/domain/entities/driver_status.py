from enum import StrEnum


class DriverStatus(StrEnum):
    """Where a driver stands with the provider. Only an ACTIVE one drives."""

    INVITED = "INVITED"
    PENDING_VERIFICATION = "PENDING_VERIFICATION"
    ACTIVE = "ACTIVE"
    SUSPENDED = "SUSPENDED"
    OFFBOARDED = "OFFBOARDED"
