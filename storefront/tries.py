"""Counting tries, where the pages look for it; orders count theirs too, so it lives in core."""

from __future__ import annotations

from marketplace.core.tries import count_try, key_of_address

__all__ = ["count_try", "key_of_address"]
