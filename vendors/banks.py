"""The banks and wallets a VietQR transfer can name, from the checked table in `data/banks.json`.

A wrong BIN sends money to another bank, so the table is data with its sources beside every row and is never
typed into code. The authority for 9704xx is the State Bank's letter 1589/NHNN-TT of 5 March 2024; the others
are routing ids of NAPAS.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput

ACCOUNT_CHARACTERS_MAX: Final = 19
"""NAPAS' limit for field 38-01-01; card numbers reach it."""

_ACCOUNT = re.compile(f"[0-9A-Z]{{1,{ACCOUNT_CHARACTERS_MAX}}}")
_SPACES = str.maketrans("", "", " \u00a0\u2009\u202f")
"""The spaces people type or paste between groups of digits."""
_PHONE = re.compile("0[0-9]{9}")
_ACCOUNT_OF_WALLET = {
    "971005": _PHONE,
    "971011": _PHONE,
    "971025": re.compile("PSP[0-9]+"),
}
"""Wallets whose every account has one shape; the table's `wallets_via_bank_account` gives the sources."""


class UnknownBank(InvalidInput):
    """No bank or wallet has this BIN."""


class InvalidAccountNumber(InvalidInput):
    """The text cannot be an account number at this bank."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """A bank, finance company or wallet that can be named in a VietQR code."""

    bin: str
    """Six digits; unique, unlike `code`."""
    code: str
    short_name: str
    name: str
    swift: str | None
    kind: str
    """bank, digital_bank, finance_company, mobile_money or e_wallet."""
    transfer_supported: bool | None
    """Whether its app can scan a VietQR code and pay; None where no source says."""
    transfer_supported_disputed: bool
    lookup_supported: bool | None
    """Whether an account there can be looked up, that is, be a receiver; None where no source says."""
    former_name: str | None
    """The name people may still know it by."""
    sources: tuple[str, ...]


@cache
def all_banks() -> tuple[Bank, ...]:
    """Every bank of the table, in order of its BIN."""
    table = json.loads((files("vendors") / "data" / "banks.json").read_text(encoding="utf-8"))
    return tuple(sorted((_bank(row) for row in table["banks"]), key=lambda bank: bank.bin))


def bank_by_bin(bin: str) -> Bank:
    """The bank with this BIN of six digits; raises UnknownBank."""
    try:
        return _banks_by_bin()[bin]
    except KeyError:
        raise UnknownBank(_("Chưa có ngân hàng nào mang mã này."), field="bin") from None


def check_account_number(bin: str, account: str) -> str:
    """`account` as the bank writes it: no spaces, upper case, 1 to 19 of 0-9 and A-Z.

    Only the shape is checked; whether the account exists, only a transfer tells. Raises UnknownBank and
    InvalidAccountNumber. Letters beyond ASCII are refused before the case is changed, because upper-casing
    turns some of them into other letters and the money would go elsewhere.
    """
    bank = bank_by_bin(bin)
    compact = account.translate(_SPACES)
    normalised = compact.upper() if compact.isascii() else ""
    if _ACCOUNT.fullmatch(normalised) is None:
        raise InvalidAccountNumber(
            _("Số tài khoản chỉ gồm chữ số và chữ cái không dấu, nhiều nhất 19 ký tự."), field="account"
        )
    shape = _ACCOUNT_OF_WALLET.get(bank.bin)
    if shape is not None and shape.fullmatch(normalised) is None:
        raise InvalidAccountNumber(_("Số tài khoản này không đúng kiểu của ví đã chọn."), field="account")
    return normalised


@cache
def _banks_by_bin() -> Mapping[str, Bank]:
    return {bank.bin: bank for bank in all_banks()}


def _bank(row: Mapping[str, Any]) -> Bank:
    return Bank(
        bin=row["bin"],
        code=row["code"],
        short_name=row["short_name"],
        name=row["name"],
        swift=row["swift"],
        kind=row["kind"],
        transfer_supported=row["transfer_supported"],
        transfer_supported_disputed=row.get("transfer_supported_disputed", False),
        lookup_supported=row["lookup_supported"],
        former_name=row.get("former"),
        sources=tuple(row["source"]),
    )
