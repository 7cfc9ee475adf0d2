"""Whom a printed code pays: what a shop asks about its own poster, over which somebody may have pasted theirs."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from marketplace.core.payment_codes import find_codes
from marketplace.orders.models import Order, PaymentCode
from payments.models import PaymentLink, StandCode
from payments.services.stands import stand_codes_of
from payments.vietqr.reader import read_vietqr
from payments.vietqr.values import UnreadableVietQR, VietQR
from payments.vietqr.writer import TO_ACCOUNT, TO_CARD
from vendors.banks import Bank, UnknownBank, bank_by_bin
from vendors.models import BankAccount, Vendor

ABROAD: Final = frozenset({"country", "currency"})
"""Reasons of the reader for which a code is whole, and of another country."""


class Verdict(StrEnum):
    """What a shop must know of a code before anything else."""

    RIGHT = "right"
    """It pays the shop's account of today, or a virtual account in front of it."""
    FORMER = "former"
    """It pays an account that the shop had before."""
    OTHER = "other"
    """It pays somebody else's account: perhaps it was pasted over."""
    CARD = "card"
    """It pays a card, and this market knows accounts only."""
    OTHER_SCHEME = "other_scheme"
    """It belongs to another network (VNPAY, a wallet's own), which names no bank account."""
    ABROAD = "abroad"
    """It pays in another country or currency."""
    UNREADABLE = "unreadable"
    """It is no VietQR code, or a damaged one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scan:
    """What a code says, as the shop sees it."""

    verdict: Verdict
    bin: str | None = None
    account_number: str | None = None
    bank: Bank | None = None
    """None with a `bin`: no bank of the table has it."""
    amount_vnd: int | None = None
    """An amount is in the code: it is for one payment and no poster."""
    order: Order | None = None
    """The shop's own order that the code was made for."""
    stand: StandCode | None = None
    """The shop's own stand that the code was printed on."""
    reason: str = ""
    """Why it cannot be read, in the reader's word for programs."""

    @property
    def pays_this_shop(self) -> bool:
        """Whether money goes where the shop is paid today."""
        return self.verdict is Verdict.RIGHT

    def as_fields(self) -> dict[str, object]:
        """The scan as plain values: what `market vietqr scan` prints."""
        return {
            "verdict": self.verdict.value,
            "pays_this_shop": self.pays_this_shop,
            "bin": self.bin,
            "bank": self.bank.short_name if self.bank else None,
            "account_number": self.account_number,
            "amount": self.amount_vnd,
            "order": self.order.number if self.order else None,
            "order_status": self.order.status if self.order else None,
            "stand": self.stand.code if self.stand else None,
            "stand_is_replaced": self.stand.replaced_at is not None if self.stand else None,
            "reason": self.reason or None,
        }


def check_scan(*, vendor: Vendor, payload: str) -> Scan:
    """Whom `payload`, the text of any QR code, pays, as far as it concerns this shop.

    Says of other people's codes no more than the code itself does. Writes nothing, raises nothing: a text that
    cannot be read is a verdict too.
    """
    try:
        code = read_vietqr(payload)
    except UnreadableVietQR as error:
        verdict = Verdict.ABROAD if error.reason in ABROAD else Verdict.UNREADABLE
        return Scan(verdict=verdict, reason=error.reason)
    if code.bin is None or code.account is None or code.service not in (None, TO_ACCOUNT, TO_CARD):
        return Scan(verdict=Verdict.OTHER_SCHEME, amount_vnd=code.amount)
    return _scan(vendor, code, bin=code.bin, account_number=code.account.upper())


def _scan(vendor: Vendor, code: VietQR, *, bin: str, account_number: str) -> Scan:
    codes = find_codes(code.purpose or "")
    link = _link(vendor, bin=bin, account_number=account_number)
    order = link.payment_code.order if link else _order(vendor, codes)
    stands = (stand for stand in stand_codes_of(codes).values() if stand.vendor_id == vendor.pk)
    return Scan(
        verdict=_verdict(vendor, code, bin=bin, account_number=account_number, is_link=link is not None),
        bin=bin,
        account_number=account_number,
        bank=_bank(bin),
        amount_vnd=code.amount,
        order=order,
        stand=next(stands, None),
    )


def _verdict(vendor: Vendor, code: VietQR, *, bin: str, account_number: str, is_link: bool) -> Verdict:
    if code.service == TO_CARD:
        return Verdict.CARD
    if is_link:
        return Verdict.RIGHT
    known = BankAccount.objects.filter(vendor=vendor, bin=bin, account_number=account_number).first()
    if known is None:
        return Verdict.OTHER
    return Verdict.RIGHT if known.is_active else Verdict.FORMER


def _link(vendor: Vendor, *, bin: str, account_number: str) -> PaymentLink | None:
    """The last link of the shop's own that a provider put this virtual account in front of."""
    links = PaymentLink.objects.filter(payment_code__vendor=vendor, bin=bin, account_number=account_number)
    return links.select_related("payment_code__order").order_by("-made_at", "-pk").first()


def _order(vendor: Vendor, codes: tuple[str, ...]) -> Order | None:
    rows = PaymentCode.objects.filter(vendor=vendor, code__in=codes, order__isnull=False)
    code = rows.select_related("order").first()
    return code.order if code else None


def _bank(bin: str) -> Bank | None:
    try:
        return bank_by_bin(bin)
    except UnknownBank:
        return None
