"""Who looks around in the demo: a token of any role for the asking, since nobody in it is real."""

from datetime import timedelta

from fleet_api.demo.demo_ids import driver_id, provider_id
from fleet_api.demo.world.providers import PROVIDERS
from fleet_api.shared.domain.ids import new_id
from fleet_api.shared.domain.permission import Role
from fleet_api.shared.infrastructure.resources import Services

_TTL = timedelta(hours=1)
_AT_THE_WHEEL = 7
"""Of each provider's drivers one who is active and holds a vehicle."""


class DemoVisitors:
    providers = tuple(provider.slug for provider in PROVIDERS)

    def token(self, services: Services, role: Role, provider: str) -> str:
        """For an hour. provider: one of `providers`, whatever the role; the platform's operator is of none."""
        of_a_provider = role is not Role.PLATFORM_OPS
        subject = f"{role}@{provider if of_a_provider else 'platform'}"
        if role is Role.DRIVER:
            subject = str(driver_id(provider, _AT_THE_WHEEL))
        return services.tokens.issue(
            role=role,
            subject=subject,
            provider_id=provider_id(provider) if of_a_provider else None,
            ttl=_TTL,
            now=services.now(),
            jti=new_id(),
        )
