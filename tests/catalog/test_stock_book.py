"""The stock book: every unit that came or went is a line, and the last line is what lies there."""

import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from catalog import services
from catalog.models import Product, Stock, StockMovement
from catalog.selectors import movements_of_vendor, stock_for_member
from catalog.values import BadQuantity
from marketplace.core.actors import ANONYMOUS, SYSTEM
from marketplace.core.errors import MarketError, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from marketplace.orders.services.fulfilling import fulfil_order
from payments.models import Confirmation
from payments.services.by_hand import mark_paid_by_hand
from tests.catalog.factories import NENH, NOW, Shop, a_product, a_shop
from tests.payments import factories as sales

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def stock(shop: Shop) -> Stock:
    a_product(shop, quantity=10)
    return Stock.objects.select_related("variant__product__vendor").get()


def book() -> list[tuple[str, int, int]]:
    return list(StockMovement.objects.order_by("pk").values_list("kind", "change", "quantity_after"))


def move(shop: Shop, stock: Stock, kind: str, quantity: int, **more: Any) -> StockMovement:
    return services.move_stock(actor=shop.owner, stock=stock, kind=kind, quantity=quantity, now=NOW, **more)


def test_goods_come_in_and_go_out_and_the_book_adds_up(shop: Shop, stock: Stock) -> None:
    move(shop, stock, "received", 20, note="mẻ  ngày 20/11")
    move(shop, stock, "elsewhere", 4)
    move(shop, stock, "spoiled", 1)
    services.set_stock(actor=shop.owner, variant=stock.variant, warehouse=stock.warehouse, quantity=24, now=NOW)

    assert book() == [
        ("opening", 10, 10),
        ("received", 20, 30),
        ("elsewhere", -4, 26),
        ("spoiled", -1, 25),
        ("counted", -1, 24),
    ]
    stock.refresh_from_db()
    assert stock.quantity == 24
    assert [line.note for line in movements_of_vendor(shop.owner, shop.vendor) if line.note] == ["mẻ ngày 20/11"]
    event = JournalEvent.objects.filter(kind="stock.moved").order_by("pk")[0]
    assert (event.data["change"], event.data["variant"]) == (20, stock.variant_id)


def test_a_count_that_finds_what_was_there_is_no_line(shop: Shop, stock: Stock) -> None:
    services.set_stock(actor=shop.owner, variant=stock.variant, warehouse=stock.warehouse, quantity=10, now=NOW)

    assert book() == [("opening", 10, 10)]


def test_a_product_without_stock_has_no_line_and_a_further_kind_opens_its_own(shop: Shop) -> None:
    product = a_product(shop, quantity=0)

    services.add_variant(
        actor=shop.owner, product=product, name="Gói 1 kg", unit="gói", price_vnd=110_000, quantity=7, now=NOW
    )

    assert book() == [("opening", 7, 7)]


def test_the_same_form_twice_is_one_line(shop: Shop, stock: Stock) -> None:
    form = uuid.uuid4()

    first, second = (move(shop, stock, "received", 5, client_id=form) for _ in range(2))

    assert first == second
    assert book()[1:] == [("received", 5, 15)]


def test_control_without_its_id_the_form_counts_twice(shop: Shop, stock: Stock) -> None:
    for _ in range(2):
        move(shop, stock, "received", 5)

    assert book()[-1] == ("received", 5, 20)


@pytest.mark.parametrize(
    ("kind", "quantity", "note", "error"),
    [
        ("received", 0, "", BadQuantity),
        ("received", -1, "", BadQuantity),
        ("received", 999_991, "", services.NotSoMany),
        ("elsewhere", 11, "", services.NotSoMany),
        ("elsewhere", 8, "", services.BelowWhatIsSold),
        ("sold", 1, "", services.BadMovementKind),
        ("counted", 1, "", services.BadMovementKind),
        ("", 1, "", services.BadMovementKind),
        ("received", 1, "a" * 121, BadText),
    ],
)
def test_what_cannot_come_or_go_is_refused_and_nothing_moves(
    shop: Shop, stock: Stock, kind: str, quantity: int, note: str, error: type[MarketError]
) -> None:
    Stock.objects.update(allocated=2, reserved=1)

    with pytest.raises(error):
        move(shop, stock, kind, quantity, note=note)

    stock.refresh_from_db()
    assert (stock.quantity, book()) == (10, [("opening", 10, 10)])


def test_strangers_neither_read_nor_write_the_book(shop: Shop, stock: Stock) -> None:
    other = a_shop("Tạp hóa Hoa", commune=NENH)
    for actor in (ANONYMOUS, shop.staff, other.owner):
        with pytest.raises(NotFound):
            services.move_stock(actor=actor, stock=stock, kind="received", quantity=1, now=NOW)
        with pytest.raises(NotFound):
            stock_for_member(actor=actor, stock_id=stock.pk)
        with pytest.raises(NotFound):
            movements_of_vendor(actor, shop.vendor)

    assert stock_for_member(actor=shop.owner, stock_id=stock.pk) == stock
    assert book() == [("opening", 10, 10)]


def test_an_order_that_is_handed_over_is_a_line_with_its_number() -> None:
    shop = sales.a_shop(quantity=10)
    order = sales.an_order(shop, quantity=3)
    mark_paid_by_hand(
        actor=SYSTEM, order=order, amount_vnd=order.total_vnd, confirmation=Confirmation.CASH, now=sales.NOW
    )

    fulfil_order(actor=shop.owner, order=order, now=sales.NOW)

    line = StockMovement.objects.get()
    assert (line.kind, line.change, line.quantity_after) == ("sold", -3, 7)
    assert (line.reference, line.vendor_id, line.actor_id) == (order.number, shop.vendor.pk, shop.owner.user_id)


def test_the_database_keeps_no_line_that_moves_nothing(shop: Shop, stock: Stock) -> None:
    with pytest.raises(IntegrityError, match="movement_moves_something"), transaction.atomic():
        StockMovement.objects.update(change=0)
    with pytest.raises(IntegrityError, match="movement_leaves_no_less"), transaction.atomic():
        StockMovement.objects.update(quantity_after=-1)


def test_a_change_of_stock_raises_the_generation_and_needs_no_review(shop: Shop, stock: Stock) -> None:
    before = Product.objects.get().generation

    move(shop, stock, "returned", 1)

    assert Product.objects.get().generation == before + 1
