"""Shops of payOS's, their links, and the money that comes by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from marketplace.core.actors import SYSTEM
from marketplace.orders.models import Order, PaymentCode
from payments.models import BankNotice, PaymentLink
from payments.services.feeds import close_feed
from payments.services.links import Wanted
from tests.payments.banks import a_feed, told
from tests.payments.factories import (
    NOW,
    PRICE_VND,
    Shop,
    a_shop,
    send,
)
from tests.payments.listing import an_api
from tests.payments.provider_server import (
    json_body,
)

NO = json_body({"code": "101"})


def a_payos_shop(name: str = "Hợp tác xã Bản Giốc") -> Shop:
    """A shop that hears of its money from payOS alone."""
    made = a_shop(name)
    close_feed(actor=SYSTEM, feed=made.feed, now=NOW)
    feed = a_feed(made.vendor, ("payos", "hmac"))
    an_api(feed)
    return replace(made, feed=feed)


def wanted_for(order: Order, amount_vnd: int = PRICE_VND, *, expires_at: datetime | None = None) -> Wanted:
    """A link for the order's live code."""
    return Wanted(
        code=PaymentCode.objects.get(order=order, is_live=True), amount_vnd=amount_vnd, expires_at=expires_at
    )


def kept() -> list[tuple[str, bool]]:
    """Every link that is kept, cancelled ones first: its state, and whether payOS answered."""
    return sorted((state, bool(payload)) for state, payload in PaymentLink.objects.values_list("state", "qr_payload"))


def notice_by_link(shop: Shop, link: PaymentLink, number: int = 9, amount_vnd: int = PRICE_VND) -> BankNotice:
    """payOS tells that money came by this link, into an account that the market does not know."""
    notice = told(
        shop.feed,
        "0011001234567",
        link.memo,
        amount_vnd,
        notice_id=number,
        link_number=link.order_code,
        changes={"virtualAccountNumber": link.account_number},
    )
    assert send(shop.feed, notice).status == 200
    return BankNotice.objects.get(feed=shop.feed, bank_reference=f"THU{number}")


def die(*_: object, **__: object) -> None:
    """The process ends at this place."""
    raise SystemExit
