"""Who may read which figures, and which periods may be asked for."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.places.models import Commune, Province
from marketplace.reporting.tally import month_of
from vendors.models import Vendor

DAY_MIN = date(2020, 1, 1)
DAY_MAX = date(2100, 1, 1)


def require_commune_reader(actor: Actor, commune: Commune) -> None:
    """Raises `NotFound` unless the actor is staff of the commune or of its province, or the operator."""
    if not actor.may_read_commune(commune.pk, commune.province_id):
        raise _not_found()


def require_province_reader(actor: Actor, province: Province) -> None:
    """Raises `NotFound` unless the actor is staff of the province, or the operator."""
    if not actor.may_read_province(province.pk):
        raise _not_found()


def require_book_reader(actor: Actor, vendor: Vendor) -> None:
    """Raises `NotFound` unless the actor works in the shop, or is the operator: a shop's book is its own."""
    if not (actor.may_sell_for(vendor.pk) or actor.is_operator):
        raise _not_found()


def checked_days(first_day: date, last_day: date, *, days_max: int) -> tuple[date, date]:
    """Both days, if they follow each other and lie within `days_max` days. Raises `InvalidInput`."""
    if not (DAY_MIN <= first_day <= last_day < DAY_MAX):
        raise InvalidInput(_("Ngày bắt đầu phải trước ngày kết thúc, từ năm 2020 trở đi."), field="last_day")
    if (last_day - first_day).days >= days_max:
        raise InvalidInput(_("Khoảng thời gian dài quá. Bạn chọn ngắn hơn."), field="last_day")
    return first_day, last_day


def checked_month(day: date) -> date:
    """The first day of the month that `day` lies in. Raises `InvalidInput` outside 2020 to 2099."""
    if not (DAY_MIN <= day < DAY_MAX):
        raise InvalidInput(_("Bạn chọn một tháng từ năm 2020 trở đi."), field="month")
    return month_of(day)


def month_after(month: date) -> date:
    """The first day of the next month."""
    return month_of(month + timedelta(days=31))


def month_before(month: date) -> date:
    """The first day of the month before."""
    return month_of(month - timedelta(days=1))


def _not_found() -> NotFound:
    return NotFound(_("Không tìm thấy số liệu này."))
