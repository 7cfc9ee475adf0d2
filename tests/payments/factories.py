"""A shop with a feed, goods and orders, made through the services, and the bank that pays them."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from typing import Any

from catalog.models import Product, ProductVariant, Stock
from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.models import JournalEvent
from marketplace.core.text import fold, name_sort_key
from marketplace.orders.models import Order, PaymentCode
from marketplace.orders.services.checkouts import (
    LineWanted,
    choose_delivery,
    create_checkout,
    offer_deliveries,
    set_phone,
)
from marketplace.orders.services.placing import complete_checkout
from marketplace.people.services import register_person
from marketplace.places.models import Commune, MarketSite
from payments.models import BankNotice, Feed, ReviewItem, TransactionEvent
from payments.pretend_bank import SignedNotice, sepay_notice
from payments.services.feeds import create_feed, create_site_feed
from payments.services.notices import NoticeAnswer, receive_notice
from vendors.models import Vendor, Warehouse
from vendors.services import register_vendor, set_bank_account

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
DAM_THUY = "01501"  # Xã Đàm Thủy, Tỉnh Cao Bằng
NENH = "07795"  # Phường Nếnh, Tỉnh Bắc Ninh
PRICE_VND = 60_000
SECRET = "a-secret-of-the-tests"
_numbers = count(1)


@dataclass(frozen=True)
class Shop:
    """A verified shop with an account, a feed, and something on its shelf."""

    vendor: Vendor
    owner: Actor
    seller: Actor
    account: str
    feed: Feed
    variant: ProductVariant
    stock: Stock


def a_shop(
    name: str = "Hợp tác xã Bản Giốc",
    *,
    commune: str = DAM_THUY,
    quantity: int = 10,
    price_vnd: int = PRICE_VND,
    auth: str = "hmac",
    site: MarketSite | None = None,
) -> Shop:
    """A shop that can sell and be paid. Its account exists at no bank."""
    number = next(_numbers)
    owner, seller = (
        register_person(name=who, phone=f"09{next(_numbers):08d}", now=NOW) for who in ("Chủ", "Người bán")
    )
    place = Commune.objects.select_related("province").get(pk=commune)
    vendor = register_vendor(
        actor=SYSTEM,
        owner=owner,
        name=name,
        kind="cooperative",
        commune=place,
        phone="0912345678",
        market_site=site,
        now=NOW,
    )
    Vendor.objects.filter(pk=vendor.pk).update(verification=Vendor.Verification.VNEID)
    vendor.refresh_from_db()
    account = f"CHO40TEST{number:05d}"
    set_bank_account(
        actor=SYSTEM, vendor=vendor, bin="970436", account_number=account, account_name="HTX BAN GIOC", now=NOW
    )
    feed = create_feed(actor=SYSTEM, vendor=vendor, auth=auth, secret=SECRET, now=NOW).feed
    variant, stock = goods(vendor, price_vnd=price_vnd, quantity=quantity)
    return Shop(
        vendor,
        Actor(user_id=owner.pk, vendor_roles={vendor.pk: "owner"}),
        Actor(user_id=seller.pk, vendor_roles={vendor.pk: "seller"}),
        account,
        feed,
        variant,
        stock,
    )


def goods(vendor: Vendor, *, price_vnd: int = PRICE_VND, quantity: int = 10) -> tuple[ProductVariant, Stock]:
    """A published product of the shop, and how many lie on its shelf."""
    name = "Miến dong Cao Bằng"
    product = Product.objects.create(
        vendor=vendor,
        slug=f"mien-dong-{next(_numbers)}",
        name=name,
        ocop_set=6,
        commune_of_origin=vendor.commune,
        listing=Product.Listing.PUBLISHED,
        published_at=NOW,
        folded_name=fold(name),
        sort_key=name_sort_key(name),
        made_at=NOW,
        updated_at=NOW,
    )
    variant = ProductVariant.objects.create(product=product, vendor=vendor, unit="gói 500 g", price_vnd=price_vnd)
    place = Warehouse.objects.filter(vendor=vendor).order_by("pk")[0]
    return variant, Stock.objects.create(variant=variant, warehouse=place, quantity=quantity)


def a_site_feed(site: MarketSite) -> Feed:
    """A feed about the accounts of all shops of a market."""
    return create_site_feed(actor=SYSTEM, market_site=site, secret=SECRET, now=NOW).feed


def a_checkout(shop: Shop, *, quantity: int = 1, now: datetime = NOW) -> uuid.UUID:
    """A checkout that could become an order: goods, a phone, fetched at the shop."""
    lines = [LineWanted(variant_id=shop.variant.pk, quantity=quantity)]
    checkout = create_checkout(actor=ANONYMOUS, vendor=shop.vendor, lines=lines, now=now)
    set_phone(checkout_id=checkout.pk, phone="0987654321", now=now)
    pick_up = next(way for way in offer_deliveries(checkout_id=checkout.pk, now=now) if way.pick_up_at_id)
    choose_delivery(checkout_id=checkout.pk, delivery_id=pick_up.pk, now=now)
    return checkout.pk


def an_order(shop: Shop, *, quantity: int = 1, now: datetime = NOW) -> Order:
    """An order of the shop's goods, unpaid; `quantity` times PRICE_VND."""
    return complete_checkout(checkout_id=a_checkout(shop, quantity=quantity, now=now), actor=ANONYMOUS, now=now)


def fresh(order: Order) -> Order:
    """The order as the database has it now."""
    return Order.objects.get(pk=order.pk)


def code_of(order: Order) -> str:
    """The order's live payment code."""
    return PaymentCode.objects.get(order=order, is_live=True).code


def a_notice(
    feed: Feed,
    account: str,
    content: str,
    amount_vnd: object = PRICE_VND,
    /,
    *,
    notice_id: object = None,
    now: datetime = NOW,
    **changes: Any,
) -> SignedNotice:
    """A signed notice; `changes` replaces fields of its JSON."""
    number = next(_numbers)
    return sepay_notice(
        secret=SECRET,
        auth=feed.auth,
        account_number=account,
        amount_vnd=0,
        content=content,
        notice_id=number,
        now=now,
        changes={"transferAmount": amount_vnd, "id": number if notice_id is None else notice_id, **changes},
    )


def send(feed: Feed, notice: SignedNotice, *, now: datetime = NOW) -> NoticeAnswer:
    """Give a notice to the market as its provider would."""
    return receive_notice(
        provider=feed.provider, feed_id=str(feed.pk), body=notice.body, headers=notice.headers, now=now
    )


def pay(
    shop: Shop, content: str, amount_vnd: object = PRICE_VND, /, *, now: datetime = NOW, **changes: Any
) -> BankNotice:
    """Money comes to the shop's account with these words; answers what was kept of it."""
    answer = send(shop.feed, a_notice(shop.feed, shop.account, content, amount_vnd, now=now, **changes), now=now)
    assert (answer.status, answer.content) == (200, {"success": True})
    return BankNotice.objects.order_by("-pk")[0]


def moved(order: Order) -> list[tuple[str, int, str]]:
    """Every movement of the order's money: type, amount, confirmation."""
    events = TransactionEvent.objects.filter(order=order).exclude(type="charge_action_required")
    return list(events.order_by("pk").values_list("type", "amount_vnd", "confirmation"))


def waiting(shop: Shop) -> list[tuple[str, int]]:
    """What waits for a person of the shop: kind and amount."""
    items = ReviewItem.objects.filter(vendor=shop.vendor, closed_at__isnull=True)
    return list(items.order_by("pk").values_list("kind", "amount_vnd"))


def journal(kind: str) -> list[dict[str, Any]]:
    """The data of every event of this kind, in order."""
    return list(JournalEvent.objects.filter(kind=kind).order_by("pk").values_list("data", flat=True))


def rows() -> dict[str, int]:
    """How many rows the tables of money hold: what a refusal must leave as it was."""
    models = (BankNotice, TransactionEvent, ReviewItem, JournalEvent, Order, PaymentCode)
    return {model.__name__: model._default_manager.count() for model in models}


__all__ = [name for name in globals() if not name.startswith("_")]
