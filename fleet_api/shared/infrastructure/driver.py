"""The one way to PostgreSQL: an address in libpq's words becomes a connection of the driver."""

from typing import Any

import asyncpg
from sqlalchemy import URL, make_url

_CONNECT_SECONDS = 2.0

_NOT_UNDERSTOOD = frozenset(
    (
        "channel_binding fallback_application_name gssdelegation gssencmode hostaddr keepalives keepalives_count "
        "keepalives_idle keepalives_interval load_balance_hosts replication require_auth requirepeer sslcertmode "
        "sslcompression sslcrldir sslsni tcp_user_timeout"
    ).split()
)
"""What libpq does and the driver does not. Whatever else is neither's is a setting of PostgreSQL's, which judges it."""


async def connect(url: str, **options: Any) -> asyncpg.Connection:
    """url: with or without the name of the driver. options: the driver's."""
    address = make_url(url)
    patience = float(str(address.query.get("connect_timeout", _CONNECT_SECONDS)))
    dsn = address.set(drivername="postgresql").difference_update_query(["connect_timeout"])
    return await asyncpg.connect(dsn.render_as_string(hide_password=False), timeout=patience, **options)


def problem_of(address: URL) -> str | None:
    """What an operator wrote into an address and will not get; never a value of it."""
    strange = sorted(_NOT_UNDERSTOOD & address.query.keys())
    if strange:
        return f"{', '.join(strange)}: libpq understands this, and we do not. Leave it out."
    patience = str(address.query.get("connect_timeout", "1"))
    if not patience.isdecimal() or int(patience) == 0:
        return "connect_timeout: a number of seconds, from 1."
    return None
