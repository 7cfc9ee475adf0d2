"""Why a catalogue cannot be brought to a Saleor, in words for the operator."""

from __future__ import annotations

from marketplace.core.errors import Conflict, NotFound


class NoChannel(NotFound):
    """The Saleor has no channel in đồng, several, or not the one that was named."""


class NoWarehouse(NotFound):
    """No warehouse of the channel delivers within Vietnam: nothing put there could be bought."""


class ShapeTaken(Conflict):
    """An attribute of ours is there already as something else."""


class SyncRuns(Conflict):
    """Another process brings goods to this Saleor at present."""


class NotInstalled(NotFound):
    """The market is no App of that Saleor."""
