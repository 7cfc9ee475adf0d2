"""What an officer does with a shop's money side while its owner stands there.

The declared account is held against the owner's own bank code, and the stand is printed. Nothing else of an owner's:
an account in use is changed by its owner alone.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import Conflict, InvalidInput
from payments.models import StandCode
from payments.services.printing import NothingToPrint, stand_to_print
from payments.services.stands import live_stand, stand_of
from payments.vietqr.reader import read_vietqr
from payments.vietqr.values import UnreadableVietQR
from payments.vietqr.writer import TO_ACCOUNT
from vendors.access import require_commune_staff
from vendors.models import BankAccount, Membership, Vendor
from vendors.onboarding import confirm_account
from vendors.selectors import active_account
from vendors.services import set_bank_account


class NoAccountCode(InvalidInput):
    """The scanned text is no VietQR code that pays a bank account."""


class OtherAccount(Conflict):
    """The owner's bank shows another account than the shop declared."""


class AccountNotConfirmed(Conflict):
    """Nobody held the account against the owner's own bank yet."""


def confirm_account_by_code(
    *, actor: Actor, vendor: Vendor, payload: str, account_name: str = "", now: datetime
) -> BankAccount:
    """Confirm the shop's account by the code that the owner's banking app shows; `payload` is the code's text.

    A shop without an account gets this one, under `account_name`: the owner holds up the code themselves. One that
    declared another account is refused: only its owner changes it. Raises `NotFound` for staff of elsewhere,
    `NoAccountCode`, `OtherAccount`, and what `set_bank_account` raises.
    """
    require_commune_staff(actor, vendor.commune_id)
    bin_, number = _account_in(payload)
    with transaction.atomic():
        locked = Vendor.objects.select_for_update().get(pk=vendor.pk)
        account = active_account(locked)
        if account is None:
            account = set_bank_account(
                actor=_before_the_owner(actor, locked),
                vendor=locked,
                bin=bin_,
                account_number=number,
                account_name=account_name,
                now=now,
            )
        elif (account.bin, account.account_number) != (bin_, number):
            raise OtherAccount(
                _("Mã này trả vào tài khoản khác với tài khoản đã khai. Chủ gian hàng tự đổi tài khoản trước đã."),
                field="payload",
            )
        return confirm_account(actor=actor, account=account, now=now)


def make_stand_at_visit(*, actor: Actor, vendor: Vendor, now: datetime) -> StandCode:
    """The stand of the shop itself, made by an officer for its owner, once the account was confirmed.

    Raises `NotFound` for staff of elsewhere, `AccountNotConfirmed`, and what `stand_of` raises.
    """
    require_commune_staff(actor, vendor.commune_id)
    account = active_account(vendor)
    if account is not None and account.confirmed_at is None:
        raise AccountNotConfirmed(_("Bạn quét mã ngân hàng của chủ gian hàng trước, rồi mới in mã QR."))
    return stand_of(actor=_before_the_owner(actor, vendor), vendor=vendor, now=now)


def stand_to_print_at_visit(*, actor: Actor, vendor: Vendor) -> StandCode:
    """The shop's own stand, if it may be printed today. Raises `NotFound`, `NothingToPrint`, `StandOutdated`."""
    require_commune_staff(actor, vendor.commune_id)
    stand = live_stand(vendor)
    if stand is None:
        raise NothingToPrint(_("Chưa có mã QR nào để in."))
    return stand_to_print(actor=_before_the_owner(actor, vendor), vendor=vendor, stand_id=stand.pk)


def _account_in(payload: str) -> tuple[str, str]:
    try:
        code = read_vietqr(payload)
    except UnreadableVietQR as error:
        raise NoAccountCode(
            _("Không đọc được mã này. Bạn quét mã nhận tiền trong ứng dụng ngân hàng của chủ gian hàng."),
            field="payload",
        ) from error
    if code.bin is None or code.account is None or code.service not in (None, TO_ACCOUNT):
        raise NoAccountCode(_("Mã này không trả vào tài khoản ngân hàng nào."), field="payload")
    return code.bin, code.account.upper()


def _before_the_owner(actor: Actor, vendor: Vendor) -> Actor:
    """The officer in the owner's place, for one step that the owner watches. The journal names the officer."""
    return replace(actor, vendor_roles={vendor.pk: Membership.RoleInShop.OWNER.value})
