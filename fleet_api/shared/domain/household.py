"""Whose an address is, where addresses are all that is known of who asks."""

from functools import lru_cache
from ipaddress import IPv6Address, ip_address, ip_network


@lru_cache(maxsize=4_096)
def household_of(address: str) -> str:
    """Whoever has one address of IPv6 has 2⁶⁴: they count as one."""
    try:
        ip = ip_address(address)
    except ValueError:  # of a proxy's own making
        return address
    if not isinstance(ip, IPv6Address):
        return address
    return str(ip.ipv4_mapped or ip_network((ip, 64), strict=False))
