"""Shops, goods and checkouts for the tests of orders: rows as the other features would leave them."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from datetime import UTC, datetime

from django.db import transaction
from django.db.models import Sum

from catalog.models import Product, ProductVariant, Stock
from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.journal import JsonValue
from marketplace.core.text import fold
from marketplace.orders.models import Allocation, Checkout, DeliveryRate, Order, Reservation
from marketplace.orders.services.charging import ChargeOutcome, apply_charge, apply_refund, lock_order
from marketplace.orders.services.checkouts import (
    AddressInput,
    LineWanted,
    choose_delivery,
    create_checkout,
    offer_deliveries,
    set_phone,
)
from marketplace.orders.services.placing import complete_checkout
from marketplace.people.models import User
from payments.models import TransactionEvent, TransactionItem
from vendors.models import BankAccount, Membership, Vendor, Warehouse

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
THUC_PHAN = "01273"
"""Phường Thục Phán, Tỉnh Cao Bằng: where shops are unless a test says otherwise."""
NUNG_TRI_CAO = "01279"
"""Phường Nùng Trí Cao: another commune of the same province."""
NENH = "07795"
"""Phường Nếnh, Tỉnh Bắc Ninh: another province."""
PHONE = "+84912345678"


def a_shop(
    slug: str = "mat-ong-cao-bang",
    *,
    commune: str = THUC_PHAN,
    verification: str = Vendor.Verification.VNEID,
    account: bool = True,
    rates: dict[str, int] | None = None,
    is_demo: bool = False,
) -> Vendor:
    """A shop that may sell, with one place that hands goods out and, unless told otherwise, a bank account."""
    name = f"Hợp tác xã {slug}"
    vendor = Vendor.objects.create(
        slug=slug,
        name=name,
        kind=Vendor.Kind.COOPERATIVE,
        commune_id=commune,
        phone="+84206388888",
        verification=verification,
        folded=fold(name),
        sort_key=name,
        is_demo=is_demo,
        made_at=NOW,
    )
    Warehouse.objects.create(vendor=vendor, name="Cửa hàng")
    if account:
        BankAccount.objects.create(
            vendor=vendor, bin="970436", account_number="CHO40DEMO0001", account_name="HTX MAT ONG", made_at=NOW
        )
    for zone, price_vnd in (rates or {}).items():
        DeliveryRate.objects.create(vendor=vendor, zone=zone, price_vnd=price_vnd)
    return Vendor.objects.select_related("commune__province").get(pk=vendor.pk)


def a_variant(
    vendor: Vendor,
    *,
    name: str = "Mật ong hoa nhãn",
    price_vnd: int = 120_000,
    quantity: int = 5,
    unit: str = "hũ",
    alcohol: bool = False,
    listing: str = Product.Listing.PUBLISHED,
    is_active: bool = True,
) -> ProductVariant:
    """A published product with one variant and `quantity` of it at the shop's first place."""
    product = Product.objects.create(
        vendor=vendor,
        slug=f"san-pham-{uuid.uuid4().hex[:12]}",
        name=name,
        ocop_set=14 if alcohol else 5,
        is_alcohol=alcohol,
        commune_of_origin_id=vendor.commune_id,
        listing=listing,
        published_at=NOW,
        folded_name=fold(name),
        sort_key=name,
        made_at=NOW,
        updated_at=NOW,
    )
    variant = ProductVariant.objects.create(
        product=product, vendor=vendor, unit=unit, price_vnd=price_vnd, is_active=is_active
    )
    Stock.objects.create(
        variant=variant, warehouse=vendor.warehouses.get(kind=Warehouse.Kind.SHOP), quantity=quantity
    )
    return variant


def a_place(vendor: Vendor, *, name: str = "Sạp số 7", pick_up: bool = True, is_active: bool = True) -> Warehouse:
    """A second place of the shop's."""
    return Warehouse.objects.create(
        vendor=vendor, kind=Warehouse.Kind.STALL, name=name, pick_up=pick_up, is_active=is_active
    )


def a_person(phone: str = PHONE, *, email: str | None = None) -> User:
    return User.objects.create_user(phone=phone, email=email, name="Nông Thị Mơ")


def a_member(vendor: Vendor, *, role: str = "owner", phone: str = "+84987654321") -> Actor:
    """Somebody who works in the shop, as the actor that services ask for."""
    user = a_person(phone)
    Membership.objects.create(vendor=vendor, user=user, role=role)
    return Actor(user_id=user.pk, vendor_roles={vendor.pk: role})


def an_address(**changes: str) -> AddressInput:
    given = {
        "last_name": "Nông Thị Mơ",
        "street_address_1": "Tổ 5, đường Kim Đồng",
        "city": "Phường Thục Phán",
        "country_area": "Tỉnh Cao Bằng",
        "phone": "0912 345 678",
    }
    return AddressInput(**{**given, **changes})


def a_checkout(
    *wanted: tuple[ProductVariant, int],
    now: datetime = NOW,
    basket: uuid.UUID | None = None,
    age_declared: bool = False,
) -> Checkout:
    """A checkout with these goods and nothing else yet."""
    return create_checkout(
        actor=ANONYMOUS,
        vendor=wanted[0][0].product.vendor,
        lines=[LineWanted(variant.pk, quantity) for variant, quantity in wanted],
        basket=basket,
        age_declared=age_declared,
        now=now,
    )


def a_ready_checkout(
    *wanted: tuple[ProductVariant, int], now: datetime = NOW, age_declared: bool = False
) -> Checkout:
    """A checkout that can be ordered: a phone, and pick-up at the shop."""
    checkout = a_checkout(*wanted, now=now, age_declared=age_declared)
    set_phone(checkout_id=checkout.pk, phone="0912 345 678", now=now)
    pick_up = next(row for row in offer_deliveries(checkout_id=checkout.pk, now=now) if row.pick_up_at_id)
    return choose_delivery(checkout_id=checkout.pk, delivery_id=pick_up.pk, now=now)


def an_order(*wanted: tuple[ProductVariant, int], now: datetime = NOW) -> Order:
    """An order placed and not paid."""
    return complete_checkout(checkout_id=a_ready_checkout(*wanted, now=now).pk, actor=ANONYMOUS, now=now)


def charge(order: Order, amount_vnd: int, *, now: datetime = NOW, bank_date: str = "2026-11-22") -> ChargeOutcome:
    """Book money as payments does: one transaction, the order locked."""
    with transaction.atomic():
        locked = lock_order(order.pk)
        data: dict[str, JsonValue] = {"confirmation": "bank", "bank_date": bank_date, "transaction_event": 1}
        return charge_locked(locked, amount_vnd, now=now, data=data)


def charge_locked(
    order: Order, amount_vnd: int, *, now: datetime = NOW, data: Mapping[str, JsonValue]
) -> ChargeOutcome:
    """Charge a locked order, with the event that the database asks for where a balance moves."""
    outcome = apply_charge(order=order, amount_vnd=amount_vnd, actor=SYSTEM, now=now, data=data)
    _event(order, "charge_success", amount_vnd, now=now)
    return outcome


def refund_locked(
    order: Order, amount_vnd: int, *, now: datetime = NOW, data: Mapping[str, JsonValue]
) -> ChargeOutcome:
    """Give money of a locked order back, with its event."""
    outcome = apply_refund(order=order, amount_vnd=amount_vnd, actor=SYSTEM, now=now, data=data)
    _event(order, "refund_success", amount_vnd, now=now)
    return outcome


def _event(order: Order, kind: str, amount_vnd: int, *, now: datetime) -> None:
    item, _made = TransactionItem.objects.get_or_create(
        order=order, gateway="market40.cash", defaults={"made_at": now}
    )
    TransactionEvent.objects.create(
        transaction=item,
        order=order,
        vendor_id=order.vendor_id,
        type=kind,
        amount_vnd=amount_vnd,
        confirmation="cash",
        happened_at=now,
        bank_date=now.date(),
        commune=order.vendor.commune,
        channel=order.channel,
    )


def a_paid_order(*wanted: tuple[ProductVariant, int], now: datetime = NOW) -> Order:
    order = an_order(*wanted, now=now)
    charge(order, order.total_vnd, now=now)
    return Order.objects.select_related("vendor").get(pk=order.pk)


def stock_of(variant: ProductVariant) -> tuple[int, int, int]:
    """(quantity, allocated, reserved) of a variant over all places."""
    sums = Stock.objects.filter(variant=variant).aggregate(q=Sum("quantity"), a=Sum("allocated"), r=Sum("reserved"))
    return sums["q"], sums["a"], sums["r"]


def assert_stock_adds_up() -> None:
    """What every storm must leave: no stock oversold, and the columns equal to the rows behind them."""
    for stock in Stock.objects.all():
        assert 0 <= stock.allocated + stock.reserved <= stock.quantity
        allocated = Allocation.objects.filter(stock=stock).aggregate(sum=Sum("quantity"))["sum"] or 0
        reserved = Reservation.objects.filter(stock=stock).aggregate(sum=Sum("quantity"))["sum"] or 0
        assert (stock.allocated, stock.reserved) == (allocated, reserved)
