"""The ids of the demo's things, asked from the API as a client would."""

from typing import Any

from tests.support.api import Api

_LISTS = {
    "AuditEntry": ("auditEntries", "id"),
    "FleetProvider": ("fleetProviders", "id"),
    "Driver": ("drivers", "id"),
    "Vehicle": ("vehicles", "id"),
    "VehicleModel": ("vehicleModels", "id"),
    "VehicleAssignment": ("vehicles", "assignments(first: 2) { edges { node { id } } }"),
    "TelemetryPoint": ("vehicles", "latestTelemetry { id }"),
    "Trip": ("vehicles", "trips(first: 2) { edges { node { id } } }"),
    "Geofence": ("geofences", "id"),
    "GeofenceCrossing": ("geofences", "crossings(first: 5) { edges { node { id } } }"),
}


async def ids_of(api: Api, type_name: str, limit: int = 20) -> list[str]:
    """Some global ids of a type that the viewer may see. A new node type needs a line above."""
    root, below = _LISTS[type_name]
    data = await api.data(f"{{ {root}(first: {limit}) {{ edges {{ node {{ {below} }} }} }} }}")
    return list(_ids(data))[:limit]


def _ids(tree: Any) -> Any:
    if isinstance(tree, dict):
        for name, value in tree.items():
            if name == "id":
                yield value
            else:
                yield from _ids(value)
    elif isinstance(tree, list):
        for each in tree:
            yield from _ids(each)
