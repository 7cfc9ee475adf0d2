"""How templates write opening hours: `{% load hours %}`."""

from __future__ import annotations

from datetime import datetime, time

from django import template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from marketplace.core import clock
from vendors.models import OpeningHours, Vendor
from vendors.opening_hours import OpenState, open_state, spans_of, weekdays_off

WEEKDAYS = [
    gettext_lazy("Thứ Hai"),
    gettext_lazy("Thứ Ba"),
    gettext_lazy("Thứ Tư"),
    gettext_lazy("Thứ Năm"),
    gettext_lazy("Thứ Sáu"),
    gettext_lazy("Thứ Bảy"),
    gettext_lazy("Chủ Nhật"),
]

register = template.Library()


@register.inclusion_tag("storefront/parts/opening_hours.html")
def opening_hours(vendor: Vendor) -> dict[str, object]:
    """Whether the shop is open now, its hours and its note; nothing of a shop that said none. One statement."""
    hours = OpeningHours.objects.filter(vendor=vendor).first()
    if hours is None:
        return {}
    here = clock.now().astimezone(clock.VIETNAM)
    state = open_state(hours, here=here)
    return {"hours": hours, "state": state, "words": _state_words(state, here=here), "table": _table(hours)}


def _state_words(state: OpenState, *, here: datetime) -> str:
    hour = _hour(state.at)
    if state.is_open:
        return _("Đang mở cửa đến %(hour)s") % {"hour": hour}
    if state.day == here.date():
        return _("Đang nghỉ, mở lại lúc %(hour)s") % {"hour": hour}
    said = {"hour": hour, "weekday": WEEKDAYS[state.day.weekday()], "day": state.day.strftime("%d/%m")}
    return _("Đang nghỉ, mở lại lúc %(hour)s %(weekday)s %(day)s") % said


def _table(hours: OpeningHours) -> str:
    spans = ", ".join(f"{_hour(begin)}–{_hour(end)}" for begin, end in spans_of(hours))
    off = ", ".join(str(WEEKDAYS[day]) for day in weekdays_off(hours))
    return _("%(spans)s, nghỉ %(days)s") % {"spans": spans, "days": off} if off else spans


def _hour(moment: time) -> str:
    return moment.strftime("%H:%M")
