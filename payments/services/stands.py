"""A shop's own codes for posters: made once a place, made anew when its account changes, found again in a memo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, NotFound
from marketplace.core.payment_codes import is_valid_code, new_code
from marketplace.orders.errors import NoBankAccount
from marketplace.orders.models import PaymentCode
from payments.models import StandCode
from payments.vietqr.writer import TO_ACCOUNT, write_vietqr
from vendors.access import require_owner, require_seller
from vendors.models import BankAccount, Vendor, Warehouse
from vendors.selectors import active_account

CODE_TRIES_MAX: Final = 5
"""Codes are drawn out of 78 billion: a second collision in a row means that something else is wrong."""
CODES_ASKED_MAX: Final = 100


class NotYetVerified(Conflict):
    """A shop that may not sell gets no poster with the market's name on it."""


class NoFreeCode(Conflict):
    """Every code that was drawn is taken."""


def stand_of(*, actor: Actor, vendor: Vendor, place: Warehouse | None = None, now: datetime) -> StandCode:
    """The code that stands in this place of the shop, or in the shop itself: the one it has, or a new one.

    Again: the same one, as long as the shop's account stays as it is printed; another account replaces it. A
    seller gets what there is, only the owner makes one. Raises `NotFound`, `NotAllowed`, `NotYetVerified`,
    `NoBankAccount`.
    """
    require_seller(actor, vendor)
    with transaction.atomic():
        # The account changes under this lock too, so nothing is printed of one that is being replaced.
        locked = Vendor.objects.select_for_update(no_key=True).get(pk=vendor.pk)
        if not locked.may_sell:
            raise NotYetVerified(_("Gian hàng được xã xác minh rồi mới in được mã QR."))
        account = active_account(locked)
        if account is None:
            raise NoBankAccount(_("Bạn khai tài khoản nhận tiền trước, rồi mới in được mã QR."))
        _check_place(locked, place)
        known = live_stand(locked, place)
        if known is not None and shows_account(known, account):
            return known
        require_owner(actor, locked)
        return _replace(known, account, place=place, actor=actor, now=now)


def live_stand(vendor: Vendor, place: Warehouse | None = None) -> StandCode | None:
    """The last code made for this place, whether or not its account is still the shop's."""
    return StandCode.objects.filter(vendor=vendor, place=place, replaced_at=None).first()


def shows_account(stand: StandCode, account: BankAccount | None) -> bool:
    """Whether what is printed on the stand is this account, letter for letter."""
    return account is not None and all(
        getattr(stand, name) == getattr(account, name)
        for name in ("vendor_id", "bin", "account_number", "account_name", "memo_prefix")
    )


def stand_codes_of(codes: Sequence[str]) -> Mapping[str, StandCode]:
    """Those of the codes that stand on posters, with vendor and place; replaced ones too. One statement.

    A text that is an order's payment code as well is not answered: the order goes first. At most
    `CODES_ASKED_MAX` codes are looked at.
    """
    asked = [code for code in codes[:CODES_ASKED_MAX] if is_valid_code(code)]
    orders = PaymentCode.objects.filter(code__in=asked).values("code")
    stands = StandCode.objects.filter(code__in=asked).exclude(code__in=orders)
    return {stand.code: stand for stand in stands.select_related("vendor", "place")}


def stand_payload(stand: StandCode) -> str:
    """The text of the stand's VietQR code: no amount, for many payments, the stand's own code as its memo."""
    return write_vietqr(bin=stand.bin, account=stand.account_number, memo=stand.memo, service=stand.service)


def _check_place(vendor: Vendor, place: Warehouse | None) -> None:
    if place is not None and (place.vendor_id != vendor.pk or not place.is_active):
        raise NotFound(_("Không tìm thấy nơi bán này."))


def _replace(
    known: StandCode | None, account: BankAccount, *, place: Warehouse | None, actor: Actor, now: datetime
) -> StandCode:
    """A new code for the account in place of the one before, if any. The vendor is locked."""
    if known is not None:
        StandCode.objects.filter(pk=known.pk).update(replaced_at=now)
    stand = StandCode.objects.create(
        code=_free_code(),
        vendor_id=account.vendor_id,
        place=place,
        bin=account.bin,
        account_number=account.account_number,
        account_name=account.account_name,
        memo_prefix=account.memo_prefix,
        service=TO_ACCOUNT,
        made_at=now,
    )
    journal.record(
        kind="stand.made",
        aggregate_type="vendor",
        aggregate_id=account.vendor_id,
        actor=actor,
        now=now,
        data={
            "vendor": account.vendor_id,
            "stand": stand.pk,
            "place": place.pk if place else None,
            "replaces": known.pk if known else None,
        },
    )
    return stand


def _free_code() -> str:
    """A code that no stand and no order has. Orders do not ask back: should one ever draw a stand's code, the order
    goes first (`stand_codes_of`)."""
    for _try in range(CODE_TRIES_MAX):
        code = new_code()
        if not PaymentCode.objects.filter(code=code).exists() and not StandCode.objects.filter(code=code).exists():
            return code
    raise NoFreeCode(_("Chưa lấy được mã mới. Bạn thử lại sau một phút."))
