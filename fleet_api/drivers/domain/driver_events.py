from dataclasses import dataclass
from enum import StrEnum

from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.shared.domain.changes import change
from fleet_api.shared.domain.events import Event, RecordedEvent, tell
from fleet_api.shared.domain.permission import Permission


class DriverEventKind(StrEnum):
    """What happens to a driver."""

    DRIVER_INVITED = "DRIVER_INVITED"
    DRIVER_UPDATED = "DRIVER_UPDATED"
    DRIVER_STATUS_CHANGED = "DRIVER_STATUS_CHANGED"


@dataclass(slots=True)
class DriverEvent(RecordedEvent):
    """subject: the driver."""


tell(DriverEventKind, DriverEvent, Permission.DRIVERS_READ)


def invited(driver: Driver) -> Event:
    kind = DriverEventKind.DRIVER_INVITED
    return Event(kind, driver.id, driver.fleet_provider_id, after=driver.status, driver_id=driver.id)


def changed(before: Driver, after: Driver, *unseen: str) -> Event | None:
    """unseen: what changed and is no field of a driver, such as the password."""
    return change(
        before,
        after,
        after.fleet_provider_id,
        after.id,
        moved=DriverEventKind.DRIVER_STATUS_CHANGED,
        updated=DriverEventKind.DRIVER_UPDATED,
        unseen=unseen,
    )
