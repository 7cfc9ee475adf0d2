"""A shop's goods out of a file: tried before they are taken, taken once, by the shop alone, and in batches."""

import uuid
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from click.testing import CliRunner

from catalog.exporting import export_rows
from catalog.models import GoodsImport, Product, ProductVariant
from catalog.services import importing
from catalog.services.importing import bring_goods, confirm_import, import_products
from marketplace.cli.goods import import_products as command
from marketplace.core.actors import ANONYMOUS, SYSTEM
from marketplace.core.errors import NotFound
from tests.catalog.bringing import GOOD, brought, kinds, taken, words
from tests.catalog.factories import NENH, NOW, Shop, a_product, a_shop

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def test_every_row_becomes_a_draft_with_its_price_and_stock(shop: Shop) -> None:
    done = taken(shop, "\ufeff" + GOOD)

    assert (done.state, done.added_count, done.errors_count) == ("done", 2, 0)
    assert kinds("Mật ong bạc hà") == [("", "hũ 500 g", 125_000, 10, None)]
    assert kinds("Miến dong") == [("", "gói", 85_000, 20, None)]
    assert set(Product.objects.values_list("listing", "description")) == {("draft", "Ong nuôi"), ("draft", "")}


def test_a_trial_says_what_would_be_and_changes_nothing(shop: Shop) -> None:
    found = brought(shop, GOOD + "Chè;99;10k;gói;1;\nRượu;14;nhiều;chai;1;\n")

    assert [action for action, _name, _words in words(found)] == ["add", "add", "error", "error"]
    assert words(found)[2][2] == ["Dòng 4: Hãy chọn một trong 26 nhóm sản phẩm OCOP."]
    assert words(found)[3][2][0].startswith("Dòng 5: Số tiền chưa đúng.")
    assert not Product.objects.exists()
    with pytest.raises(importing.HasErrors):
        confirm_import(actor=shop.owner, goods_import=found, now=NOW)
    assert not Product.objects.exists()


def test_what_is_right_may_be_taken_without_the_rows_with_mistakes(shop: Shop) -> None:
    found = brought(shop, GOOD + "Chè;99;10k;gói;1;\n")

    done = confirm_import(actor=shop.owner, goods_import=found, now=NOW, without_errors=True)

    assert (done.state, done.added_count, done.errors_count) == ("done", 2, 1)
    assert Product.objects.count() == 2


def test_the_same_file_again_adds_nothing(shop: Shop) -> None:
    content = GOOD.replace("mô tả", "mã hàng").replace("Ong nuôi", "MO-1")
    taken(shop, content)

    again = taken(shop, content)

    assert (again.added_count, Product.objects.count()) == (0, 2)
    assert [(action, lines) for action, _name, lines in words(again)] == [
        ("change", []),
        ("skip", ["gian hàng đã có sản phẩm tên này, giữ nguyên"]),
    ]


def test_a_code_that_another_shop_has_is_kept_and_nothing_is_said_of_that_shop(shop: Shop) -> None:
    other = a_product(a_shop("Tạp hóa Hoa", commune=NENH))
    ProductVariant.objects.filter(product=other).update(sku="SP01", price_vnd=7_000)
    content = "tên,bộ,giá,đơn vị,mã hàng\nMật ong,4,125k,hũ,SP01\n"

    done = taken(shop, content)

    assert words(done)[0][2] == []
    assert kinds("Mật ong")[0][4] == "SP01"
    assert ProductVariant.objects.get(product=other).price_vnd == 7_000


def test_a_form_sent_twice_is_one_import_and_confirmed_twice_is_taken_once(shop: Shop) -> None:
    form = uuid.uuid4()
    first, second = (brought(shop, GOOD, client_id=form) for _ in range(2))
    assert first.pk == second.pk

    for _ in range(2):
        confirm_import(actor=shop.owner, goods_import=first, now=NOW)

    assert Product.objects.count() == 2


def test_a_long_file_goes_on_by_itself_in_batches(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    assert importing.STEPS_A_BATCH_MAX == 20
    monkeypatch.setattr(importing, "STEPS_A_BATCH_MAX", 2)
    content = "tên,bộ,giá,đơn vị\n" + "".join(f"Món {number},6,10k,gói\n" for number in range(5))

    begun = confirm_import(actor=shop.owner, goods_import=brought(shop, content), now=NOW)
    assert (begun.state, begun.next_step, Product.objects.count()) == ("running", 2, 2)
    assert importing.continue_imports(now=NOW) == 1
    assert importing.continue_imports(now=NOW) == 1

    begun.refresh_from_db()
    assert (begun.state, begun.added_count, Product.objects.count()) == ("done", 5, 5)
    assert importing.continue_imports(now=NOW) == 0


def test_a_refusal_on_the_way_stops_no_other_product(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    found = brought(shop, GOOD)
    monkeypatch.setattr("catalog.services.listing.PRODUCTS_A_VENDOR_MAX", 1)

    done = confirm_import(actor=shop.owner, goods_import=found, now=NOW)

    assert (done.state, done.added_count, done.errors_count) == ("done", 1, 1)
    assert words(done)[1][2] == ["Dòng 3: Gian hàng đã có 2.000 sản phẩm, không thêm được nữa."]
    assert Product.objects.count() == 1


def test_a_stranger_brings_reads_confirms_and_discards_nothing(shop: Shop) -> None:
    found = brought(shop, GOOD)
    other = a_shop("Tạp hóa Hoa", commune=NENH)

    for actor in (ANONYMOUS, shop.staff, other.owner):
        with pytest.raises(NotFound):
            bring_goods(actor=actor, vendor=shop.vendor, content=GOOD.encode(), now=NOW)
        with pytest.raises(NotFound):
            confirm_import(actor=actor, goods_import=found, now=NOW)
        with pytest.raises(NotFound):
            importing.discard_import(actor=actor, goods_import=found)
        with pytest.raises(NotFound):
            export_rows(actor=actor, vendor=shop.vendor)
    with pytest.raises(NotFound):
        importing.import_of(actor=other.owner, vendor=other.vendor, import_id=found.pk)

    assert (GoodsImport.objects.count(), Product.objects.count()) == (1, 0)
    importing.discard_import(actor=shop.owner, goods_import=found)
    with pytest.raises(NotFound):
        confirm_import(actor=shop.owner, goods_import=found, now=NOW)


def test_old_imports_are_forgotten_and_a_shop_keeps_few_drafts(shop: Shop) -> None:
    for number in range(7):
        brought(shop, GOOD.replace("125k", f"{number + 1}k"))
    assert GoodsImport.objects.count() == importing.DRAFTS_A_VENDOR_MAX == 5
    taken(shop, GOOD)

    assert importing.forget_imports(now=NOW + timedelta(hours=23)) == 0
    assert importing.forget_imports(now=NOW + timedelta(hours=25)) == 5 - 1
    assert importing.forget_imports(now=NOW + timedelta(days=31)) == 1


def test_the_terminal_takes_all_rows_or_none(shop: Shop, tmp_path: Any) -> None:
    file = tmp_path / "goods.csv"

    def run(content: str, *more: str) -> tuple[int, str]:
        file.write_text(content, encoding="utf-8")
        result = CliRunner().invoke(command, [str(file), "--vendor", shop.vendor.slug, *more])
        return result.exit_code, result.output

    code, said = run(GOOD + "Chè;99;10k;gói;1;\n")
    assert (code, said.splitlines()[-1]) == (1, "1 sản phẩm có lỗi trên 3: chưa thêm gì.")
    code, said = run(GOOD, "--dry-run")
    assert (code, said.splitlines()[-1]) == (0, "2 sản phẩm đều đúng: chưa thêm gì vì chỉ thử.")
    assert (Product.objects.count(), GoodsImport.objects.count()) == (0, 0)
    code, said = run("tên,giá\nMiến,1tr2\n", "--ocop-set", "6", "--unit", "gói")
    assert (code, said) == (0, "Dòng 2: thêm Miến\nĐã thêm 1, sửa 0 sản phẩm.\n")
    assert kinds("Miến") == [("", "gói", 1_200_000, 0, None)]
    assert CliRunner().invoke(command, [str(file), "--vendor", "x"]).exit_code == 1


def test_the_terminal_is_told_how_far_it_is(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "STEPS_A_BATCH_MAX", 1)
    shown: list[tuple[int, int]] = []

    done = import_products(
        vendor=shop.vendor, content=GOOD.encode(), now=NOW, progress=lambda *where: shown.append(where)
    )

    assert (shown, done.added_count) == ([(1, 2), (2, 2)], 2)
    assert done.actor_id == SYSTEM.user_id
    assert Decimal(done.steps_count) == 2
