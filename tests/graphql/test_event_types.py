"""Each sort of events is a type of its own, and its edges lead where its ids say."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest
import strawberry
from strawberry.schema.config import StrawberryConfig

from fleet_api.drivers.infrastructure.drivers_depends import read_drivers_depends
from fleet_api.fleet_providers.infrastructure.fleet_providers_depends import read_fleet_providers_depends
from fleet_api.graphql.event.kinds import FleetEventKind
from fleet_api.graphql.event.types import FleetEventType
from fleet_api.graphql.schema import schema
from fleet_api.graphql.shared.scalars import SCALARS
from fleet_api.shared.domain.events import SORTS, RecordedEvent
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.snapshot_required import SnapshotRequired
from fleet_api.telemetry.infrastructure.telemetry_depends import read_geofences_depends
from fleet_api.vehicles.infrastructure.vehicles_depends import read_vehicle_assignments_depends, read_vehicles_depends
from tests.support.schema_walk import CORE

_SUBJECT, _OBJECT, _DRIVER = new_id(), new_id(), new_id()
_AT = datetime(2026, 5, 1, 12, tzinfo=UTC)

_TYPES = {
    "FLEET_PROVIDER": ("FleetProviderChanged", {"fleetProvider": (read_fleet_providers_depends, _SUBJECT)}),
    "DRIVER": ("DriverChanged", {"driver": (read_drivers_depends, _SUBJECT)}),
    "VEHICLE": ("VehicleChanged", {"vehicle": (read_vehicles_depends, _SUBJECT)}),
    "VEHICLE_ASSIGNED": (
        "AssignmentChanged",
        {
            "assignment": (read_vehicle_assignments_depends, _OBJECT),
            "vehicle": (read_vehicles_depends, _SUBJECT),
            "driver": (read_drivers_depends, _DRIVER),
        },
    ),
    "GEOFENCE": (
        "GeofenceCrossed",
        {"geofence": (read_geofences_depends, _OBJECT), "vehicle": (read_vehicles_depends, _SUBJECT)},
    ),
    "STATE_OF_CHARGE": ("StateOfChargeFell", {"vehicle": (read_vehicles_depends, _SUBJECT)}),
}
_TYPES["VEHICLE_RELEASED"] = _TYPES["VEHICLE_ASSIGNED"]


class _Context:
    def __init__(self) -> None:
        self.loaded: list[tuple[Any, UUID]] = []

    def load(self, depends: Any, key: UUID) -> None:
        self.loaded.append((depends, key))


@strawberry.type
class _Query:
    @strawberry.field
    def event(self, root: RecordedEvent) -> FleetEventType:
        return root  # type: ignore[return-value]


_schema = strawberry.Schema(
    _Query,
    types=[
        kind.extensions["strawberry-definition"].origin
        for kind in CORE.get_possible_types(CORE.type_map["FleetEvent"])  # type: ignore[arg-type]
    ],
    config=StrawberryConfig(scalar_map=SCALARS),
)


def _ask(event: RecordedEvent, more: str = "") -> tuple[dict[str, Any], _Context]:
    context = _Context()
    result = _schema.execute_sync(
        f"{{ event {{ __typename cursor kind sequence occurredAt actor from to {more} }} }}",
        root_value=event,
        context_value=context,
    )
    assert result.errors is None and result.data is not None
    return result.data["event"], context


@pytest.mark.parametrize("kind", SORTS, ids=str)
def test_an_event_is_what_its_class_says(kind: str) -> None:
    name, edges = next(_TYPES[start] for start in sorted(_TYPES, key=len, reverse=True) if kind.startswith(start))
    # As it is read from the table: the kind is plain text.
    given = (7, str(kind), _SUBJECT, 3, new_id(), _DRIVER, _OBJECT, "A", "B", ["plate"], "dispatcher:anna", _AT, "c7")
    event = SORTS[kind].recorded_as(*given)
    shown, context = _ask(event, f"... on {name} {{ {' '.join(f'{edge} {{ id }}' for edge in edges)} }}")
    assert shown == {
        "__typename": name,
        "cursor": "c7",
        "kind": kind,
        "sequence": 3,
        "occurredAt": "2026-05-01T12:00:00+00:00",
        "actor": "dispatcher:anna",
        "from": "A",
        "to": "B",
    } | dict.fromkeys(edges)
    assert context.loaded == list(edges.values())


@pytest.mark.parametrize("name", ["FleetProviderChanged", "DriverChanged", "VehicleChanged"])
def test_a_change_names_its_fields(name: str) -> None:
    sort = next(sort for kind, sort in SORTS.items() if _TYPES.get(kind.rpartition("_")[0], ("",))[0] == name)
    event = sort.recorded_as(7, "VEHICLE_UPDATED", _SUBJECT, 3, _SUBJECT, None, None, None, None, ["plate"], "a", _AT)
    assert _ask(event, f"... on {name} {{ changed }}")[0]["changed"] == ["plate"]


def test_a_required_snapshot_has_no_number() -> None:
    shown, _ = _ask(SnapshotRequired.since(_AT))
    assert (shown["__typename"], shown["kind"], shown["sequence"]) == ("SnapshotRequired", "SNAPSHOT_REQUIRED", None)


def test_every_kind_is_in_the_graph_and_told_as_something() -> None:
    assert set(FleetEventKind) == SORTS.keys() | {"SNAPSHOT_REQUIRED"}
    assert schema.get_type_by_name("FleetEventKind") is not None
