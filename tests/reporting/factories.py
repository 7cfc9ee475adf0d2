"""Shops, orders and movements of money for the tests of figures. Money moves through the services of payments."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.db.models import Case, Count, F, QuerySet, Sum, When

from catalog.models import OcopCertificate, Product
from marketplace.core import journal
from marketplace.core.actors import SYSTEM
from marketplace.core.text import fold, name_sort_key
from marketplace.orders.locks import lock_order
from marketplace.orders.models import Order, OrderLine
from marketplace.places.models import Commune, Province
from marketplace.reporting.models import TakingsDay, takings_column
from payments.models import BankNotice, Confirmation, Feed, NoticeDelivery, TransactionEvent, TransactionItem
from payments.services import moving
from vendors.models import Vendor

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
TODAY = date(2026, 11, 22)
DAM_THUY = "01501"
"""Xã Đàm Thủy, Tỉnh Cao Bằng."""
THUC_PHAN = "01273"
"""Phường Thục Phán, Tỉnh Cao Bằng."""
NENH = "07795"
"""Phường Nếnh, Tỉnh Bắc Ninh."""
CAO_BANG, BAC_NINH = "04", "24"
NOODLES, HONEY = 6, 5
"""Numbers of OCOP sets."""
_numbers = count(1)


@dataclass(frozen=True)
class Sold:
    """A line of an order: how many, at which price in đồng, of which product and set (None: just an amount)."""

    quantity: int = 1
    price_vnd: int = 60_000
    product: int | None = 1
    ocop_set: int | None = NOODLES


def commune(code: str = DAM_THUY) -> Commune:
    return Commune.objects.select_related("province").get(pk=code)


def province(code: str = CAO_BANG) -> Province:
    return Province.objects.get(pk=code)


def a_shop(
    code: str = DAM_THUY, *, verification: str = Vendor.Verification.VNEID, name: str = "HTX Bản Giốc"
) -> Vendor:
    return Vendor.objects.create(
        slug=f"gian-hang-{next(_numbers)}", name=name, kind=Vendor.Kind.COOPERATIVE, commune_id=code,
        phone="+84206388888", verification=verification, folded=fold(name), sort_key=name_sort_key(name), made_at=NOW,
    )  # fmt: skip


def a_product(
    shop: Vendor, *, certificate: str | None = None, expires_on: date = TODAY, listing: str = "published"
) -> Product:
    """A product of the shop; with a certificate in the state `certificate`, if given."""
    name = "Miến dong Cao Bằng"
    product = Product.objects.create(
        vendor=shop, slug=f"mien-dong-{next(_numbers)}", name=name, ocop_set=NOODLES,
        commune_of_origin_id=shop.commune_id, listing=listing,
        published_at=NOW if listing == "published" else None, folded_name=fold(name), sort_key=name_sort_key(name),
        made_at=NOW, updated_at=NOW,
    )  # fmt: skip
    if certificate:
        OcopCertificate.objects.create(
            product=product, stars=4, decision_number="12/QĐ-UBND", issued_on=expires_on - timedelta(days=1095),
            expires_on=expires_on, issuer="UBND tỉnh Cao Bằng", state=certificate, declared_at=NOW,
        )  # fmt: skip
    return product


def an_order(shop: Vendor, *lines: Sold, channel: str = "online") -> Order:
    """An order placed and not paid; without lines, one packet of noodles for 60.000 đồng."""
    sold = lines or (Sold(),)
    total_vnd = sum(line.quantity * line.price_vnd for line in sold)
    order = Order.objects.create(
        vendor=shop, channel=channel, subtotal_vnd=total_vnd, total_vnd=total_vnd, placed_at=NOW, updated_at=NOW
    )
    OrderLine.objects.bulk_create(
        OrderLine(
            order=order, position=position, product_id_then=line.product, product_name="Miến dong",
            ocop_set=line.ocop_set, quantity=line.quantity, unit_price_vnd=line.price_vnd,
            total_vnd=line.quantity * line.price_vnd,
        )
        for position, line in enumerate(sold)
    )  # fmt: skip
    return order


def charge(order: Order, amount_vnd: int, confirmation: str = "bank", *, day: date = TODAY) -> TransactionEvent:
    """Money came for the order and is booked; the figures do not know of it yet."""
    return _move(order, amount_vnd, confirmation, day=day, refund=False)


def refund(order: Order, amount_vnd: int, confirmation: str = "vendor", *, day: date = TODAY) -> TransactionEvent:
    """Money went back to the buyer and is booked; the figures do not know of it yet."""
    return _move(order, amount_vnd, confirmation, day=day, refund=True)


def _move(order: Order, amount_vnd: int, confirmation: str, *, day: date, refund: bool) -> TransactionEvent:
    with transaction.atomic():
        locked = lock_order(order.pk)
        notice = _told(locked, amount_vnd, day=day, outgoing=refund) if confirmation == Confirmation.BANK else None
        movement = moving.Movement(
            amount_vnd=amount_vnd,
            confirmation=Confirmation(confirmation),
            happened_at=datetime.combine(day, datetime.min.time(), UTC),
            bank_date=day,
            reference=f"reference-{next(_numbers)}",
            notice=notice,
        )
        item = _fullest(locked) if refund else _item(locked, confirmation)
        move = moving.refund if refund else moving.charge
        event = move(locked, item, movement=movement, actor=SYSTEM, now=NOW)
        if notice is not None:
            BankNotice.objects.filter(pk=notice.pk).update(state=BankNotice.State.BOOKED, order=locked)
    return event


def _item(order: Order, confirmation: str) -> TransactionItem:
    gateway = moving.BY_HAND_GATEWAYS.get(confirmation, f"market40.{confirmation}")
    return TransactionItem.objects.get_or_create(order=order, gateway=gateway, defaults={"made_at": NOW})[0]


def goes_back_at_most(order: Order) -> int:
    """The đồng that one refund can take: no transaction gives more than it holds."""
    return _by_balance(order)[0].vnd if order.charged_vnd else 0


def _fullest(order: Order) -> TransactionItem:
    return _by_balance(order)[0]


def _by_balance(order: Order) -> QuerySet[Any]:
    signed = Case(
        When(events__type="charge_success", then=F("events__amount_vnd")),
        When(events__type="refund_success", then=-F("events__amount_vnd")),
        default=0,
    )
    return TransactionItem.objects.filter(order=order).annotate(vnd=Sum(signed)).order_by("-vnd")


def _told(order: Order, amount_vnd: int, *, day: date, outgoing: bool) -> BankNotice:
    """What the bank said, without which nothing is called the bank's word."""
    feed, _made = Feed.objects.get_or_create(
        vendor=order.vendor, defaults={"provider": "sepay", "secret": "a secret", "made_at": NOW}
    )
    delivery = NoticeDelivery.objects.create(feed=feed, received_at=NOW, body_sha256="")
    return BankNotice.objects.create(
        delivery=delivery, feed=feed, vendor=order.vendor, provider_tx_id=str(next(_numbers)),
        is_incoming=not outgoing, amount_vnd=amount_vnd, account_number="CHO40TEST1",
        happened_at=datetime.combine(day, datetime.min.time(), UTC), bank_date=day, received_at=NOW,
    )  # fmt: skip


def a_sale(
    shop: Vendor, *lines: Sold, channel: str = "online", confirmation: str = "bank", day: date = TODAY
) -> Order:
    """An order placed, paid in full and counted."""
    order = an_order(shop, *lines, channel=channel)
    charge(order, order.total_vnd, confirmation, day=day)
    deliver()
    return order


def deliver() -> None:
    """Let the figures take what waits for them."""
    journal.drain(now=NOW)


def kept(code: str = DAM_THUY, day: date = TODAY) -> dict[str, int]:
    """The columns that are not 0 in the commune's takings of a day."""
    row = TakingsDay.objects.filter(commune_id=code, day=day).values().first() or {}
    return {name: value for name, value in row.items() if name not in {"id", "commune_id", "day"} and value}


def in_figures() -> Counter[str]:
    """All takings that are kept, summed: by commune, day and column."""
    sums: Counter[str] = Counter()
    for row in TakingsDay.objects.values():
        place = f"{row.pop('commune_id')} {row.pop('day')}"
        del row["id"]
        sums.update({f"{place} {name}": value for name, value in row.items() if not name.startswith("paid_")})
    return +sums


def in_transactions() -> Counter[str]:
    """The same out of the transactions, which are the money itself."""
    sums: Counter[str] = Counter()
    keys = ("commune_id", "bank_date", "type", "confirmation", "channel")
    moves = TransactionEvent.objects.filter(type__in=["charge_success", "refund_success", "charge_back"])
    for row in moves.values(*keys).order_by().annotate(number=Count("pk"), vnd=Sum("amount_vnd")):
        is_refund = row["type"] != "charge_success"
        source = (row["confirmation"], row["channel"])
        place = f"{row['commune_id']} {row['bank_date']}"
        sums[f"{place} {takings_column('refunds' if is_refund else 'charges', *source)}"] += row["number"]
        sums[f"{place} {takings_column('refunded' if is_refund else 'charged', *source)}"] += row["vnd"]
    return sums
