"""Global ids as clients see them, made here without the market's own code."""

from __future__ import annotations

import base64


def gid(kind: str, key: object) -> str:
    """Base64 of `Kind:key`."""
    return base64.b64encode(f"{kind}:{key}".encode()).decode()
