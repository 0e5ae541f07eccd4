"""How many bytes a request may have."""

from dataclasses import dataclass
from typing import Self

from fleet_api.graphql.transport.refusals import BoundRefusals
from fleet_api.settings import Settings


@dataclass(frozen=True, slots=True)
class ByteBounds:
    """Read for each request, several times: settings themselves take long to ask."""

    headers: int
    header_bytes: int
    url_bytes: int
    body_bytes: int
    refusals: BoundRefusals

    @classmethod
    def of(cls, settings: Settings) -> Self:
        most = settings.max_headers, settings.max_header_bytes, settings.max_url_bytes, settings.max_body_bytes
        return cls(*most, BoundRefusals.of(settings))
