"""Run as a program: fill the market of this environment with unpaid orders; print what a bank needs to pay them."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from marketplace.core import clock  # noqa: E402 - needs Django set up
from marketplace.running.preparing import prepare  # noqa: E402
from tests.payments.factories import SECRET, a_shop, an_order, code_of  # noqa: E402

SHOPS = 4
SHELF = 1_000_000


def main(orders: int) -> None:
    prepare()
    shops = [a_shop(f"Gian hàng {number}", quantity=SHELF) for number in range(SHOPS)]
    payments = []
    for number in range(orders):
        shop = shops[number % SHOPS]
        order = an_order(shop, quantity=1 + number % 3, now=clock.now())
        payments.append(
            {
                "feed": str(shop.feed.pk),
                "account": shop.account,
                "code": code_of(order),
                "amount": order.total_vnd,
                "order": order.pk,
            }
        )
    print(json.dumps({"secret": SECRET, "payments": payments}))


if __name__ == "__main__":
    main(int(sys.argv[1]))
