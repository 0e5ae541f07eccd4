"""The places that the demo's providers watch: their depots, and the middle of their towns."""

from collections.abc import Iterator

from fleet_api.demo.demo_ids import demo_id, provider_id
from fleet_api.demo.world.providers import PROVIDERS
from fleet_api.demo.world.routes import ROUTES
from fleet_api.telemetry.domain.entities.geofence import Geofence
from fleet_api.telemetry.domain.geometry import Bounds, Circle, Position

_DEPOTS = 3


def demo_geofences() -> Iterator[Geofence]:
    for provider in PROVIDERS:
        for number, route in enumerate(ROUTES[provider.slug][:_DEPOTS], start=1):
            circle = Circle(Position(*route.points[0]), 400.0)
            yield _fence(provider.slug, f"Depot {number}", circle)


def _fence(slug: str, name: str, circle: Circle) -> Geofence:
    bounds: Bounds = circle.bounds
    return Geofence(
        id=demo_id(f"geofence/{slug}/{name}"),
        fleet_provider_id=provider_id(slug),
        name=name,
        latitudes=[circle.center.latitude],
        longitudes=[circle.center.longitude],
        radius_m=circle.radius_m,
        south=bounds.south,
        west=bounds.west,
        north=bounds.north,
        east=bounds.east,
        version=1,
    )
