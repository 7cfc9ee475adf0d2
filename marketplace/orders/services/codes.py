"""Payment codes: one live one for each order, and for each checkout that is paid before there is an order."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.payment_codes import is_valid_code, new_code
from marketplace.core.statements import Given, Kept, insert_unless_known
from marketplace.orders.drafts import Draft, is_held, require_ready, shop_of
from marketplace.orders.errors import NoBankAccount
from marketplace.orders.locks import lock_checkout, lock_order
from marketplace.orders.models import Checkout, Order, PaymentCode
from marketplace.orders.services.deliveries import renew_offers
from marketplace.orders.services.holding import hold
from marketplace.orders.services.voucher_uses import draft_with_voucher, require_first_use
from vendors.models import Vendor
from vendors.selectors import active_account

CODE_TRIES_MAX = 5
"""Codes are drawn out of 78 billion: a second collision in a row means that something else is wrong."""

_LIVE: Kept[PaymentCode] = Kept(
    lambda: PaymentCode.objects.filter(checkout=Given("checkout"), order=None, is_live=True)
)


def issue_code(
    *, vendor: Vendor, now: datetime, checkout: Checkout | None = None, order: Order | None = None
) -> PaymentCode:
    """A new live code for a locked checkout or order, with the account its shop is paid into now.

    Raises `NoBankAccount`.
    """
    account = active_account(vendor)
    if account is None:
        raise NoBankAccount(_("Gian hàng này chưa có tài khoản nhận tiền nên chưa đặt hàng được."))
    code = PaymentCode(
        vendor=vendor,
        checkout=checkout,
        order=order,
        bin=account.bin,
        account_number=account.account_number,
        account_name=account.account_name,
        memo_prefix=account.memo_prefix,
        issued_at=now,
    )
    _save_under_free_code(code)
    return code


def _save_under_free_code(code: PaymentCode) -> None:
    for _time in range(CODE_TRIES_MAX):
        code.code = new_code()
        if insert_unless_known(code, by=("code",)):
            return
    raise IntegrityError("no free payment code was drawn")


def live_code_of_order(*, order: Order, now: datetime) -> PaymentCode:
    """The code to pay this order with: the one it has, or a new one. Raises `NoBankAccount`."""
    with transaction.atomic():
        locked = lock_order(order.pk)
        live = PaymentCode.objects.filter(order=locked, is_live=True).first()
        return live or issue_code(vendor=locked.vendor, order=locked, now=now)


def live_code_of_checkout(checkout: Checkout) -> PaymentCode | None:
    """The code that a checkout is paid with before there is an order, if one was issued."""
    return _LIVE.one(checkout=checkout.pk)


def reserve_checkout(*, checkout_id: uuid.UUID, now: datetime) -> PaymentCode:
    """Hold the checkout's stock and prices for its payment, and answer the code to pay it with.

    Again: the same code, the hold renewed (`holding.HOLD_S_MAX` at most). Raises what `drafts.require_ready`
    raises, `InsufficientStock`, `NoBankAccount`, `NotFound`; nothing is changed then.
    """
    with transaction.atomic():
        return reserve(checkout_id=checkout_id, now=now).code


@dataclass(frozen=True, slots=True)
class Reserved:
    """What is held for a payment and for how much, the code to pay it with, and whether that was issued just now."""

    draft: Draft
    code: PaymentCode
    is_new_code: bool


def reserve(*, checkout_id: uuid.UUID, now: datetime) -> Reserved:
    """What `reserve_checkout` does, inside the caller's transaction."""
    checkout = lock_checkout(checkout_id)
    if not is_held(checkout, now=now):
        renew_offers(checkout)
    draft = draft_with_voucher(checkout, now=now)
    require_ready(draft)
    require_first_use(draft)
    hold(draft, now=now)
    live = live_code_of_checkout(checkout)
    code = live or issue_code(vendor=shop_of(checkout), checkout=checkout, now=now)
    return Reserved(draft, code, is_new_code=live is None)


def code_by_text(code: str) -> PaymentCode | None:
    """The code of exactly this text, with its order, checkout and vendor; None where there is none."""
    if not is_valid_code(code):
        return None
    return PaymentCode.objects.filter(code=code).select_related("order", "checkout", "vendor__commune").first()
