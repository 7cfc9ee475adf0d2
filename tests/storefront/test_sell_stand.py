"""The pages of the QR stand: made by the owner, printed by whoever sells, held against what hangs on the wall."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.http import HttpResponse
from django.test import Client
from PIL import Image

from marketplace.places.models import MarketSite
from payments.models import StandCode
from payments.services.requesting import payment_for_order
from payments.services.stands import stand_of, stand_payload
from payments.stands.papers import Paper
from payments.vietqr.writer import TO_CARD, write_vietqr
from storefront.sell.stands import PAPERS, PICTURES, VERDICTS
from tests.payments.factories import DAM_THUY, NOW, Shop, a_shop, an_order
from tests.payments.test_stand_drawing import rendered, scanned, words_of
from tests.storefront.conftest import PAGE_BYTES_MAX
from tests.storefront.shopping import a_market, text_of
from tests.storefront.working import a_province_officer, an_officer, browser_of, seller_at
from vendors.models import BankAccount, Vendor, Warehouse
from vendors.services import add_warehouse, set_bank_account

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
CHECK = "/sell/stand/check/"


@pytest.fixture
def shop() -> Shop:
    return a_shop()


@pytest.fixture
def seller(shop: Shop) -> Client:
    return seller_at(shop)


def a_stall(shop: Shop, name: str = "Sạp 12", *, site: MarketSite | None = None) -> Warehouse:
    return add_warehouse(actor=shop.owner, vendor=shop.vendor, kind="stall", name=name, market_site=site, now=NOW)


def made(shop: Shop, place: Warehouse | None = None) -> StandCode:
    return stand_of(actor=shop.owner, vendor=shop.vendor, place=place, now=NOW)


def moved_on(shop: Shop) -> None:
    set_bank_account(
        actor=shop.owner, vendor=shop.vendor, bin="970418", account_number="CHO40NEW1", account_name="MOI", now=NOW
    )


def checked(client: Client, payload: str) -> str:
    answer = client.post(CHECK, {"payload": payload})
    assert answer.status_code == 200
    return text_of(answer)


# Making and printing


def test_the_owner_makes_the_stand_and_sees_it(shop: Shop, owner: Client) -> None:
    assert "Làm mã QR" in text_of(owner.get("/sell/stand/"))
    assert not StandCode.objects.exists()

    done = owner.post("/sell/stand/", follow=True)

    stand = StandCode.objects.get()
    assert done.redirect_chain == [("/sell/stand/", 302)]
    assert "Đã có mã QR. Bạn chọn khổ giấy rồi in." in text_of(done)
    assert f"/sell/stand/{stand.pk}/preview.png" in done.content.decode()
    assert "Làm mã QR" not in text_of(done)
    assert len(done.content) <= PAGE_BYTES_MAX


def test_a_form_sent_twice_makes_one_stand(owner: Client) -> None:
    assert [owner.post("/sell/stand/").status_code for _ in range(2)] == [302, 302]
    assert StandCode.objects.count() == 1


def test_a_seller_prints_and_does_not_make(shop: Shop, seller: Client) -> None:
    page = seller.get("/sell/stand/")
    assert "Chủ gian hàng làm mã QR một lần" in text_of(page)
    assert "<button" not in page.content.decode().split("<main")[1].split("</main>")[0]
    assert seller.post("/sell/stand/").status_code == 403
    assert not StandCode.objects.exists()

    stand = made(shop)

    assert "In ra giấy" in text_of(seller.get("/sell/stand/"))
    assert seller.get(f"/sell/stand/{stand.pk}/a6.pdf").status_code == 200


def test_every_paper_that_the_page_offers_is_printed_and_pays_the_shop(shop: Shop, seller: Client) -> None:
    stand = made(shop)
    links = re.findall(r'href="(/sell/stand/\d+/[^"]+)"', seller.get("/sell/stand/").content.decode())

    assert len(links) == len(PAPERS) + len(PICTURES)
    for link in links:
        answer = seller.get(link)
        assert answer.status_code == 200
        name = link.rpartition("/")[2]
        assert answer["Content-Disposition"] == f'attachment; filename="ma-qr-{shop.vendor.slug}-{name}"'
        pictures = [Image.open(BytesIO(answer.content))] if name.endswith("png") else list(rendered(answer.content))
        assert [set(scanned(picture)) for picture in pictures] == [{stand_payload(stand)}]
        assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"]


def test_the_screen_shows_a_small_picture_of_the_stand(shop: Shop, seller: Client) -> None:
    stand = made(shop)
    answer = seller.get(f"/sell/stand/{stand.pk}/preview.png")
    picture = Image.open(BytesIO(answer.content))
    assert (answer["Content-Type"], picture.size) == ("image/png", (455, 643))
    assert len(answer.content) < PAGE_BYTES_MAX
    assert 'width="455" height="643"' in seller.get("/sell/stand/").content.decode()
    assert scanned(picture) == [stand_payload(stand)]


def test_every_place_has_its_own_page_and_all_are_printed_on_one_sheet(shop: Shop, owner: Client) -> None:
    site = a_market(DAM_THUY, name="Chợ Đàm Thủy", slug="cho-dam-thuy")
    stall, closed = a_stall(shop, site=site), a_stall(shop, "Sạp cũ")
    Warehouse.objects.filter(pk=closed.pk).update(is_active=False)

    page = owner.get(f"/sell/stand/?place={stall.pk}").content.decode()
    assert f'href="/sell/stand/?place={stall.pk}" aria-current="page">Sạp 12<' in page
    assert "Sạp cũ" not in page
    assert page.count('class="chip"') == 2  # the shop itself and its stall; the first place bears the shop's name
    done = owner.post("/sell/stand/", {"place": stall.pk})
    assert done["Location"] == f"/sell/stand/?place={stall.pk}"
    owner.post("/sell/stand/")

    answer = owner.get("/sell/stand/sheet.pdf")

    (sheet,) = rendered(answer.content)
    assert set(scanned(sheet)) == {stand_payload(stand) for stand in StandCode.objects.all()}
    assert "Sạp 12, Chợ Đàm Thủy" in words_of(answer.content)
    assert len(list(rendered(owner.get("/sell/stand/sheet.pdf?paper=a6").content))) == 2
    assert owner.get("/sell/stand/sheet.pdf?paper=a3").status_code == 404


def test_a_shop_with_one_place_is_not_asked_where(shop: Shop, owner: Client) -> None:
    made(shop)
    page = owner.get("/sell/stand/").content.decode()
    assert 'class="chip' not in page
    assert "sheet.pdf" not in page


def test_another_account_makes_the_stand_outdated_until_it_is_made_anew(shop: Shop, owner: Client) -> None:
    old = made(shop)
    moved_on(shop)

    page = text_of(owner.get("/sell/stand/"))
    assert "Tài khoản nhận tiền đã đổi từ khi làm mã này" in page
    assert "Làm mã QR mới" in page
    assert "In ra giấy" not in page
    assert owner.get(f"/sell/stand/{old.pk}/a6.pdf").status_code == 409
    assert owner.get("/sell/stand/sheet.pdf").status_code == 404

    owner.post("/sell/stand/")

    new = StandCode.objects.get(replaced_at=None)
    assert new != old
    assert "In ra giấy" in text_of(owner.get("/sell/stand/"))
    assert owner.get(f"/sell/stand/{new.pk}/a6.pdf").status_code == 200


def test_a_shop_without_account_is_led_to_set_it(shop: Shop, owner: Client, seller: Client) -> None:
    BankAccount.objects.filter(vendor=shop.vendor).update(is_active=False)

    assert 'href="/sell/account/"' in owner.get("/sell/stand/").content.decode()
    assert "Chủ gian hàng khai tài khoản nhận tiền rồi mới in được mã QR." in text_of(seller.get("/sell/stand/"))
    assert owner.post("/sell/stand/").status_code == 409
    assert not StandCode.objects.exists()


def test_a_shop_that_nobody_verified_is_told_to_wait(shop: Shop, owner: Client) -> None:
    stand = made(shop)
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification=Vendor.Verification.DECLARED)

    page = text_of(owner.get("/sell/stand/"))

    assert "Gian hàng được xã xác minh rồi mới in được mã QR." in page
    assert "In ra giấy" not in page
    assert owner.post("/sell/stand/").status_code == 409
    assert owner.get(f"/sell/stand/{stand.pk}/a6.pdf").status_code == 409


@pytest.mark.parametrize("place", ["0", "-1", "x", "9" * 30, "1.5", "999999"])
def test_a_place_that_is_not_the_shops_is_not_found(shop: Shop, owner: Client, place: str) -> None:
    foreign = a_stall(a_shop())
    for asked in (place, str(foreign.pk)):
        assert owner.get("/sell/stand/", {"place": asked}).status_code == 404
        assert owner.post("/sell/stand/", {"place": asked}).status_code == 404
    assert not StandCode.objects.exists()


@pytest.mark.parametrize("address", ["a3.pdf", "tent-a4.png", "a4-4-a6.png", "A6.pdf"])
def test_a_paper_that_is_not_offered_is_not_found(shop: Shop, owner: Client, address: str) -> None:
    assert owner.get(f"/sell/stand/{made(shop).pk}/{address}").status_code == 404


def test_the_stand_of_another_shop_is_not_found(shop: Shop, owner: Client) -> None:
    stand = made(a_shop())
    for name in ("a6.pdf", "a6.png", "preview.png"):
        assert owner.get(f"/sell/stand/{stand.pk}/{name}").status_code == 404


def test_who_is_not_signed_in_signs_in_first(shop: Shop) -> None:
    stand = made(shop)
    for address in ("/sell/stand/", CHECK, "/sell/stand/sheet.pdf", f"/sell/stand/{stand.pk}/a6.pdf"):
        assert Client().get(address)["Location"].startswith("/sign-in/?next=/sell/stand/")


def test_the_page_asks_the_database_a_bounded_number_of_times(
    shop: Shop, owner: Client, statements: Callable[[Callable[[], object]], int]
) -> None:
    made(shop)
    few = statements(lambda: owner.get("/sell/stand/"))
    for number in range(20):
        made(shop, a_stall(shop, f"Sạp {number}"))
    assert statements(lambda: owner.get("/sell/stand/")) == few


def test_the_shops_and_the_accounts_page_lead_to_the_stand(owner: Client, seller: Client) -> None:
    for client, address in ((owner, "/sell/shop/"), (seller, "/sell/shop/"), (owner, "/sell/account/")):
        assert 'href="/sell/stand/"' in client.get(address).content.decode()
    assert f'href="{CHECK}"' in owner.get("/sell/account/").content.decode()


# Checking


def test_the_shops_own_poster_is_called_right(shop: Shop, seller: Client) -> None:
    stall = a_stall(shop)
    page = checked(seller, stand_payload(made(shop, stall)))
    assert "Đúng tài khoản của bạn" in page
    assert f"Vietcombank Số tài khoản {shop.account}" in page
    assert "· Sạp 12" in page


def test_a_sticker_is_shown_with_bank_and_account_and_what_to_do(seller: Client) -> None:
    page = checked(seller, write_vietqr(bin="970422", account="0334455667"))
    assert "KHÔNG phải tài khoản của bạn" in page
    assert "Mã của bạn có thể bị dán đè." in page
    assert "MBBank Số tài khoản 0334455667" in page
    assert "Đúng tài khoản" not in page


def test_a_poster_of_the_account_before_is_called_old_and_since_when(shop: Shop, owner: Client) -> None:
    payload = stand_payload(made(shop))
    moved_on(shop)
    made(shop)
    page = checked(owner, payload)
    assert "Tài khoản cũ của bạn" in page
    assert "Bảng này đã được thay bằng bảng mới từ 22/11/2026." in page


def test_an_amount_code_leads_to_its_order(shop: Shop, seller: Client) -> None:
    order = an_order(shop)
    answer = seller.post(CHECK, {"payload": payment_for_order(order=order, now=NOW).payload})
    page = text_of(answer)
    assert "Đúng tài khoản của bạn" in page
    assert "Mã có sẵn số tiền chỉ dùng cho một lần trả, đừng treo." in page
    assert f"đơn {order.number}" in page
    assert f'href="/sell/orders/{order.pk}/"' in answer.content.decode()


@pytest.mark.parametrize(
    ("payload", "said"),
    [
        (write_vietqr(bin="970403", account="9704031101234567", service=TO_CARD), "Số thẻ 9704031101234567"),
        ("https://example.vn/", "Không đọc được"),
        ("000201", "Không đọc được"),
        ("<script>alert(1)</script>", "Không đọc được"),
        (
            "00020101021138360010A00000072701180006970488010412345303704" + "5802VN6304",
            "Không đọc được",
        ),
    ],
)
def test_other_codes_are_called_what_they_are(seller: Client, payload: str, said: str) -> None:
    assert said in checked(seller, payload)


def test_every_verdict_has_its_words_and_none_is_told_by_colour_alone() -> None:
    assert {verdict.value for verdict in VERDICTS} == {
        "right", "former", "other", "card", "other_scheme", "abroad", "unreadable",
    }  # fmt: skip
    assert all(title and advice for _tone, title, advice in VERDICTS.values())
    assert [verdict.value for verdict, said in VERDICTS.items() if said[0] == "leaf"] == ["right"]


@pytest.mark.parametrize("payload", ["", "  ", "\x00", "x" * 2_001])
def test_nothing_or_far_too_much_is_sent_back(seller: Client, payload: str) -> None:
    answer = seller.post(CHECK, {"payload": payload})
    assert answer.status_code == 400
    assert 'href="#id_payload"' in answer.content.decode()


def test_the_check_works_without_scripts_and_hides_what_needs_them(seller: Client) -> None:
    page = seller.get(CHECK).content.decode()
    assert re.search(r'<div class="field" hidden data-scan="id_payload"', page)
    assert '<textarea name="payload"' in page
    assert len(page) <= PAGE_BYTES_MAX


# The account's page


def test_a_bank_that_cannot_be_paid_is_refused_at_its_field(shop: Shop, owner: Client) -> None:
    given = {"bin": "999888", "account_number": "0123456789", "account_name": "Nông Văn Páo"}
    answer = owner.post("/sell/account/", given)
    assert answer.status_code == 400
    assert 'href="#id_bin"' in answer.content.decode()
    assert "Ngân hàng này chưa nhận chuyển nhanh NAPAS247." in text_of(answer)
    assert BankAccount.objects.get(vendor=shop.vendor).account_number == shop.account


def with_account(shop: Shop, owner: Client, bin_: str, number: str) -> HttpResponse:
    given = {"bin": bin_, "account_number": number, "account_name": "Nông Văn Páo"}
    assert owner.post("/sell/account/", given).status_code == 302
    return owner.get("/sell/account/")


def test_a_bank_about_which_sources_disagree_is_warned_of(shop: Shop, owner: Client) -> None:
    assert "Các nguồn chưa thống nhất" not in text_of(owner.get("/sell/account/"))
    assert "Bạn chuyển thử 1.000 đồng." in text_of(with_account(shop, owner, "963388", "0123456789"))
    assert "Bạn nhờ người khác quét thử mã." in text_of(with_account(shop, owner, "970406", "0123456789"))


def test_a_renamed_bank_and_a_wallet_are_named_as_people_know_them(shop: Shop, owner: Client) -> None:
    page = text_of(with_account(shop, owner, "970454", "99MM24011M34875080"))
    assert "BVBank (VietCapitalBank) · 99MM24011M34875080 · ví MoMo" in page
    assert "MBV (OceanBank)" in page  # in the list to choose from


# Staff


def test_an_officer_prints_the_stands_of_markets_of_the_commune(shop: Shop) -> None:
    site = a_market(DAM_THUY, name="Chợ Đàm Thủy", slug="cho-dam-thuy")
    stands = [made(shop, a_stall(shop, f"Sạp {number}", site=site)) for number in range(41)]
    officer = browser_of(an_officer().pk)

    page = officer.get("/commune/vendors/")
    links = re.findall(r'href="(/commune/stands.pdf[^"]+)"', page.content.decode())
    for words in ("Tất cả gian hàng", "Chợ Đàm Thủy"):
        assert f"{words}: mã 1–40 trong 41" in text_of(page)
        assert f"{words}: mã 41–41 trong 41" in text_of(page)

    whole, _, first, second = (officer.get(link.replace("&amp;", "&")) for link in links)
    assert whole["Content-Disposition"] == 'attachment; filename="ma-qr-01501-1.pdf"'
    assert officer.get("/commune/stands.pdf").content == whole.content

    assert first["Content-Disposition"] == 'attachment; filename="ma-qr-cho-dam-thuy-1.pdf"'
    assert sum(1 for _page in rendered(first.content, dots_an_inch=36)) == 10
    (last,) = rendered(second.content)
    assert set(scanned(last)) == {stand_payload(stands[-1])}


def test_a_few_stands_are_one_file(shop: Shop) -> None:
    for place in (None, a_stall(shop)):
        made(shop, place)
    assert "Tất cả gian hàng: 2 mã" in text_of(browser_of(an_officer().pk).get("/commune/vendors/"))


def test_an_officer_with_nothing_to_print_sees_no_button_and_finds_no_file(shop: Shop) -> None:
    a_market(DAM_THUY, name="Chợ Đàm Thủy", slug="cho-dam-thuy")
    officer = browser_of(an_officer().pk)
    assert "In mã QR giúp bà con" not in text_of(officer.get("/commune/vendors/"))
    for query in ("", "?site=cho-dam-thuy", "?site=khong-co", "?site=..%2F..", "?site=cho-dam-thuy&page=9"):
        assert officer.get(f"/commune/stands.pdf{query}").status_code == 404


def test_nobody_else_prints_for_a_market(shop: Shop, owner: Client) -> None:
    site = a_market(DAM_THUY, name="Chợ Đàm Thủy", slug="cho-dam-thuy")
    made(shop, a_stall(shop, site=site))
    address = "/commune/stands.pdf?site=cho-dam-thuy"
    assert owner.get(address).status_code == 403
    neighbour = browser_of(an_officer("07795").pk)
    assert neighbour.get(address).status_code == 404
    assert neighbour.get(f"{address}&commune={DAM_THUY}").status_code == 404
    assert browser_of(a_province_officer().pk).get(f"{address}&commune={DAM_THUY}").status_code == 404
    assert Client().get(address).status_code == 302


def test_papers_are_named_for_people_and_none_is_forgotten() -> None:
    assert set(PAPERS) == set(Paper)
