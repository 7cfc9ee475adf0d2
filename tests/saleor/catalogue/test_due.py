"""What is due stays due until it is done: deaths, odd answers and changes meanwhile lose nothing, hold up nobody."""

from __future__ import annotations

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext

from catalog import services
from catalog.models import ListingElsewhere, Product
from catalog.selectors import available_quantity
from marketplace.core import journal, tasks
from marketplace.core.models import Lease
from marketplace.saleor.catalogue import pushing
from marketplace.saleor.catalogue.due import mark_all_stock
from marketplace.saleor.catalogue.pushing import RETRY_S, push_due
from marketplace.saleor.catalogue.syncing import LEASE_S
from marketplace.saleor.catalogue.tasks import compare_goods
from marketplace.saleor.models import Installation, SaleorObject
from tests.catalog.factories import NOW, Shop, a_picture, a_shop, on_sale
from tests.saleor.catalogue.shelf import Killed, Wait, dies_at_call, no_wait, page_of, pushed, sell, synced, there
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.server import Fault, Handler, status
from tests.saleor.played.world import Thing
from vendors.models import Vendor


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def odd(handler: Handler) -> None:
    """An answer that does not have the shape that the schema promises."""
    handler.answer_of_graphql()
    handler.answer(200, b'{"data": {"product": {}}}')


def odd_about(thing: Thing) -> Fault:
    """Only questions about this thing are answered oddly."""

    def answer(handler: Handler) -> None:
        usual = handler.answer_of_graphql()
        is_about_it = handler.front.asked[-1].variables.get("id") == thing["id"]
        handler.answer(*((200, b'{"data": {"product": {}}}') if is_about_it else usual))

    return answer


def in_step(installation: Installation) -> None:
    """All goods are there, and nothing is due."""
    synced(installation)
    pushed(installation)
    assert nothing_is_due()


def with_new_price(shop: Shop, product: Product, price_vnd: int) -> None:
    """The shop asks for another price, and the journal has told of it."""
    services.update_variant(actor=shop.owner, variant=product.variants.get(), price_vnd=price_vnd, now=NOW)
    journal.drain(now=NOW)


def price_there(saleor: PlayedSaleor, product: Product) -> object:
    """What it costs at the Saleor."""
    return there(saleor, product)["variants"][0]["channelListings"][0]["price"]


def nothing_is_due() -> bool:
    """Whether all was done."""
    return not SaleorObject.objects.filter(due_at__isnull=False).exists()


def changes_once(shop: Shop, product: Product, price_vnd: int) -> Wait:
    """A wait in which the shop changes its price, before the first question after the product was read."""
    changed: list[int] = []

    def wait(_seconds: float) -> None:
        if not changed:
            changed.append(price_vnd)
            with_new_price(shop, product, price_vnd)

    return wait


def test_a_round_that_dies_leaves_what_it_was_about_due(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    in_step(installation)
    with_new_price(shop, product, 70_000)
    installation.refresh_from_db()

    with pytest.raises(Killed):
        push_due(installation, now=NOW, wait=dies_at_call(2))
    assert price_there(saleor, product) != 70_000
    pushed(installation)

    assert price_there(saleor, product) == 70_000
    assert nothing_is_due()


def test_a_round_that_takes_so_long_that_another_has_its_turn_asks_nothing_more(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    in_step(installation)
    with_new_price(shop, product, 70_000)
    mark_all_stock(installation, now=NOW)

    def another_begins(_seconds: float) -> None:
        Lease.objects.update(holder=uuid.uuid4(), expires_at=NOW + timedelta(seconds=LEASE_S))

    installation.refresh_from_db()
    saleor.front.asked.clear()
    push_due(installation, now=NOW, wait=another_begins)

    assert "CatalogueStocks" not in {one.operation for one in saleor.front.asked}
    assert set(SaleorObject.objects.filter(due_at__isnull=False).values_list("kind", flat=True)) == {"variant"}
    Lease.objects.all().delete()
    pushed(installation)
    assert nothing_is_due()


def test_an_answer_of_an_odd_shape_is_tried_again_later_and_its_shop_reads_so(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    in_step(installation)
    with_new_price(shop, product, 70_000)

    saleor.front.broken = odd
    assert pushed(installation) == 0
    saleor.front.broken = None
    assert ListingElsewhere.objects.get(product=product).problem == (
        "Saleor chưa nhận sản phẩm này. Bạn nhờ người vận hành chợ xem giúp."
    )
    assert pushed(installation, now=NOW + timedelta(seconds=RETRY_S - 1)) == 0
    assert pushed(installation, now=NOW + timedelta(seconds=RETRY_S)) == 1

    assert price_there(saleor, product) == 70_000
    assert ListingElsewhere.objects.get(product=product).problem == ""
    assert nothing_is_due()


def test_one_product_that_cannot_be_brought_does_not_hold_up_the_others(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    first, second = on_sale(shop), on_sale(shop, "Miến ngô")
    in_step(installation)
    with_new_price(shop, first, 70_000)
    with_new_price(shop, second, 80_000)
    saleor.front.broken = odd_about(there(saleor, first))

    pushed(installation)

    assert (price_there(saleor, first) == 70_000, price_there(saleor, second)) == (False, 80_000)
    assert SaleorObject.objects.get(due_at__isnull=False).our_id == str(first.pk)


def test_where_nothing_can_be_brought_only_some_are_tried_one_by_one(
    installation: Installation, saleor: PlayedSaleor, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pushing, "FAILURES_IN_A_ROW_MAX", 2)
    products = [on_sale(shop, f"Miến {number}") for number in range(4)]
    in_step(installation)
    for product in products:
        with_new_price(shop, product, 70_000)
    saleor.front.broken = odd
    saleor.front.asked.clear()

    assert pushed(installation) == 0

    assert saleor.asked() == ["CatalogueProduct"] * 3  # all together, and two alone
    assert SaleorObject.objects.filter(due_at__lte=NOW).count() == 2


def test_what_changes_while_it_is_brought_is_brought_once_more(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    in_step(installation)
    with_new_price(shop, product, 70_000)
    installation.refresh_from_db()

    push_due(installation, now=NOW, wait=changes_once(shop, product, 80_000))
    pushed(installation)

    assert price_there(saleor, product) == 80_000
    assert nothing_is_due()


def test_control_without_the_raised_count_a_change_meanwhile_would_be_lost(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    in_step(installation)
    with_new_price(shop, product, 70_000)
    installation.refresh_from_db()
    counted = SaleorObject.objects.get(kind="product").wanted
    changes = changes_once(shop, product, 80_000)

    def wait(seconds: float) -> None:
        changes(seconds)
        SaleorObject.objects.filter(kind="product").update(wanted=counted)

    push_due(installation, now=NOW, wait=wait)

    pushed(installation)
    assert price_there(saleor, product) == 70_000


def test_a_change_of_what_was_put_off_is_brought_at_once(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    product = on_sale(shop)
    in_step(installation)
    with_new_price(shop, product, 70_000)
    saleor.front.broken = odd
    pushed(installation)
    saleor.front.broken = None

    with_new_price(shop, product, 80_000)
    pushed(installation)

    assert price_there(saleor, product) == 80_000


def test_a_round_while_saleor_is_away_lets_the_others_go_first_the_next_time(
    installation: Installation, saleor: PlayedSaleor, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = on_sale(shop), on_sale(shop, "Miến ngô")
    in_step(installation)
    with_new_price(shop, first, 70_000)
    with_new_price(shop, second, 80_000)
    monkeypatch.setattr(pushing, "ROWS_A_ROUND_MAX", 1)
    later = NOW + timedelta(seconds=3)

    saleor.front.broken = status(503)
    pushed(installation, now=later)
    saleor.front.broken = None
    pushed(installation, now=later)

    assert (price_there(saleor, first) == 70_000, price_there(saleor, second)) == (False, 80_000)


def test_a_page_that_says_something_else_is_found_without_an_event(
    installation: Installation, saleor: PlayedSaleor, shop: Shop
) -> None:
    on_sale(shop)
    in_step(installation)
    assert page_of(saleor, shop.vendor.slug)["isPublished"] is True
    Vendor.objects.update(verification=Vendor.Verification.DECLARED)
    never_there = a_shop("Hộ Nếnh", commune="07795")
    SaleorObject.objects.create(installation=installation, kind="vendor", our_id=str(never_there.vendor.pk))
    Vendor.objects.filter(pk=never_there.vendor.pk).update(verification=Vendor.Verification.DECLARED)

    compare_goods(NOW)
    assert SaleorObject.objects.get(kind="vendor", due_at__isnull=False).our_id == str(shop.vendor.pk)
    push_due(installation, now=NOW, wait=no_wait)

    assert page_of(saleor, shop.vendor.slug)["isPublished"] is False


def test_a_busy_database_is_no_fault_of_the_goods(
    installation: Installation, saleor: PlayedSaleor, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    product = on_sale(shop)
    in_step(installation)
    with_new_price(shop, product, 70_000)

    def is_busy(*_: object, **__: object) -> None:
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(pushing, "push_products", is_busy)
        with pytest.raises(OperationalError):
            pushed(installation)
    pushed(installation)

    assert price_there(saleor, product) == 70_000


def rows_read(questions: CaptureQueriesContext) -> int:
    """How many rows of the mapping these questions to the database answer, asked once more."""
    asked = [
        one["sql"] for one in questions if one["sql"].startswith("SELECT") and "saleor_saleorobject" in one["sql"]
    ]
    with connection.cursor() as cursor:
        return sum(len(_answer(cursor, sql)) for sql in asked)


def _answer(cursor: Any, sql: str) -> list[Any]:
    cursor.execute(sql)
    return list(cursor.fetchall())


def test_a_round_reads_the_photos_of_its_own_goods_and_no_others(
    installation: Installation, saleor: PlayedSaleor, shop: Shop, media_folder: Any
) -> None:
    product = on_sale(shop)
    in_step(installation)
    services.add_photo(actor=shop.owner, product=product, content=a_picture(), now=NOW)
    pushed(installation)
    assert len(there(saleor, product)["media"]) == 1
    read = []
    for others in (0, 40):
        SaleorObject.objects.bulk_create(
            SaleorObject(installation=installation, kind="media", our_id=f"999:{number}", saleor_id=f"M{number}")
            for number in range(others)
        )
        with_new_price(shop, product, 70_000 + others)
        with CaptureQueriesContext(connection) as questions:
            assert pushed(installation) == 1
        read.append(rows_read(questions))

    assert read[0] == read[1]


def test_every_variant_gets_its_turn_however_many_are_asked_for_again(
    installation: Installation, saleor: PlayedSaleor, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    goods = [on_sale(shop, f"Miến {number}", quantity=10) for number in range(3)]
    in_step(installation)
    for product in goods:
        sell(there(saleor, product)["variants"][0], 4)
    monkeypatch.setattr(pushing, "ROWS_A_ROUND_MAX", 1)

    for turn in range(3):
        later = NOW + timedelta(seconds=300 * turn)
        mark_all_stock(installation, now=later)
        pushed(installation, now=later + timedelta(seconds=3))

    variants = [product.variants.get().pk for product in goods]
    assert available_quantity(variants) == dict.fromkeys(variants, 6)


def test_what_grows_with_the_catalogue_does_not_hold_up_the_journal() -> None:
    beside = {task.name for task in tasks.periodic_tasks() if task.is_slow}

    assert {"saleor.push_goods", "saleor.look_over_stock", "saleor.look_over_goods", "saleor.ask_stock"} <= beside
