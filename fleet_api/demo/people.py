"""The providers of a seeded world and their drivers."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from fleet_api.demo.demo_ids import driver_id, provider_id
from fleet_api.demo.plan import SeedPlan
from fleet_api.demo.world.names import person
from fleet_api.demo.world.providers import PROVIDERS, DemoProvider
from fleet_api.drivers.domain.entities.driver import Driver
from fleet_api.drivers.domain.entities.driver_status import DriverStatus
from fleet_api.fleet_providers.domain.entities.fleet_provider import FleetProvider
from fleet_api.fleet_providers.domain.entities.fleet_provider_status import FleetProviderStatus

_LICENCE_YEARS = 10
# Of every forty drivers, those at the end are not (or no longer) at the wheel.
_STATUSES = {
    36: DriverStatus.INVITED,
    37: DriverStatus.PENDING_VERIFICATION,
    38: DriverStatus.SUSPENDED,
    39: DriverStatus.OFFBOARDED,
}


def demo_providers() -> Iterator[FleetProvider]:
    for provider in PROVIDERS:
        id = provider_id(provider.slug)
        yield FleetProvider(
            id=id,
            parent_id=None,
            lineage=[id],
            legal_name=provider.legal_name,
            tax_id=provider.tax_id,
            country_code=provider.country_code,
            currency=provider.currency,
            timezone=provider.timezone,
            status=FleetProviderStatus.ACTIVE,
            version=1,
        )


def demo_drivers(provider: DemoProvider, plan: SeedPlan, midnight: datetime) -> Iterator[Driver]:
    for index in range(plan.drivers):
        who = person(provider, index)
        yield Driver(
            id=driver_id(provider.slug, index),
            fleet_provider_id=provider_id(provider.slug),
            full_name=who.full_name,
            phone=who.phone,
            email=who.email,
            locale=who.locale,
            licence_number=who.licence_number,
            licence_country=who.licence_country,
            licence_classes=list(who.licence_classes),
            # Spread over ten years from today on, so that there are always some that run out this month.
            licence_expires_on=(midnight + timedelta(days=index * 37 % (365 * _LICENCE_YEARS))).date(),
            status=_STATUSES.get(index % 40, DriverStatus.ACTIVE),
            version=1,
        )
