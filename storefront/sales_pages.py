"""The sales behind a figure, a page at a time, by the last one of the page before: new sales do not shift pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput
from marketplace.reporting.selectors import SaleBehind
from storefront.web import parse_number

SALES_A_PAGE = 30
EVENT_ID_MAX = 2**63 - 1


def read_before(request: HttpRequest) -> int | None:
    """The last sale of the page before, from the address. Raises `InvalidInput`."""
    text = request.GET.get("before")
    before = parse_number(text, least=1, most=EVENT_ID_MAX)
    if text is not None and before is None:
        raise InvalidInput(_("Không có trang này."), field="before")
    return before


def sales_page(sales: list[SaleBehind], *, address: str, asked: dict[str, str]) -> dict[str, Any]:
    """Template variables of a page out of `SALES_A_PAGE` + 1 sales: `sales` and the links of the pager."""
    shown = sales[:SALES_A_PAGE]
    more = len(sales) > SALES_A_PAGE
    first_url = f"{address}?{urlencode(asked)}" if asked else address
    next_url = f"{address}?{urlencode(asked | {'before': str(shown[-1].event_id)})}" if more else None
    return {"sales": shown, "next_url": next_url, "first_url": first_url}
