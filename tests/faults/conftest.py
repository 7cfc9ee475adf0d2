"""Storms over an installation into a Saleor begin as its tests do."""

from tests.saleor.fixtures import at_work, installation, saleor, sold_there

__all__ = ["at_work", "installation", "saleor", "sold_there"]
