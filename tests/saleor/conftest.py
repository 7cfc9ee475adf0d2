"""A played Saleor, the market installed into it, and the market at work."""

from tests.saleor.fixtures import at_work, installation, saleor, sold_there

__all__ = ["at_work", "installation", "saleor", "sold_there"]
