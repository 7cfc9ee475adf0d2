"""The commune's staff keep the list of its villages, place shops in them, and read the month by village."""

from __future__ import annotations

import csv
import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from marketplace.core.actors import SYSTEM
from marketplace.core.journal import drain
from marketplace.places.models import Commune, Village
from marketplace.places.villages import add_villages
from storefront.commune.villages import VILLAGES_A_PAGE
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import (
    a_province_officer,
    an_officer,
    browser_of,
    form,
    owner_at,
    paid_by_bank,
    paid_in_cash,
    seller_at,
)
from vendors.models import Vendor
from vendors.villages import set_village

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
LIST = "/commune/villages/"


def villages(names: str, code: str = DAM_THUY) -> dict[str, Village]:
    add_villages(actor=SYSTEM, commune=Commune.objects.get(pk=code), names=names, kind="thon", now=NOW)
    return {village.name: village for village in Village.objects.filter(commune=code)}


def in_village(shop: Shop, village: Village) -> Shop:
    set_village(actor=SYSTEM, vendor=shop.vendor, village=str(village.pk), now=NOW)
    return shop


def where(shop: Shop) -> int | None:
    return Vendor.objects.get(pk=shop.vendor.pk).village_id


# The list


def test_a_commune_without_a_list_is_told_what_it_is_for_and_pastes_one(officer: Client) -> None:
    assert "Chưa có thôn, xóm nào" in text_of(officer.get(LIST))

    sent = form(names="1. Thôn Bản Giốc\n2. Lũng Phiắc\nTDP 5\nTDP 12", kind="xom")
    saved = officer.post(LIST, sent)
    again = officer.post(LIST, sent)

    assert [answer["Location"] for answer in (saved, again)] == [f"{LIST}?commune={DAM_THUY}"] * 2
    words = text_of(officer.get(LIST))
    assert "Đã thêm 4 thôn, xóm." in words
    assert "4 thôn, xóm đang dùng" in words
    assert words.index("Tổ dân phố 5") < words.index("Tổ dân phố 12") < words.index("Thôn Bản Giốc")
    assert "Xóm Lũng Phiắc" in words
    officer.post(LIST, form(names="Thôn bản giốc\nThôn Mới", kind="thon"))
    assert "Đã thêm 1 thôn, xóm. 1 tên đã có sẵn." in text_of(officer.get(LIST))


@pytest.mark.parametrize(
    "wrong",
    [{"names": ""}, {"names": "\u202e"}, {"names": "…"}, {"names": "a" * 200}, {"kind": "huyen"}],
)
def test_a_list_that_cannot_be_is_refused_and_nothing_is_kept(officer: Client, wrong: dict[str, str]) -> None:
    page = officer.post(LIST, form(names="Thôn Đông", kind="thon") | wrong)

    assert (page.status_code, 'role="alert"' in page.content.decode()) == (400, True)
    assert not Village.objects.exists()


def test_each_village_stands_with_its_shops_and_those_that_sold(officer: Client) -> None:
    known = villages("Thôn Bản Giốc\nLũng Phiắc")
    lan, _may = (in_village(a_shop(name), known["Lũng Phiắc"]) for name in ("Hộ Lan", "Hộ Mây"))
    a_shop("Hộ Páo")
    paid_by_bank(lan)
    drain(now=NOW)

    words = text_of(officer.get(LIST))

    assert "1 gian hàng chưa ghi thôn, xóm" in words
    assert "Thôn Bản Giốc 0 0 Thôn Lũng Phiắc 2 gian hàng, Thôn Lũng Phiắc 1" in words
    by_shops = text_of(officer.get(f"{LIST}?sort=shops"))
    assert by_shops.index("Thôn Lũng Phiắc") < by_shops.index("Thôn Bản Giốc")
    shops = text_of(officer.get(f"/commune/vendors/?village={known['Lũng Phiắc'].pk}"))
    assert ("Hộ Lan" in shops, "Hộ Mây" in shops, "Hộ Páo" in shops) == (True, True, False)
    loose = text_of(officer.get("/commune/vendors/?village=none"))
    assert ("Hộ Lan" in loose, "Hộ Páo" in loose) == (False, True)
    nobody = text_of(officer.get(f"/commune/vendors/?village={known['Bản Giốc'].pk}"))
    assert "Không có gian hàng nào ở đây." in nobody


def test_the_list_is_paged_and_takes_as_many_statements_with_many_villages(
    officer: Client, statements: Count
) -> None:
    villages("Thôn Đông")
    few = statements(lambda: officer.get(LIST))
    known = villages("\n".join(str(number) for number in range(2 * VILLAGES_A_PAGE)))
    for number in range(3):
        in_village(a_shop(), known[str(number)])

    assert statements(lambda: officer.get(LIST)) == few
    page = officer.get(LIST)
    assert len(page.context["found"].rows) == VILLAGES_A_PAGE
    assert len(page.content) <= PAGE_BYTES_MAX
    assert len(officer.get(f"{LIST}?sort=active&page=3").context["found"].rows) == 1


def test_the_list_is_for_the_commune_s_own_staff(officer: Client) -> None:
    known = villages("Thôn Bản Giốc\nLũng Phiắc")
    village, other = known["Bản Giốc"], known["Lũng Phiắc"]
    shop = in_village(a_shop(), village)
    for stranger in (browser_of(an_officer(NENH).pk), browser_of(a_province_officer().pk)):
        assert stranger.get(f"{LIST}?commune={DAM_THUY}").status_code == 404
        assert stranger.post(f"{LIST}?commune={DAM_THUY}", form(names="Nam", kind="thon")).status_code == 404
        for what, fields in (
            ("rename/", {"name": "Nam", "kind": "thon"}),
            ("merge/", {"into": str(other.pk)}),
            ("close/", {}),
        ):
            assert stranger.post(f"{LIST}{village.pk}/{what}", form(**fields)).status_code == 404
        placed = stranger.post(f"/commune/vendors/{shop.vendor.pk}/village/", form(village=str(other.pk)))
        assert placed.status_code == 404
    assert owner_at(shop).get(LIST).status_code == 403

    village.refresh_from_db()
    assert (village.name, village.state, where(shop)) == ("Bản Giốc", "active", village.pk)
    assert Village.objects.count() == 2


# One village


def test_a_village_is_renamed_merged_and_closed(officer: Client) -> None:
    known = villages("Thôn Bản Giốc\nLũng Phiắc\nĐồng Tâm")
    village, other, empty = known["Bản Giốc"], known["Lũng Phiắc"], known["Đồng Tâm"]
    shop = in_village(a_shop(), village)
    page = f"{LIST}{village.pk}/"
    back = f"{LIST}?commune={DAM_THUY}"
    assert "Xem 1 gian hàng ở đây" in text_of(officer.get(page))
    assert "Đóng, không dùng nữa" not in text_of(officer.get(page))

    assert officer.post(f"{page}rename/", form(name="Thác", kind="xom"))["Location"] == back
    assert officer.post(f"{page}close/", form()).status_code == 409
    assert officer.post(f"{page}merge/", form(into=str(other.pk)))["Location"] == back
    assert officer.post(f"{LIST}{empty.pk}/close/", form())["Location"] == back

    assert where(shop) == other.pk
    assert "Đã gộp vào Thôn Lũng Phiắc." in text_of(officer.get(page))
    assert "Đã đóng." in text_of(officer.get(f"{LIST}{empty.pk}/"))
    words = text_of(officer.get(LIST))
    assert "1 thôn, xóm đang dùng" in words
    assert officer.post(f"{page}merge/", form(into=str(other.pk))).status_code == 409


@pytest.mark.parametrize(
    ("what", "fields", "status"),
    [
        ("rename/", {"name": "", "kind": "thon"}, 400),
        ("rename/", {"name": "Lũng Phiắc", "kind": "thon"}, 409),
        ("rename/", {"name": "Nam", "kind": "x"}, 400),
        ("merge/", {"into": ""}, 400),
        ("merge/", {"into": "0"}, 400),
        ("merge/", {"into": "own"}, 400),
    ],
)
def test_a_change_that_cannot_be_is_said_at_its_field_and_changes_nothing(
    officer: Client, what: str, fields: dict[str, str], status: int
) -> None:
    village = villages("Thôn Bản Giốc\nLũng Phiắc")["Bản Giốc"]
    sent = {name: str(village.pk) if text == "own" else text for name, text in fields.items()}

    page = officer.post(f"{LIST}{village.pk}/{what}", form(**sent))

    assert (page.status_code, 'role="alert"' in page.content.decode()) == (status, True)
    village.refresh_from_db()
    assert (village.label, village.state) == ("Thôn Bản Giốc", "active")


# In which village a shop is


def test_an_officer_places_a_shop_in_a_village(officer: Client) -> None:
    shop = a_shop()
    page = f"/commune/vendors/{shop.vendor.pk}/"
    assert "Ghi thôn, xóm" not in text_of(officer.get(page)), "a commune without a list has nothing to choose from"
    village = villages("Thôn Bản Giốc")["Bản Giốc"]
    elsewhere = villages("Thôn Đông", NENH)["Đông"]
    assert "Chưa ghi Điện thoại" in text_of(officer.get(page))

    saved = officer.post(f"{page}village/", form(village=str(village.pk)))
    wrong = officer.post(f"{page}village/", form(village=str(elsewhere.pk)))

    assert (saved["Location"], wrong.status_code, where(shop)) == (page, 400, village.pk)
    assert "Thôn Bản Giốc Điện thoại" in text_of(officer.get(page))
    officer.post(f"{page}village/", form(village=""))
    assert where(shop) is None


def test_a_shop_is_opened_in_a_village_at_the_visit(officer: Client) -> None:
    new = "/commune/vendors/new/"
    given = {"owner_name": "Nông Thị Lan", "owner_phone": "0912 345 678", "name": "Hộ Nông Thị Lan"}
    given |= {"kind": "household", "commune": DAM_THUY}
    assert 'name="village"' not in officer.get(new).content.decode()
    village = villages("Thôn Bản Giốc")["Bản Giốc"]
    elsewhere = villages("Thôn Đông", NENH)["Đông"]

    wrong = officer.post(new, form(village=str(elsewhere.pk), **given))
    right = officer.post(new, form(village=str(village.pk), **given))

    assert (wrong.status_code, right.status_code) == (400, 302)
    assert Vendor.objects.get().village_id == village.pk


def test_a_person_opens_a_shop_in_a_village_of_the_commune_they_chose() -> None:
    village = villages("Thôn Bản Giốc")["Bản Giốc"]
    browser = seller_at(a_shop(commune=NENH))
    given = {"name": "Hộ Páo", "kind": "household", "phone": "0912345678", "province": "04", "commune": DAM_THUY}

    asked = browser.post("/sell/open/", form(villages="1", **given)).content.decode()
    nothing = browser.post("/sell/open/", form(villages="1", **given | {"commune": "01273"}))
    assert not Vendor.objects.filter(name="Hộ Páo").exists()
    opened = browser.post("/sell/open/", form(village=str(village.pk), **given))
    villages("Thôn Đông", "01273")
    wrong = browser.post("/sell/open/", form(village=str(village.pk), **given | {"commune": "01273"}))

    assert f'<option value="{village.pk}">Thôn Bản Giốc</option>' in asked
    assert 'value="Hộ Páo"' in asked
    assert "Xã này chưa có danh sách thôn, xóm." in text_of(nothing)
    assert (wrong.status_code, opened["Location"]) == (400, "/sell/account/")
    assert Vendor.objects.get(name="Hộ Páo").village_id == village.pk


def test_an_owner_says_in_which_village_the_shop_is() -> None:
    shop = a_shop()
    village = villages("Thôn Bản Giốc")["Bản Giốc"]
    given = {"name": shop.vendor.name, "phone": "0912345678", "village": str(village.pk)}

    assert owner_at(shop).post("/sell/shop/", form(**given))["Location"] == "/sell/shop/"

    assert where(shop) == village.pk
    page = owner_at(shop).get("/sell/shop/")
    assert "Thôn Bản Giốc, Xã Đàm Thủy, Cao Bằng" in text_of(page)
    assert f'<option value="{village.pk}" selected>' in page.content.decode()
    assert owner_at(shop).post("/sell/shop/", form(**given | {"village": "0"})).status_code == 400
    assert where(shop) == village.pk


# The month by village


def sold_in_villages() -> None:
    """Two packets and cash in Bản Giốc, one packet in no village."""
    shop = in_village(a_shop(quantity=100), villages("Thôn Bản Giốc\nLũng Phiắc")["Bản Giốc"])
    paid_by_bank(shop, quantity=2)
    paid_in_cash(shop)
    paid_by_bank(a_shop())
    drain(now=NOW)


def test_the_month_by_village_adds_up_to_the_commune_s_own(officer: Client) -> None:
    sold_in_villages()

    page = officer.get("/commune/figures/villages/?month=2026-11")

    words = text_of(page)
    assert "Thôn Bản Giốc 1 1 180.000 75 67" in words
    assert "Thôn Lũng Phiắc 0 0 0 0 —" in words
    assert "Chưa ghi thôn, xóm 1 1 60.000 25 100" in words
    assert "Cộng 2 2 240.000" in words
    assert len(page.content) <= PAGE_BYTES_MAX
    by_money = text_of(officer.get("/commune/figures/villages/?sort=5"))
    assert by_money.index("Chưa ghi thôn, xóm 1") < by_money.index("Thôn Bản Giốc 1")
    assert "240.000" in text_of(officer.get("/commune/figures/?month=2026-11"))


def test_the_month_by_village_stands_on_the_paper_and_in_the_files(officer: Client) -> None:
    sold_in_villages()

    paper = text_of(officer.get("/commune/report/?month=2026-11"))
    sheet = officer.get("/commune/figures/villages.csv?month=2026-11&sort=3")
    book = load_workbook(io.BytesIO(officer.get("/commune/figures.xlsx?month=2026-11").content))

    assert "Theo thôn, xóm, tổ dân phố" in paper
    assert "Thôn Bản Giốc 1 1 180.000 75%" in paper
    assert "Thôn Lũng Phiắc" not in paper, "what has neither shops nor sales takes no room on paper"
    assert sheet["Content-Disposition"] == f'attachment; filename="so-lieu-villages-{DAM_THUY}-2026-11.csv"'
    assert list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))[1:] == [
        ["Thôn Bản Giốc", "1", "1", "180000", "75", "67"],
        ["Chưa ghi thôn, xóm", "1", "1", "60000", "25", "100"],
        ["Thôn Lũng Phiắc", "0", "0", "0", "0", ""],
    ]
    assert [cell.value for cell in book["Thôn, xóm"][2]] == ["Thôn Bản Giốc", 1, 1, 180_000, 75, 67]


@pytest.mark.parametrize("name", ["overview", "days", "confirmed", "kinds", "sites", "villages", "sets"])
def test_every_table_of_the_month_has_a_page_that_sorts_it_and_a_file(officer: Client, name: str) -> None:
    sold_in_villages()

    page = officer.get(f"/commune/figures/{name}/?month=2026-11&sort=1")

    assert page.status_code == 200
    assert page.content.decode().count('aria-sort="descending"') == 1
    assert officer.get(f"/commune/figures/{name}/?month=2026-01&sort=99").status_code == 200
    assert officer.get(f"/commune/figures/{name}.csv").status_code == 200


def test_the_province_reads_the_month_by_village_and_strangers_do_not(officer: Client) -> None:
    sold_in_villages()
    asked = f"?commune={DAM_THUY}&month=2026-11"

    read = browser_of(a_province_officer().pk).get(f"/commune/figures/villages/{asked}")

    assert "Thôn Bản Giốc 1 1 180.000" in text_of(read)
    assert "Sửa danh sách" not in text_of(read)
    assert browser_of(an_officer(NENH).pk).get(f"/commune/figures/villages/{asked}").status_code == 404
    assert officer.get("/commune/figures/moon/").status_code == 404


def test_the_page_takes_as_many_statements_with_many_villages(officer: Client, statements: Count) -> None:
    sold_in_villages()
    few = statements(lambda: officer.get("/commune/figures/villages/"))
    known = villages("\n".join(str(number) for number in range(190)))
    for number in range(3):
        paid_by_bank(in_village(a_shop(), known[str(number)]))
    drain(now=NOW)

    assert statements(lambda: officer.get("/commune/figures/villages/")) == few
    page = officer.get("/commune/figures/villages/")
    assert (len(page.context["table"].rows), page.context["table"].pages) == (25, 8)
    assert len(page.content) <= PAGE_BYTES_MAX
    assert dict(page.context["table"].total)["Tiền bán (₫)"] == "420.000"
    assert len(officer.get("/commune/figures/villages/?page=8").context["table"].rows) == 18


def test_the_paper_holds_the_villages_that_took_most_and_the_others_in_one_row(officer: Client) -> None:
    known = villages("\n".join(str(number) for number in range(18)))
    for village in known.values():
        in_village(a_shop(), village)
    paid_by_bank(in_village(a_shop(), known["17"]))
    a_shop("Hộ chưa ghi thôn")
    drain(now=NOW)

    rows = officer.get("/commune/report/?month=2026-11").context["villages"]

    assert [(row.label, row.registered, row.total_vnd) for row in (rows[0], *rows[-2:])] == [
        ("Thôn 17", 2, 60_000),
        ("5 nơi khác", 5, 0),
        ("Chưa ghi thôn, xóm", 1, 0),
    ]
    assert (len(rows), sum(row.registered for row in rows)) == (15, 20)


def test_a_commune_with_a_hundred_villages_still_makes_small_pages(officer: Client) -> None:
    known = villages("\n".join(f"Tổ dân phố {number}" for number in range(100)))
    shop = in_village(a_shop(), known["5"])

    for page in (f"/commune/vendors/{shop.vendor.pk}/", "/commune/vendors/new/", f"{LIST}{known['5'].pk}/"):
        assert len(officer.get(page).content) <= PAGE_BYTES_MAX
    assert len(owner_at(shop).get("/sell/shop/").content) <= PAGE_BYTES_MAX
