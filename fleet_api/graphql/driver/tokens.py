"""A session's tokens are computed whenever they are asked for, and nowhere stored: an answer that is replayed to a
phone which lost it carries the very same tokens, and a stolen database has none."""

from uuid import uuid5

from strawberry.parent import Parent

from fleet_api.drivers.domain.entities.driver_session import ACCESS_TOKEN_LIFE, DriverSession
from fleet_api.graphql.shared.info import Info
from fleet_api.shared.domain.permission import Role


def access_token(root: Parent[DriverSession], info: Info) -> str:
    return info.context.services.tokens.issue(
        role=Role.DRIVER,
        subject=str(root.driver_id),
        provider_id=root.fleet_provider_id,
        ttl=ACCESS_TOKEN_LIFE,
        now=root.refreshed_at,
        jti=uuid5(root.id, str(root.generation)),
        session_id=root.id,
    )


def refresh_token(root: Parent[DriverSession], info: Info) -> str:
    return info.context.services.refresh_tokens.encode(root.id, root.generation)
