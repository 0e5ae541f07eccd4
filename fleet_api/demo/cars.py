"""The vehicles of a seeded world, and where each of them was on its last day."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import UUID

from fleet_api.demo.demo_ids import demo_id, provider_id, vehicle_id
from fleet_api.demo.plan import SeedPlan
from fleet_api.demo.world.catalogue import CATALOGUE
from fleet_api.demo.world.drive import Drive, TrackPoint, day_of_points
from fleet_api.demo.world.energy import Car
from fleet_api.demo.world.plates import plate
from fleet_api.demo.world.providers import PROVIDERS, DemoProvider
from fleet_api.demo.world.routes import ROUTES, Route
from fleet_api.demo.world.vins import vin
from fleet_api.vehicles.domain.entities.vehicle import Vehicle
from fleet_api.vehicles.domain.entities.vehicle_model import VehicleModel
from fleet_api.vehicles.domain.entities.vehicle_status import VehicleStatus
from fleet_api.vehicles.domain.open_ev_data import ModelDraft

_SECONDS_BETWEEN_POINTS = 240
_IDLE = {
    27: VehicleStatus.MAINTENANCE,
    28: VehicleStatus.OUT_OF_SERVICE,
    29: VehicleStatus.RETIRED,
}


@dataclass(frozen=True, slots=True)
class DemoCar:
    """A vehicle with its last day's points; daily_m is about what it does in a day."""

    vehicle: Vehicle
    points: Sequence[TrackPoint]
    daily_m: int


def demo_models() -> Iterator[VehicleModel]:
    return (_model(draft) for draft in CATALOGUE)


def demo_cars(provider: DemoProvider, plan: SeedPlan, midnight: datetime) -> Iterator[DemoCar]:
    for index in range(plan.vehicles):
        yield _car(provider, index, plan, midnight)


def draft_of(index: int) -> ModelDraft:
    return CATALOGUE[index * 7 % len(CATALOGUE)]


def route_of(slug: str, index: int) -> Route:
    return ROUTES[slug][index % len(ROUTES[slug])]


def physics(draft: ModelDraft) -> Car:
    return Car(draft.usable_battery_kwh, draft.ac_max_kw, draft.dc_max_kw, draft.range_m)


def _car(provider: DemoProvider, index: int, plan: SeedPlan, midnight: datetime) -> DemoCar:
    draft, rng = draft_of(index), Random(f"{provider.slug}/{index}")  # noqa: S311 - a demo is to be foreseeable
    odometer_m = rng.randint(8_000_000, 140_000_000)
    points = _points(provider, index, rng, odometer_m, plan, midnight)
    vehicle = Vehicle(
        id=vehicle_id(provider.slug, index),
        fleet_provider_id=provider_id(provider.slug),
        vin=vin(draft.make, draft.year, index + PROVIDERS.index(provider) * plan.vehicles),
        plate=plate(provider.country_code, index),
        plate_country=provider.country_code,
        model_id=_model_id(draft),
        usable_battery_kwh=draft.usable_battery_kwh,
        # Three of five are with their driver as the day ends.
        status=_IDLE.get(index % 30, VehicleStatus.ASSIGNED if is_out(index) else VehicleStatus.AVAILABLE),
        odometer_m=points[-1].odometer_m,
        version=1,
    )
    return DemoCar(vehicle, points, daily_m=rng.randint(120_000, 260_000))


def is_out(index: int) -> bool:
    return index % 5 < 3 and index % 30 not in _IDLE


def _points(
    provider: DemoProvider, index: int, rng: Random, odometer_m: int, plan: SeedPlan, midnight: datetime
) -> Sequence[TrackPoint]:
    route, car = route_of(provider.slug, index), physics(draft_of(index))
    if plan.points is None:
        return day_of_points(
            rng,
            route=route,
            car=car,
            air_c=provider.air_c,
            start=midnight - timedelta(days=1),
            odometer_m=odometer_m,
            every_seconds=_SECONDS_BETWEEN_POINTS,
        )
    drive = Drive(
        rng,
        route=route,
        car=car,
        air_c=provider.air_c,
        at=midnight - timedelta(hours=1),
        odometer_m=odometer_m,
        state_of_charge_pct=rng.uniform(35, 95),
        state_of_health_pct=rng.uniform(91, 99.5),
        energy_out_wh=odometer_m * 0.2,
        energy_regen_wh=odometer_m * 0.04,
    )
    return [drive.step(150) for _ in range(plan.points)]


def _model(draft: ModelDraft) -> VehicleModel:
    return VehicleModel(
        id=_model_id(draft),
        make=draft.make,
        name=draft.name,
        variant=draft.variant,
        year=draft.year,
        usable_battery_kwh=float(draft.usable_battery_kwh),
        connector_types=list(draft.connector_types),
        ac_max_kw=float(draft.ac_max_kw),
        dc_max_kw=float(draft.dc_max_kw) if draft.dc_max_kw is not None else None,
        range_m=draft.range_m,
    )


def _model_id(draft: ModelDraft) -> UUID:
    return demo_id(f"model/{draft.make}/{draft.name}/{draft.variant}/{draft.year}")
