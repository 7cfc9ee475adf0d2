"""The links to the pages before and after, for the template `storefront/parts/pager.html`."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _


def pager(number: int, *, pages: int, url: Callable[[int], str]) -> dict[str, str | None]:
    """What the template needs: `previous_url`, `next_url` (None where there is none) and `where`."""
    return {
        "previous_url": url(number - 1) if number > 1 else None,
        "next_url": url(number + 1) if number < pages else None,
        "where": _("Trang %(number)s") % {"number": number},
    }
