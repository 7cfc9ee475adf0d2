"""The providers whose notices this market reads, by the name in the notice's address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from payments.providers.base import Provider
from payments.providers.sepay import SePay

PROVIDERS: Final[Mapping[str, Provider]] = {
    "sepay": SePay(),
}
"""By the value of `Feed.Provider`; a provider that is not here yet is unknown to the notices' address."""
