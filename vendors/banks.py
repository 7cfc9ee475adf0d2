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

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput

ACCOUNT_CHARACTERS_MAX: Final = 19
"""NAPAS' limit for field 38-01-01; card numbers reach it."""

_ACCOUNT = re.compile(f"[0-9A-Z]{{1,{ACCOUNT_CHARACTERS_MAX}}}")
_SPACES = str.maketrans("", "", " \u00a0\u2009\u202f")
"""The spaces people type or paste between groups of digits."""
_WALLET_KINDS: Final = frozenset({"e_wallet", "mobile_money"})


class UnknownBank(InvalidInput):
    """No bank or wallet has this BIN."""


class BankCannotReceive(InvalidInput):
    """An account at this bank cannot be looked up, so NAPAS247 carries no transfer to it."""


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
    lookup_supported_disputed: bool
    former_name: str | None
    """The name people may still know it by."""
    sources: tuple[str, ...]

    @property
    def label(self) -> str:
        """The short name, with the one that people may still know it by: "BVBank (VietCapitalBank)"."""
        return f"{self.short_name} ({self.former_name})" if self.former_name else self.short_name

    @property
    def doubt(self) -> Promise | None:
        """What a shop should know before it is paid into an account here; None where the sources agree."""
        if self.lookup_supported is not True:
            return _("Các nguồn chưa thống nhất ngân hàng này có nhận chuyển nhanh không. Bạn chuyển thử 1.000 đồng.")
        if self.transfer_supported_disputed:
            return _("Các nguồn chưa thống nhất về ứng dụng của ngân hàng này. Bạn nhờ người khác quét thử mã.")
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wallet:
    """A wallet whose holders are paid by a bank transfer, and the shape of their accounts."""

    name: str
    bin: str
    account_pattern: re.Pattern[str]
    account_prefix: str
    """How its accounts begin at a bank that has others too; empty where the whole BIN is the wallet's."""


@cache
def all_banks() -> tuple[Bank, ...]:
    """Every bank of the table, in order of its BIN."""
    return tuple(sorted((_bank(row) for row in _table()["banks"]), key=lambda bank: bank.bin))


@cache
def all_wallets() -> tuple[Wallet, ...]:
    """Every wallet that can be paid by NAPAS247, as the table has them; one may have several shapes of account."""
    return tuple(map(_wallet, _table()["wallets_via_bank_account"]))


def bank_by_bin(bin: str) -> Bank:
    """The bank with this BIN of six digits; raises UnknownBank."""
    try:
        return _banks_by_bin()[bin]
    except KeyError:
        raise UnknownBank(_("Chưa có ngân hàng nào mang mã này."), field="bin") from None


def bank_in_words(bin: str) -> str:
    """The short name of the bank with this BIN; the bare BIN where none is known, as on an account of long ago."""
    bank = _banks_by_bin().get(bin)
    return bank.short_name if bank is not None else bin


def bank_that_receives(bin: str) -> Bank:
    """The bank with this BIN, if a shop can be paid there by fast transfer.

    Raises UnknownBank, and BankCannotReceive where the sources agree that accounts there cannot be looked up.
    Where they disagree or say nothing, `Bank.doubt` says so.
    """
    bank = bank_by_bin(bin)
    if bank.lookup_supported is False and not bank.lookup_supported_disputed:
        raise BankCannotReceive(
            _("Ngân hàng này chưa nhận chuyển nhanh NAPAS247. Bạn chọn tài khoản ở ngân hàng khác."), field="bin"
        )
    return bank


def wallet_of(bin: str, account: str) -> Wallet | None:
    """The wallet whose account this is, `account` as `check_account_number` gives it; None for a bank's own."""
    fitting = (wallet for wallet in _wallets_at(bin) if wallet.account_pattern.fullmatch(account))
    return next(fitting, None)


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
    if _claims_to_be_wallets(bank, normalised) and wallet_of(bank.bin, normalised) is None:
        raise InvalidAccountNumber(_("Số tài khoản này không đúng kiểu của ví đã chọn."), field="account")
    return normalised


def _claims_to_be_wallets(bank: Bank, account: str) -> bool:
    """Whether the account can only be a wallet's: the whole BIN is, or it begins as a wallet's accounts do."""
    prefixes = tuple(wallet.account_prefix for wallet in _wallets_at(bank.bin) if wallet.account_prefix)
    return bank.kind in _WALLET_KINDS or account.startswith(prefixes)


def _wallets_at(bin: str) -> tuple[Wallet, ...]:
    return tuple(wallet for wallet in all_wallets() if wallet.bin == bin)


@cache
def _table() -> Any:
    return json.loads((files("vendors") / "data" / "banks.json").read_text(encoding="utf-8"))


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
        lookup_supported_disputed=row.get("lookup_supported_disputed", False),
        former_name=row.get("former"),
        sources=tuple(row["source"]),
    )


def _wallet(row: Mapping[str, Any]) -> Wallet:
    return Wallet(
        name=row["wallet"],
        bin=row["bin"],
        account_pattern=re.compile(row["account_pattern"]),
        account_prefix=row.get("account_prefix", ""),
    )
