"""Counting tries in the cache, for limits that need not survive a restart."""

from __future__ import annotations

import hashlib
from ipaddress import IPv6Address, ip_address, ip_network

from django.core.cache import cache

HOUSE_BITS = 64
"""One house, or one rented server, has an IPv6 network of this prefix, and 2^64 addresses in it."""


def count_try(key: str, *, kept_s: int) -> None:
    """Count one more under `key`; the count is forgotten `kept_s` seconds after its first."""
    if not cache.add(key, 1, kept_s):
        try:
            cache.incr(key)
        except ValueError:  # ran out between the two calls
            cache.set(key, 1, kept_s)


def key_of_address(kind: str, address: str) -> str:
    """The key by which tries of `kind` from a network address are counted: of IPv6, those of its whole /64."""
    try:
        known = ip_address(address)
    except ValueError:
        counted = address
    else:
        counted = str(known)
        if isinstance(known, IPv6Address) and known.ipv4_mapped is None:
            counted = str(ip_network((known, HOUSE_BITS), strict=False))
    return f"{kind}:from:{hashlib.sha256(counted.encode()).hexdigest()}"
