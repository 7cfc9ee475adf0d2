"""What a shop's owner does with its vouchers: makes one, changes what it gives, ends it."""

from __future__ import annotations

import re
import uuid
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_day_bounds
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.money import AMOUNT_VND_MAX, format_vnd
from marketplace.core.requests_once import once
from marketplace.core.text import clean_line
from marketplace.orders.checks import is_row_id, is_whole_number
from marketplace.orders.discounts import normal_code
from marketplace.orders.locks import lock_voucher
from marketplace.orders.models import (
    VOUCHER_CODE_CHARACTERS_MAX,
    VOUCHER_CODE_CHARACTERS_MIN,
    VOUCHER_NAME_CHARACTERS_MAX,
    Voucher,
)
from vendors.access import require_owner
from vendors.models import Vendor
from vendors.recording import record_vendor

VOUCHERS_OF_A_SHOP_MAX = 500
USAGE_LIMIT_MAX = 1_000_000
PERCENT_MAX = 100
DAY_MIN, DAY_MAX = date(2020, 1, 1), date(2100, 1, 1)
_CODE: Final = re.compile(rf"[A-Z0-9-]{{{VOUCHER_CODE_CHARACTERS_MIN},{VOUCHER_CODE_CHARACTERS_MAX}}}")


class VoucherWrong(InvalidInput):
    """A voucher that cannot be: its code, its value, its days, or a limit below what was used."""


class VoucherCodeTaken(Conflict):
    """The shop has, or had, a voucher of this code; orders name it."""

    code = "UNIQUE"


class TooManyVouchers(Conflict):
    """A shop keeps as many vouchers as it may."""


@dataclass(frozen=True)
class VoucherTerms:
    """What a voucher gives, to whom and when. Days are Vietnam's, the last one included."""

    name: str
    discount_value_type: str
    discount_value: int
    """Đồng, or whole per cent."""
    first_day: date
    last_day: date | None = None
    min_spent_vnd: int = 0
    usage_limit: int | None = None
    apply_once_per_customer: bool = False


def make_voucher(
    *,
    actor: Actor,
    vendor: Vendor,
    code: str,
    terms: VoucherTerms,
    now: datetime,
    client_id: uuid.UUID | None = None,
) -> Voucher:
    """A new voucher of the shop's. Owner only. The same `client_id` again answers the same voucher.

    Raises `NotFound`, `NotAllowed`, `VoucherWrong`, `VoucherCodeTaken`, `TooManyVouchers`, `BadText`.
    """
    require_owner(actor, vendor)
    wanted, values = _read_code(code), _read_terms(terms)

    def work() -> str:
        Vendor.objects.select_for_update(no_key=True).get(pk=vendor.pk)
        theirs = Voucher.objects.filter(vendor=vendor)
        if theirs.filter(code=wanted).exists():
            raise VoucherCodeTaken(_("Gian hàng đã có phiếu mang mã này. Bạn đặt mã khác giúp."), field="code")
        if theirs.filter(ended_at=None).count() >= VOUCHERS_OF_A_SHOP_MAX:
            raise TooManyVouchers(_("Gian hàng đã có quá nhiều phiếu giảm giá."))
        made = Voucher.objects.create(vendor=vendor, code=wanted, made_at=now, is_demo=vendor.is_demo, **values)
        record_vendor("voucher.made", vendor, actor=actor, now=now, voucher=made.pk)
        return str(made.pk)

    asked = {"code": wanted, **asdict(terms)}
    answer = once(work, action="voucher.make", owner=f"vendor:{vendor.pk}", client_id=client_id, asked=asked, now=now)
    return Voucher.objects.get(pk=int(answer))


def change_voucher(*, actor: Actor, vendor: Vendor, voucher_id: int, terms: VoucherTerms, now: datetime) -> Voucher:
    """Give a voucher other terms; its code stays, and so do orders that used it. Owner only.

    One that was ended stays ended. Raises `NotFound`, `NotAllowed`, `VoucherWrong`, also for a limit below what is
    used, and `BadText`; nothing is changed then.
    """
    require_owner(actor, vendor)
    values = _read_terms(terms)
    with transaction.atomic():
        voucher = _own(vendor, voucher_id)
        if terms.usage_limit is not None and terms.usage_limit < voucher.used:
            sentence = _("Mã này đã dùng {used} lượt, nên số lượt không thể ít hơn.")
            raise VoucherWrong(format_lazy(sentence, used=voucher.used), field="usage_limit")
        for field, value in values.items():
            setattr(voucher, field, value)
        voucher.save(update_fields=list(values))
        record_vendor("voucher.changed", vendor, actor=actor, now=now, voucher=voucher.pk)
    return voucher


def end_voucher(*, actor: Actor, vendor: Vendor, voucher_id: int, now: datetime) -> Voucher:
    """Take a voucher out of use, for good; orders that used it keep their price. Ended already: as it was.

    Owner only. Raises `NotFound`, `NotAllowed`.
    """
    require_owner(actor, vendor)
    with transaction.atomic():
        voucher = _own(vendor, voucher_id)
        if voucher.ended_at is None:
            voucher.ended_at = now
            voucher.save(update_fields=["ended_at"])
            record_vendor("voucher.ended", vendor, actor=actor, now=now, voucher=voucher.pk)
    return voucher


def _own(vendor: Vendor, voucher_id: int) -> Voucher:
    known = is_row_id(voucher_id) and Voucher.objects.filter(pk=voucher_id, vendor=vendor).exists()
    if not known:
        raise NotFound(_("Không tìm thấy phiếu giảm giá này."))
    return lock_voucher(voucher_id)


def _read_code(text: str) -> str:
    typed = clean_line(text, characters_max=VOUCHER_CODE_CHARACTERS_MAX * 2, field="code", required=True)
    code = normal_code(typed)
    if not _CODE.fullmatch(code) or not all(sign.isalnum() or sign in " -" for sign in typed):
        sentence = _("Mã gồm {least} đến {most} chữ, số hoặc dấu gạch, như TET-2027.")
        least, most = VOUCHER_CODE_CHARACTERS_MIN, VOUCHER_CODE_CHARACTERS_MAX
        raise VoucherWrong(format_lazy(sentence, least=least, most=most), field="code")
    return code


def _read_terms(terms: VoucherTerms) -> dict[str, object]:
    """The terms as the table keeps them. Raises `VoucherWrong`, `BadText`."""
    _require_value(terms.discount_value_type, terms.discount_value)
    _require_number(terms.min_spent_vnd, 0, AMOUNT_VND_MAX, "min_spent_vnd", _("Số tiền tối thiểu chưa đúng."))
    if terms.usage_limit is not None:
        _require_number(terms.usage_limit, 1, USAGE_LIMIT_MAX, "usage_limit", _("Số lượt từ 1 đến 1.000.000."))
    for field, day in (("first_day", terms.first_day), ("last_day", terms.last_day)):
        if day is not None and not DAY_MIN <= day < DAY_MAX:
            raise VoucherWrong(_("Ngày này chưa đúng. Bạn xem lại năm giúp."), field=field)
    if terms.last_day is not None and terms.last_day < terms.first_day:
        raise VoucherWrong(_("Ngày cuối phải từ ngày đầu trở đi."), field="last_day")
    return {
        "name": clean_line(terms.name, characters_max=VOUCHER_NAME_CHARACTERS_MAX, field="name", required=True),
        "discount_value_type": terms.discount_value_type,
        "discount_value": terms.discount_value,
        "min_spent_vnd": terms.min_spent_vnd,
        "usage_limit": terms.usage_limit,
        "apply_once_per_customer": bool(terms.apply_once_per_customer),
        "start_date": vietnam_day_bounds(terms.first_day)[0],
        "end_date": None if terms.last_day is None else vietnam_day_bounds(terms.last_day)[1],
    }


def _require_value(kind: str, value: int) -> None:
    if kind == Voucher.ValueType.PERCENTAGE:
        _require_number(value, 1, PERCENT_MAX, "discount_value", _("Phần trăm là số nguyên từ 1 đến 100."))
    elif kind == Voucher.ValueType.FIXED:
        sentence = format_lazy(_("Số tiền giảm từ 1 ₫ đến {most}."), most=format_vnd(AMOUNT_VND_MAX))
        _require_number(value, 1, AMOUNT_VND_MAX, "discount_value", sentence)
    else:
        raise VoucherWrong(_("Bạn chọn giảm số tiền hay phần trăm."), field="discount_value_type")


def _require_number(value: object, least: int, most: int, field: str, sentence: str | Promise) -> None:
    if not (isinstance(value, int) and is_whole_number(value) and least <= value <= most):
        raise VoucherWrong(sentence, field=field)
