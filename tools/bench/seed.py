"""Run as a program: fill the market of this environment with shops and unpaid orders, many rows a statement.

    python -m tools.bench.seed ORDERS SHOPS FILE

The rows are those that the services leave behind when a buyer has placed an order and looked at its code; making
them one checkout at a time takes a minute for each thousand. Writes into FILE what a bank needs to pay them, as JSON.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import NamedTuple

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - needs Django set up

from catalog.models import Product, ProductVariant, Stock  # noqa: E402
from marketplace.core import clock  # noqa: E402
from marketplace.core.actors import SYSTEM  # noqa: E402
from marketplace.core.models import JournalEvent  # noqa: E402
from marketplace.core.payment_codes import new_code  # noqa: E402
from marketplace.core.text import fold, name_sort_key  # noqa: E402
from marketplace.orders.expiry import UNPAID_ORDER_S  # noqa: E402
from marketplace.orders.models import Allocation, Channel, Order, OrderLine, PaymentCode  # noqa: E402
from marketplace.people.services import register_person  # noqa: E402
from marketplace.places.models import Commune  # noqa: E402
from marketplace.running.preparing import prepare  # noqa: E402
from payments.models import TransactionEvent, TransactionItem  # noqa: E402
from payments.services.feeds import create_feed  # noqa: E402
from payments.services.moving import VIETQR_GATEWAY  # noqa: E402
from vendors.models import BankAccount, Vendor, Warehouse  # noqa: E402
from vendors.services import register_vendor, set_bank_account  # noqa: E402

SECRET = "a-secret-of-the-benchmark"  # noqa: S105 - of a market that is gone in a minute
PRODUCTS_A_SHOP = 3
PRICE_VND = 60_000
SHELF = 10_000_000
ORDERS_A_BATCH = 1000
BIN = "970436"

_numbers = count(1)


class Shop(NamedTuple):
    """A shop that can be paid, its feed, and what it sells with the stock of each."""

    vendor: Vendor
    account: BankAccount
    feed_id: str
    goods: list[tuple[ProductVariant, Stock]]


def main(orders: int, shops: int, file: Path) -> None:
    """Prepare the market, make the shops, then the orders, evenly over the shops."""
    prepare()
    now = clock.now()
    with transaction.atomic():
        communes = Commune.objects.select_related("province").order_by("?")[:shops]
        open_shops = [open_shop(commune, now=now) for commune in communes]
    payments: list[dict[str, object]] = []
    for first in range(0, orders, ORDERS_A_BATCH):
        numbers = range(first, min(first + ORDERS_A_BATCH, orders))
        with transaction.atomic():
            payments += place_orders([open_shops[number % len(open_shops)] for number in numbers], now=now)
    file.write_text(json.dumps({"secret": SECRET, "payments": payments}), encoding="utf-8")


def open_shop(commune: Commune, *, now: datetime) -> Shop:
    """A verified shop with an account, a SePay feed and goods enough for any benchmark."""
    number = next(_numbers)
    owner = register_person(name="Chủ hàng", phone=f"09{number:08d}", now=now)
    vendor = register_vendor(
        actor=SYSTEM,
        owner=owner,
        name=f"Gian hàng {number}",
        kind="cooperative",
        commune=commune,
        phone="0912345678",
        now=now,
    )
    Vendor.objects.filter(pk=vendor.pk).update(verification=Vendor.Verification.VNEID)
    account = f"CHO40BENCH{number:06d}"
    set_bank_account(actor=SYSTEM, vendor=vendor, bin=BIN, account_number=account, account_name="HTX DO", now=now)
    feed = create_feed(actor=SYSTEM, vendor=vendor, secret=SECRET, now=now).feed
    place = Warehouse.objects.filter(vendor=vendor).order_by("pk")[0]
    goods = [_goods(vendor, place, ocop_set=1 + kind, now=now) for kind in range(PRODUCTS_A_SHOP)]
    return Shop(vendor, BankAccount.objects.get(vendor=vendor), str(feed.pk), goods)


def _goods(vendor: Vendor, place: Warehouse, *, ocop_set: int, now: datetime) -> tuple[ProductVariant, Stock]:
    name = "Miến dong"
    product = Product.objects.create(
        vendor=vendor,
        slug=f"mien-dong-{next(_numbers)}",
        name=name,
        ocop_set=ocop_set,
        commune_of_origin=vendor.commune,
        listing=Product.Listing.PUBLISHED,
        published_at=now,
        folded_name=fold(name),
        sort_key=name_sort_key(name),
        made_at=now,
        updated_at=now,
    )
    variant = ProductVariant.objects.create(product=product, vendor=vendor, unit="gói 500 g", price_vnd=PRICE_VND)
    return variant, Stock.objects.create(variant=variant, warehouse=place, quantity=SHELF)


def place_orders(shops: list[Shop], *, now: datetime) -> list[dict[str, object]]:
    """An unpaid order of each shop, with a live code and its stock allocated; answers what a bank needs to pay it."""
    orders = Order.objects.bulk_create(
        _order(shop, lines=1 + n % PRODUCTS_A_SHOP, now=now) for n, shop in enumerate(shops)
    )
    pairs = list(zip(orders, shops, strict=True))
    lines = [
        line for n, (order, shop) in enumerate(pairs) for line in _lines(order, shop, number=1 + n % PRODUCTS_A_SHOP)
    ]
    OrderLine.objects.bulk_create(line for line, _ in lines)
    Allocation.objects.bulk_create(Allocation(order_line=line, stock=stock, quantity=1) for line, stock in lines)
    allocated = list({stock.pk: stock for _, stock in lines}.values())
    for _line, stock in lines:
        stock.allocated += 1
    Stock.objects.bulk_update(allocated, ["allocated"])
    codes = PaymentCode.objects.bulk_create(_code(order, shop, now=now) for order, shop in pairs)
    _asked_to_pay(pairs, codes, now=now)
    JournalEvent.objects.bulk_create(_placed(order, shop, now=now) for order, shop in pairs)
    if connection.vendor == "postgresql":
        # Plans that were kept while the tables were empty would read them whole; autovacuum comes only in a minute.
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return [
        {
            "feed": shop.feed_id,
            "account": shop.account.account_number,
            "code": code.code,
            "amount": order.total_vnd,
            "order": order.pk,
        }
        for (order, shop), code in zip(pairs, codes, strict=True)
    ]


def _order(shop: Shop, *, lines: int, now: datetime) -> Order:
    return Order(
        vendor=shop.vendor,
        channel=Channel.ONLINE,
        phone="+84987654321",
        subtotal_vnd=lines * PRICE_VND,
        total_vnd=lines * PRICE_VND,
        placed_at=now,
        updated_at=now,
        expires_at=now + timedelta(seconds=UNPAID_ORDER_S[Channel.ONLINE]),
    )


def _lines(order: Order, shop: Shop, *, number: int) -> list[tuple[OrderLine, Stock]]:
    return [
        (
            OrderLine(
                order=order,
                position=position,
                variant=variant,
                product_id_then=variant.product_id,
                product_name=variant.product.name,
                unit=variant.unit,
                ocop_set=variant.product.ocop_set,
                quantity=1,
                unit_price_vnd=PRICE_VND,
                total_vnd=PRICE_VND,
            ),
            stock,
        )
        for position, (variant, stock) in enumerate(shop.goods[:number])
    ]


def _code(order: Order, shop: Shop, *, now: datetime) -> PaymentCode:
    return PaymentCode(
        code=new_code(),
        vendor=shop.vendor,
        order=order,
        bin=shop.account.bin,
        account_number=shop.account.account_number,
        account_name=shop.account.account_name,
        issued_at=now,
    )


def _asked_to_pay(pairs: list[tuple[Order, Shop]], codes: list[PaymentCode], *, now: datetime) -> None:
    items = TransactionItem.objects.bulk_create(
        TransactionItem(gateway=VIETQR_GATEWAY, order=order, payment_code=code, psp_reference=code.code, made_at=now)
        for (order, _shop), code in zip(pairs, codes, strict=True)
    )
    TransactionEvent.objects.bulk_create(
        TransactionEvent(
            transaction=item,
            order=order,
            vendor=shop.vendor,
            type=TransactionEvent.Type.CHARGE_ACTION_REQUIRED,
            amount_vnd=order.total_vnd,
            psp_reference=item.psp_reference,
            happened_at=now,
            bank_date=clock.vietnam_date(now),
            commune=shop.vendor.commune,
            channel=order.channel,
        )
        for (order, shop), item in zip(pairs, items, strict=True)
    )


def _placed(order: Order, shop: Shop, *, now: datetime) -> JournalEvent:
    commune = shop.vendor.commune
    return JournalEvent(
        kind="order.placed",
        aggregate_type="order",
        aggregate_id=str(order.pk),
        happened_at=now,
        data={
            "order": order.pk,
            "vendor": shop.vendor.pk,
            "commune": commune.pk,
            "province": commune.province_id,
            "channel": str(order.channel),
            "total_vnd": order.total_vnd,
        },
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
