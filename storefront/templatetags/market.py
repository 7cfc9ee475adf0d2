"""How templates write money, times, phones and icons: `{% load market %}`."""

from __future__ import annotations

from datetime import date, datetime

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from marketplace.core.clock import VIETNAM
from marketplace.core.money import format_vnd
from marketplace.core.phone import format_phone
from storefront.templatetags.icons import ICON_PATHS

register = template.Library()


@register.filter
def vnd(amount: int | None) -> str:
    """Write whole đồng as `125.000 ₫`; nothing for no amount."""
    return "" if amount is None else format_vnd(amount)


@register.filter
def vietnam_time(moment: datetime | None) -> str:
    """Write the hour in Vietnam of an aware datetime: `10:32`."""
    return "" if moment is None else moment.astimezone(VIETNAM).strftime("%H:%M")


@register.filter
def vietnam_date(day: date | None) -> str:
    """Write a date, or the date in Vietnam of an aware datetime: `22/11/2026`."""
    if isinstance(day, datetime):
        day = day.astimezone(VIETNAM).date()
    return "" if day is None else day.strftime("%d/%m/%Y")


@register.filter
def vietnam_moment(moment: datetime | None) -> str:
    """Write hour and date in Vietnam: `10:32 · 22/11/2026`; no line begins with the dot."""
    return "" if moment is None else f"{vietnam_time(moment)}\u00a0· {vietnam_date(moment)}"


@register.filter
def phone(number: str | None) -> str:
    """Write a kept phone number as people say it: `+84912345678` becomes `0912 345 678`."""
    return format_phone(number) if number else ""


@register.filter
def stars(number: int | None) -> str:
    """Say an OCOP grade in words: `OCOP 4 sao`; nothing without a grade."""
    return _("OCOP %(stars)s sao") % {"stars": number} if number else ""


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw one icon of `icons.py`. It is hidden from screen readers: a word always stands beside it."""
    return format_html(
        '<svg class="icon" viewBox="0 0 24 24" width="24" height="24" fill="none" stroke="currentColor"'
        ' stroke-width="2" stroke-linejoin="round" stroke-linecap="round" aria-hidden="true">{}</svg>',
        mark_safe(ICON_PATHS[name]),  # noqa: S308  (drawings of ours, no input)
    )
