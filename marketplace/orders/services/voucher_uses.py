"""Counting what vouchers are used for: each use taken under the voucher's lock, and given back once.

A use belongs to an order until that ends unpaid, or to a checkout while its sum is held for a payment. The
order's `voucher_counts` and the checkout's `held_discount_vnd` say whose it is, so that it is given back once.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db.models import Q
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.orders.drafts import Draft, contact_phone, draft_of, is_held
from marketplace.orders.errors import VoucherNotApplicable, VoucherUsedUp
from marketplace.orders.locks import lock_voucher
from marketplace.orders.models import Checkout, Order, Voucher


def draft_with_voucher(checkout: Checkout, *, now: datetime) -> Draft:
    """The locked checkout priced, with its voucher locked too: what the draft says of it stays true.

    A use that was held past its time is given back first: others could have had it.
    """
    if checkout.voucher_id is not None:
        checkout.voucher = lock_voucher(checkout.voucher_id)
        if checkout.held_discount_vnd is not None and not is_held(checkout, now=now):
            _put(checkout.voucher, checkout.voucher.used - 1)
            checkout.held_discount_vnd = None
            checkout.save(update_fields=["held_discount_vnd"])
    return draft_of(checkout, now=now)


def require_first_use(draft: Draft) -> None:
    """Raises `VoucherNotApplicable` where the voucher is for one order a phone number, and this one had its own."""
    discount, checkout = draft.discount, draft.checkout
    if discount is None or not discount.voucher.apply_once_per_customer:
        return
    phone = contact_phone(checkout)
    if not phone:
        sentence = _("Mã {code} dùng một lần cho mỗi số điện thoại. Bạn để lại số điện thoại nhé.")
        raise VoucherNotApplicable(format_lazy(sentence, code=discount.voucher.code), field="promo_code")
    # Asked of a checkout that holds its use, too: its phone may be another than when that began.
    if was_used_by(discount.voucher, phone, but=checkout):
        sentence = _("Số điện thoại này đã dùng mã {code}. Mỗi số chỉ dùng một lần.")
        raise VoucherNotApplicable(format_lazy(sentence, code=discount.voucher.code), field="promo_code")


def was_used_by(voucher: Voucher, phone: str, *, but: Checkout | None = None) -> bool:
    """Whether an order, or another checkout than `but` that is being paid, uses the voucher for this phone number;
    never for none."""
    if not phone:
        return False
    if Order.objects.filter(voucher=voucher, phone=phone, voucher_counts=True).exists():
        return True
    theirs = Q(phone=phone) | Q(shipping_address__phone=phone) | Q(billing_address__phone=phone)
    held = Checkout.objects.filter(theirs, voucher=voucher, held_discount_vnd__isnull=False)
    return (held if but is None else held.exclude(pk=but.pk)).exists()


def without_refused_voucher(draft: Draft) -> Draft:
    """The draft without a discount that may not be had: for money that came, which nobody can be asked about."""
    try:
        require_first_use(draft)
    except VoucherNotApplicable:
        return replace(draft, discount=None)
    return draft


def use_for_order(draft: Draft) -> None:
    """Count the order that the draft becomes; what its checkout held is the order's now. The voucher is locked."""
    if draft.discount_vnd and draft.discount is not None and draft.checkout.held_discount_vnd is None:
        _put(draft.discount.voucher, draft.discount.voucher.used + 1)


def hold_use(draft: Draft) -> None:
    """Hold a use and its đồng for the checkout's payment; held already: nothing more. The voucher is locked."""
    if draft.discount_vnd and draft.discount is not None and draft.checkout.held_discount_vnd is None:
        _put(draft.discount.voucher, draft.discount.voucher.used + 1)
        draft.checkout.held_discount_vnd = draft.discount_vnd


def give_back_held(checkout: Checkout) -> None:
    """Give back the use that a locked checkout holds, if it holds one; the caller saves `held_discount_vnd`."""
    if checkout.held_discount_vnd is not None and checkout.voucher_id is not None:
        voucher = lock_voucher(checkout.voucher_id)
        _put(voucher, voucher.used - 1)
        checkout.held_discount_vnd = None


def give_back_of_order(order: Order) -> None:
    """A locked order that ends no longer counts as a use; the caller saves `voucher_counts`."""
    if order.voucher_counts and order.voucher_id is not None:
        voucher = lock_voucher(order.voucher_id)
        _put(voucher, voucher.used - 1)
        order.voucher_counts = False


def use_again(order: Order) -> None:
    """Count a locked order that comes back to life, at the price it was placed at: its voucher may be over by now.

    Raises `VoucherUsedUp` where its use has gone to somebody else, or its buyer used it again. The shop may let the
    voucher be used once more and then book the money.
    """
    if order.voucher_id is None or order.voucher_counts:
        return
    voucher = lock_voucher(order.voucher_id)
    if voucher.apply_once_per_customer and was_used_by(voucher, order.phone):
        sentence = _(
            "Đơn đã hết hạn và khách đã dùng mã {code} cho đơn khác. Chủ gian hàng sửa mã, "
            "bỏ mục mỗi số một lần, rồi ghi lại."
        )
        raise VoucherUsedUp(format_lazy(sentence, code=voucher.code), field="order")
    if voucher.usage_limit is not None and voucher.used >= voucher.usage_limit:
        sentence = _("Đơn đã hết hạn và mã {code} đã hết lượt. Chủ gian hàng sửa mã cho dùng thêm rồi ghi lại.")
        raise VoucherUsedUp(format_lazy(sentence, code=voucher.code), field="order")
    _put(voucher, voucher.used + 1)
    order.voucher_counts = True
    order.save(update_fields=["voucher_counts"])


def _put(voucher: Voucher, used: int) -> None:
    voucher.used = used
    voucher.save(update_fields=["used"])
