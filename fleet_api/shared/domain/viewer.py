"""Who is asking."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from fleet_api.shared.domain.permission import Permission, Role, permissions_of


@dataclass(frozen=True, slots=True)
class Viewer:
    """Someone whose identity is proven, or `ANONYMOUS`.

    `provider_id` is the tenant, and `None` only for those who have none: the platform's operator and the anonymous.
    Any other viewer without a tenant cannot be built, so that `None` never widens what someone sees.
    `expires_at` is when the proof ends; `None` means that it does not. `address` is the network address that asks.
    Raises `ValueError` for a viewer who cannot be.
    """

    subject: str
    role: Role | None
    provider_id: UUID | None
    session_id: UUID | None = None
    expires_at: datetime | None = None
    address: str = ""
    principal: str = field(init=False, compare=False, repr=False)
    """The same for every token of one viewer, and never the same for two: `dispatcher:<provider>:anna`.

    It bears the tenant because subjects are unique only within their provider.
    """
    permissions: frozenset[Permission] = field(init=False, compare=False, repr=False)
    driver_id: UUID | None = field(init=False, compare=False, repr=False)
    """The driver who is asking, if it is one."""

    def __post_init__(self) -> None:
        if (self.provider_id is None) != (self.role in (None, Role.PLATFORM_OPS)):
            raise ValueError(f"a viewer's provider does not fit the role {self.role}")
        # Worked out once: a viewer asks for much.
        object.__setattr__(self, "driver_id", UUID(self.subject) if self.role is Role.DRIVER else None)
        object.__setattr__(self, "permissions", permissions_of(self.role))
        principal = f"{self.role or 'anonymous'}:{self.provider_id or ''}:{self.subject}"
        object.__setattr__(self, "principal", principal)

    @classmethod
    def system(cls) -> "Viewer":
        """Ourselves: jobs, imports and seeds."""
        return cls(subject="system", role=Role.PLATFORM_OPS, provider_id=None)

    def may(self, permission: Permission) -> bool:
        return permission in self.permissions

    @property
    def actor(self) -> str:
        """Whom an event of one provider names: `dispatcher:anna`."""
        return f"{self.role or 'anonymous'}:{self.subject}"


ANONYMOUS = Viewer(subject="", role=None, provider_id=None)
