"""What is printed on one stand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

GROUP_CHARACTERS: Final = 4
"""People compare an account with the one on their screen in groups of four."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StandSheet:
    """One shop's (or one place's) code with all that a payer compares before paying."""

    payload: str
    """The VietQR code's text."""
    shop_name: str
    place: str
    """Market and stall, or the commune: where this stands."""
    bank: str
    account_number: str
    holder: str
    """The account's holder, as the bank writes it and the payer's app will show it."""
    code: str
    """The stand's own code, in small letters, so that a person can tell which print this is."""
    printed_on: date
    is_demo: bool = False
    """The account exists at no bank, and the print says so."""

    @property
    def grouped_account(self) -> str:
        """The account in groups for reading: `1017 5888 88`. An account with letters stays in one piece."""
        number = self.account_number
        if not number.isdigit():
            return number
        return " ".join(number[at : at + GROUP_CHARACTERS] for at in range(0, len(number), GROUP_CHARACTERS))
