"""The `channel` argument: left out it means `online`; the channel `stall` is not public."""

from __future__ import annotations

from marketplace.orders.models import Channel


def is_online(channel: str | None) -> bool:
    """Whether what is asked for is the public channel. Any other one has nothing to show, as in Saleor."""
    return channel is None or channel == Channel.ONLINE
