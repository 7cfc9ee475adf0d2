"""Run as a program: fill the market of this environment with unpaid orders; print what banks need to pay them.

Each shop is told of its money by another provider, so that a storm comes from all four.
"""

import json
import sys
from typing import Any

from tools.bench import seed

# After the seed, which sets Django up.
from marketplace.core import clock  # isort: skip
from marketplace.core.actors import SYSTEM  # isort: skip
from marketplace.orders.models import PaymentCode  # isort: skip
from marketplace.places.models import Commune  # isort: skip
from marketplace.running.preparing import prepare  # isort: skip
from payments.models import PaymentLink  # isort: skip
from payments.services.feeds import create_feed  # isort: skip

SHOPS = 8
FEEDS = (
    ("sepay", "hmac"),
    ("casso", "hmac"),
    ("payos", "hmac"),
    ("vietqrvn", "basic"),
    ("sepay", "api_key"),
    ("casso", "api_key"),
)
ORDERS_A_BATCH = 500


def main(orders: int) -> None:
    """Make the shops, their feeds and so many orders."""
    prepare()
    now = clock.now()
    shops = [seed.open_shop(commune, now=now) for commune in Commune.objects.select_related("province")[:SHOPS]]
    feeds = {shop.account.account_number: _feed(shop, number) for number, shop in enumerate(shops)}
    payments: list[dict[str, Any]] = []
    for first in range(0, orders, ORDERS_A_BATCH):
        numbers = range(first, min(first + ORDERS_A_BATCH, orders))
        placed: list[dict[str, Any]] = seed.place_orders([shops[number % SHOPS] for number in numbers], now=now)
        payments += [{**payment, **feeds[payment["account"]]} for payment in placed]
    _make_links([payment for payment in payments if payment["provider"] == "payos"], now=now)
    print(json.dumps({"payments": payments}))


def _feed(shop: seed.Shop, number: int) -> dict[str, str]:
    provider, auth = FEEDS[number % len(FEEDS)]
    given = seed.SECRET if provider in {"casso", "payos"} else None
    made = create_feed(actor=SYSTEM, vendor=shop.vendor, provider=provider, auth=auth, secret=given, now=clock.now())
    return {
        "provider": provider,
        "auth": auth,
        "feed": str(made.feed.pk),
        "username": made.feed.username,
        "secret": made.secret,
    }


def _make_links(payments: list[dict[str, Any]], *, now: Any) -> None:
    """The links that payOS would have made for these payments, which then name the link and not our code."""
    codes = dict(
        PaymentCode.objects.filter(order__in=[payment["order"] for payment in payments]).values_list("code", "pk")
    )
    for number, payment in enumerate(payments, start=1):
        payment["link"] = number
    PaymentLink.objects.bulk_create(
        PaymentLink(
            feed_id=payment["feed"],
            payment_code_id=codes[payment["code"]],
            order_code=payment["link"],
            provider_link_id=f"link{payment['link']}",
            amount_vnd=payment["amount"],
            bin=seed.BIN,
            account_number=payment["account"],
            account_name="HTX DO",
            memo="CSTEST",
            qr_payload="",
            made_at=now,
        )
        for payment in payments
    )


if __name__ == "__main__":
    main(int(sys.argv[1]))
