"""A shop's goods out of a CSV file: all of them or none, each mistake named by its row."""

from datetime import datetime

import pytest

from catalog.importing import IMPORT_BYTES_MAX, UnreadableImport, import_products
from catalog.models import Product, Stock
from marketplace.core.actors import ANONYMOUS, SYSTEM
from marketplace.core.errors import NotFound
from tests.payments.factories import Shop, a_shop

pytestmark = pytest.mark.django_db
GOOD = "tên;bộ;giá;đơn vị;số lượng;mô tả\nMật ong bạc hà;4;125k;hũ 500 g;10;Ong nuôi\nMiến dong;6;85.000;gói;20;\n"


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def names() -> set[str]:
    return set(Product.objects.filter(listing=Product.Listing.DRAFT).values_list("name", flat=True))


def test_every_row_becomes_a_draft_with_its_price_and_stock(shop: Shop, now: datetime) -> None:
    outcome = import_products(actor=SYSTEM, vendor=shop.vendor, content=("\ufeff" + GOOD).encode(), now=now)

    assert (outcome.ok, outcome.added) == (True, 2)
    assert names() == {"Mật ong bạc hà", "Miến dong"}
    honey = Product.objects.get(name="Mật ong bạc hà")
    assert honey.variants.get().price_vnd == 125_000
    assert Stock.objects.get(variant__product=honey).quantity == 10


def test_one_wrong_row_keeps_all_of_them_out_and_is_named(shop: Shop, now: datetime) -> None:
    content = GOOD + "Chè;99;10k;gói;1;\nRượu;14;nhiều;chai;1;\n"

    outcome = import_products(actor=SYSTEM, vendor=shop.vendor, content=content.encode(), now=now)

    assert (outcome.ok, outcome.added) == (False, 0)
    assert outcome.lines[2].startswith("Dòng 4:")
    assert outcome.lines[3].startswith("Dòng 5:")
    assert outcome.lines[-1] == "2 dòng có lỗi trên 4 dòng: chưa thêm gì."
    assert names() == set()


def test_a_dry_run_says_what_would_be_and_changes_nothing(shop: Shop, now: datetime) -> None:
    outcome = import_products(actor=SYSTEM, vendor=shop.vendor, content=GOOD.encode(), now=now, dry_run=True)
    assert outcome.ok
    assert outcome.lines[0] == "Dòng 2: Mật ong bạc hà"
    assert names() == set()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        "tên;giá\nMật ong;1\n".encode(),
        b'name,ocop_set,price,unit,quantity\n"broken,4,1,x,1\n',
        b"x" * (IMPORT_BYTES_MAX + 1),
        ("name,ocop_set,price,unit,quantity\n" + "a,4,1000,x,1\n" * 2001).encode(),
    ],
)
def test_what_is_no_table_of_goods_is_refused(shop: Shop, now: datetime, content: bytes) -> None:
    with pytest.raises(UnreadableImport):
        import_products(actor=SYSTEM, vendor=shop.vendor, content=content, now=now)
    assert names() == set()


def test_a_stranger_imports_nothing(shop: Shop, now: datetime) -> None:
    with pytest.raises(NotFound):
        import_products(actor=ANONYMOUS, vendor=shop.vendor, content=GOOD.encode(), now=now)
