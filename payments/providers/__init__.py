"""The providers whose notices this market reads, by the name in the notice's address."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from payments.providers.base import PlainAnswers, Provider
from payments.providers.casso import Casso
from payments.providers.payos import PayOS
from payments.providers.sepay import SePay
from payments.providers.vietqrvn import VietQRVN

PROVIDERS: Final[Mapping[str, Provider]] = {
    "sepay": SePay(),
    "casso": Casso(),
    "payos": PayOS(),
    "vietqrvn": VietQRVN(),
}
"""By the value of `Feed.Provider`; a provider that is not here is unknown to the notices' address."""


def refusal(provider: str, reason: str, *, message: str) -> Mapping[str, object]:
    """How a refusal is told to a provider, known or not: a fixed word, and a sentence where it has room for one."""
    adapter = PROVIDERS.get(provider) or PlainAnswers()
    return adapter.refusal(reason, message=message)
