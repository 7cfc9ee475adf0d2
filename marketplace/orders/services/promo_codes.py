"""A shopper names a voucher's code for a checkout, or takes it off again. No use is taken before the order is placed.

A shop's codes are not for guessing: names of codes that are none are counted by checkout and by network address.
"""

from __future__ import annotations

import hashlib
import uuid
from datetime import datetime

from django.core.cache import cache
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import NotFound, TooMany
from marketplace.core.tries import count_try, key_of_address
from marketplace.orders.checks import known_uuid
from marketplace.orders.discounts import normal_code
from marketplace.orders.drafts import draft_of
from marketplace.orders.errors import NoSuchVoucher, VoucherNotApplicable
from marketplace.orders.locks import lock_checkout
from marketplace.orders.models import VOUCHER_CODE_CHARACTERS_MAX, Checkout, Voucher
from marketplace.orders.services.holding import release_hold

MISSES_OF_A_CHECKOUT_MAX = 10
MISSES_OF_AN_ADDRESS_MAX = 60
"""A whole village may share one address; the same as for looking orders up."""
MISSES_KEPT_S = 15 * 60
TYPED_CHARACTERS_MAX = 4 * VOUCHER_CODE_CHARACTERS_MAX


class TooManyMisses(TooMany):
    """Too many codes were named that are none; wait."""


def apply_voucher(*, checkout_id: uuid.UUID, code: str, address: str, now: datetime) -> Checkout:
    """Put a voucher of the checkout's shop on it, in the place of another; ends a hold, since the sum changes.

    `address` is the network's, to count misses by. The code may be typed in small letters, with blanks or marks.
    Whether this buyer has used a code of one use each is told only when the order is placed: here anybody could ask
    that about any phone number.
    Raises `NotFound`, `NoSuchVoucher` (the same for nobody's code and for another shop's), `VoucherNotApplicable`
    with the reason, `TooManyMisses`; nothing is changed then.
    """
    limits = {
        _key("checkout", str(known_uuid(checkout_id))): MISSES_OF_A_CHECKOUT_MAX,
        key_of_address("voucher-code", address): MISSES_OF_AN_ADDRESS_MAX,
    }
    misses = cache.get_many(limits)
    if any(misses.get(key, 0) >= most for key, most in limits.items()):
        sentence = _("Bạn đã thử nhiều mã không đúng. Đợi 15 phút rồi thử lại, hoặc đặt hàng không cần mã.")
        raise TooManyMisses(sentence, retry_after_s=MISSES_KEPT_S)
    try:
        return _apply(checkout_id, code, now=now)
    except NoSuchVoucher:
        for key in limits:
            count_try(key, kept_s=MISSES_KEPT_S)
        raise


def _apply(checkout_id: uuid.UUID, code: str, *, now: datetime) -> Checkout:
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        voucher = _voucher_of(checkout, code)
        release_hold(checkout)
        voucher.refresh_from_db(fields=["used"])  # a hold of this very checkout may just have given its use back
        checkout.voucher = voucher
        draft = draft_of(checkout, now=now)
        if draft.discount is not None and draft.discount.problem is not None:
            raise VoucherNotApplicable(draft.discount.problem, field="promo_code")
        checkout.updated_at = now
        checkout.save(update_fields=["voucher", "updated_at"])
    return checkout


def remove_voucher(
    *, checkout_id: uuid.UUID, now: datetime, code: str | None = None, voucher_id: int | None = None
) -> Checkout:
    """Take the voucher off the checkout, if there is one; ends a hold.

    Raises `NotFound` for a checkout, and for a `code` or an id that is not its voucher's.
    """
    with transaction.atomic():
        checkout = lock_checkout(checkout_id)
        known = checkout.voucher
        if code is not None and (known is None or normal_code(code[:TYPED_CHARACTERS_MAX]) != known.code):
            raise NotFound(_("Giỏ hàng không dùng mã này."), field="promo_code")
        if voucher_id is not None and (known is None or voucher_id != known.pk):
            raise NotFound(_("Giỏ hàng không dùng mã này."), field="promo_code_id")
        if known is None:
            return checkout
        release_hold(checkout)
        checkout.voucher = None
        checkout.updated_at = now
        checkout.save(update_fields=["voucher", "updated_at"])
    return checkout


def _voucher_of(checkout: Checkout, code: str) -> Voucher:
    wanted = normal_code(code[:TYPED_CHARACTERS_MAX])
    shop, found = checkout.vendor_id, None
    if shop is not None and wanted.isascii():
        found = Voucher.objects.filter(vendor_id=shop, code=wanted).first()
    if found is None:
        raise NoSuchVoucher(_("Gian hàng này không có mã như vậy. Bạn xem lại từng chữ giúp."), field="promo_code")
    return found


def _key(kind: str, value: str) -> str:
    return f"voucher-code:{kind}:{hashlib.sha256(value.encode()).hexdigest()}"
