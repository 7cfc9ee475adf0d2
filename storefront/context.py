"""What every page's frame shows, looked up only when the frame asks for it."""

from __future__ import annotations

from functools import cached_property

from django.conf import settings
from django.http import HttpRequest

from marketplace.core.actors import ANONYMOUS
from marketplace.orders.selectors import basket_count
from storefront.menus import MenuEntry, menu_for
from storefront.visit import basket_of
from storefront.web import actor_of_request


class Frame:
    """The header and footer's own facts, the template variable `market`."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @property
    def demo(self) -> bool:
        """Whether everything here is made up."""
        return bool(settings.MARKET_DEMO)

    @property
    def hotline(self) -> str:
        """Whom to call."""
        return str(settings.MARKET_HOTLINE)

    @cached_property
    def basket_count(self) -> int:
        """How many things are in the visit's basket; no statement without a basket."""
        return basket_count(basket_of(self._request)) if hasattr(self._request, "session") else 0

    @cached_property
    def user_menu(self) -> list[MenuEntry]:
        """The links under the header."""
        # A request that was refused early has nobody yet.
        actor = actor_of_request(self._request) if hasattr(self._request, "user") else ANONYMOUS
        return menu_for(actor, path=self._request.path)


def market(request: HttpRequest) -> dict[str, Frame]:
    """Template variables of the frame."""
    return {"market": Frame(request)}
