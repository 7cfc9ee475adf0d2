"""What Saleor refuses, in Saleor's words."""

from __future__ import annotations

from marketplace.core.errors import NotAllowed


def needs_one_of(*permissions: str) -> NotAllowed:
    """The refusal of what only programs and people with one of these permissions of Saleor's may ask."""
    listed = ", ".join(permissions)
    return NotAllowed(f"To access this path, you need one of the following permissions: {listed}")
