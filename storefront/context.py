"""What every page's frame shows."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def market(request: HttpRequest) -> dict[str, Any]:
    """Template variables of the frame."""
    return {}
