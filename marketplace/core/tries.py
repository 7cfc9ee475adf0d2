"""Counting tries in the cache, for limits that need not survive a restart."""

from __future__ import annotations

from django.core.cache import cache


def count_try(key: str, *, kept_s: int) -> None:
    """Count one more under `key`; the count is forgotten `kept_s` seconds after its first."""
    if not cache.add(key, 1, kept_s):
        try:
            cache.incr(key)
        except ValueError:  # ran out between the two calls
            cache.set(key, 1, kept_s)
