"""The shop's hours, papers and people, and its year against the law's mark, as their pages show them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from catalog.models import ProductVariant
from marketplace.core.actors import SYSTEM
from marketplace.people.models import HelpConsent, User
from marketplace.people.services import record_consent
from payments.services.by_hand import mark_paid_by_hand
from tests.payments.factories import NOW, Shop, a_shop, an_order
from tests.storefront.conftest import At, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import a_person, an_agent, browser_of, form, owner_at, paid_by_bank, seller_at
from vendors.documents import save_document
from vendors.models import Membership, OpeningHours, SeenNotice, ShopDocument, Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
HOURS = {"opens": "06:00", "closes": "17:00", "rests_from": "11:30", "rests_until": "13:00"}
PAPER = {"kind": "food_safety", "number": "12/ATTP", "issuer": "Chi cục An toàn thực phẩm"}
PAGES = ("/sell/hours/", "/sell/documents/", "/sell/members/")


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def helper_at(shop: Shop) -> Client:
    agent, owner = an_agent(), User.objects.get(pk=shop.owner.user_id)
    record_consent(actor=SYSTEM, person=owner, agent=agent, means=HelpConsent.Means.SIGNED_PAPER, now=NOW)
    browser = browser_of(agent.pk)
    browser.post("/sell/help/", {"person": owner.pk})
    return browser


# --- Opening hours ---------------------------------------------------------------------------------


def test_shoppers_read_the_hours_that_the_owner_says(shop: Shop, shopper: Client, at: At) -> None:
    browser = owner_at(shop)
    said = form(**HOURS, days_off=["0"], note="Gọi trước khi đến.", closed_until="")

    assert browser.post("/sell/hours/", said)["Location"] == "/sell/shop/"

    page = text_of(shopper.get(f"/shops/{shop.vendor.slug}/"))
    assert "Đang mở cửa đến 11:30 06:00–11:30, 13:00–17:00, nghỉ Thứ Hai Gọi trước khi đến." in page
    at(NOW + timedelta(hours=2))
    assert "Đang nghỉ, mở lại lúc 13:00" in text_of(shopper.get(f"/shops/{shop.vendor.slug}/"))
    at(NOW + timedelta(hours=8))
    assert "Đang nghỉ, mở lại lúc 06:00 Thứ Ba 24/11" in text_of(shopper.get(f"/shops/{shop.vendor.slug}/"))
    assert 'value="06:00"' in browser.get("/sell/hours/").content.decode()
    assert "Giờ mở cửa" in text_of(browser.get("/sell/shop/"))


def test_a_shop_that_said_no_hours_shows_none(shop: Shop, shopper: Client) -> None:
    assert "Giờ mở cửa" not in text_of(shopper.get(f"/shops/{shop.vendor.slug}/"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes": "05:00"},
        {"opens": "sáng"},
        {"opens": ""},
        {"rests_until": ""},
        {"days_off": ["7"]},
        {"days_off": [str(day) for day in range(7)]},
        {"closed_until": "2026-11-21"},
        {"closed_until": "mai"},
        {"note": "a" * 161},
    ],
)
def test_hours_that_cannot_be_come_back_with_a_sentence(shop: Shop, wrong: dict[str, object]) -> None:
    answer = owner_at(shop).post("/sell/hours/", form(**(HOURS | wrong)))

    assert answer.status_code == 400
    assert "Chưa gửi được. Bạn sửa giúp những chỗ này:" in text_of(answer)
    assert not OpeningHours.objects.exists()


# --- Papers ----------------------------------------------------------------------------------------


def test_a_paper_that_ends_soon_is_said_on_the_first_page_until_it_is_renewed(shop: Shop) -> None:
    browser = owner_at(shop)
    assert "Chưa ghi giấy tờ nào" in text_of(browser.get("/sell/documents/"))
    sent = form(**PAPER, expires_on="2026-12-10")
    answers = [browser.post("/sell/documents/", sent) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    document = ShopDocument.objects.get()
    known = browser.get("/sell/state/")["ETag"]
    assert "1 giấy tờ sắp hoặc đã hết hạn Xem" in text_of(browser.get("/sell/"))
    listed = text_of(browser.get("/sell/documents/"))
    assert "Chứng nhận an toàn thực phẩm Sắp hết hạn Số 12/ATTP" in listed
    assert "hết hạn 10/12/2026" in listed
    assert 'value="2026-12-10"' in browser.get(f"/sell/documents/{document.pk}/").content.decode()

    browser.post(f"/sell/documents/{document.pk}/", form(**PAPER, expires_on="10/12/2029"))

    assert ShopDocument.objects.get().expires_on == date(2029, 12, 10)
    assert "giấy tờ sắp" not in text_of(browser.get("/sell/"))
    assert browser.get("/sell/state/", headers={"if-none-match": known}).status_code == 200


def test_a_paper_leaves_the_list(shop: Shop) -> None:
    browser = owner_at(shop)
    document = save_document(actor=shop.owner, vendor=shop.vendor, kind="other", number="9", now=NOW)

    assert browser.post(f"/sell/documents/{document.pk}/remove/", form()).status_code == 302

    assert "Chưa ghi giấy tờ nào" in text_of(browser.get("/sell/documents/"))
    assert browser.post(f"/sell/documents/{document.pk}/remove/", form()).status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"number": ""}, {"kind": "x"}, {"expires_on": "mai"}, {"issued_on": "2026-11-02", "expires_on": "2026-11-01"}],
)
def test_a_paper_that_cannot_be_comes_back_with_a_sentence(shop: Shop, wrong: dict[str, str]) -> None:
    answer = owner_at(shop).post("/sell/documents/", form(**(PAPER | wrong)))

    assert answer.status_code == 400
    assert '<details class="card" open>' in answer.content.decode()
    assert not ShopDocument.objects.exists()


# --- People ----------------------------------------------------------------------------------------


def test_a_seller_is_taken_in_and_let_go(shop: Shop) -> None:
    person = a_person("Nông Văn Páo")
    browser = owner_at(shop)
    assert browser.post("/sell/members/", form(login=person.phone, role="seller")).status_code == 302
    page = text_of(browser.get("/sell/members/"))
    assert "Nông Văn Páo Người bán" in page
    assert "Cho Nông Văn Páo thôi làm" in page
    assert browser_of(person.pk).get("/sell/").status_code == 200

    member = Membership.objects.get(user=person)
    asked = text_of(browser.get(f"/sell/members/{member.pk}/remove/"))
    assert "Cho Nông Văn Páo thôi làm ở Hợp tác xã Bản Giốc?" in asked
    assert browser.post(f"/sell/members/{member.pk}/remove/", form())["Location"] == "/sell/members/"

    assert browser_of(person.pk).get("/sell/")["Location"] == "/sell/open/"


def test_a_seller_sees_no_numbers_takes_in_nobody_and_may_leave(shop: Shop) -> None:
    browser = seller_at(shop)
    page = text_of(browser.get("/sell/members/"))
    assert "Thôi làm ở gian hàng này" in page
    assert "Cho vào gian hàng" not in page
    assert browser.post("/sell/members/", form(login=a_person().phone, role="owner")).status_code == 403

    member = Membership.objects.get(user_id=shop.seller.user_id)
    assert "Bạn thôi làm ở Hợp tác xã Bản Giốc?" in text_of(browser.get(f"/sell/members/{member.pk}/remove/"))
    assert browser.post(f"/sell/members/{member.pk}/remove/", form())["Location"] == "/sell/"

    assert not Membership.objects.filter(pk=member.pk).exists()


def test_an_unknown_number_and_the_last_owner_are_refused_in_words(shop: Shop) -> None:
    browser = owner_at(shop)
    unknown = browser.post("/sell/members/", form(login="0900 000 000", role="seller"))
    only = Membership.objects.get(vendor=shop.vendor, role="owner")
    last = browser.post(f"/sell/members/{only.pk}/remove/", form())

    assert (unknown.status_code, last.status_code) == (400, 409)
    assert "Bạn bảo người đó tạo tài khoản trước." in text_of(unknown)
    assert "Gian hàng phải còn ít nhất một chủ." in text_of(last)
    assert Membership.objects.filter(vendor=shop.vendor).count() == 1


def test_what_the_table_of_rights_says_is_what_the_pages_do(shop: Shop) -> None:
    """Whether owner, seller and helper get a page, by the row of the table that speaks of it."""
    order = an_order(shop)
    people = (owner_at(shop), seller_at(shop), helper_at(shop))
    rights = {str(what): may for what, *may in people[0].get("/sell/members/").context["rights"]}
    cash = form(amount="1k", confirmation="cash")
    asked: dict[str, Callable[[Client], int]] = {
        "Đăng và sửa hàng, nhập kho": lambda one: one.get("/sell/products/new/").status_code,
        "Xem đơn, gói và giao hàng": lambda one: one.get("/sell/orders/slips/").status_code,
        "Xem sổ và tiền bán hôm nay": lambda one: one.get("/sell/book/").status_code,
        "Ghi tiền mặt, trả lại tiền khách": lambda one: one.post(f"/sell/orders/{order.pk}/paid/", cash).status_code,
        "Tài khoản nhận tiền, nối ngân hàng": lambda one: one.get("/sell/account/").status_code,
        "Thông tin, giờ mở cửa, phí giao hàng": lambda one: one.get("/sell/hours/").status_code,
        "Thêm, bớt người; ghi giấy tờ": lambda one: one.post("/sell/documents/", form(**PAPER)).status_code,
        "Làm, sửa và kết thúc phiếu giảm giá": lambda one: one.post("/sell/vouchers/", form()).status_code,
    }

    seen = {what: [ask(one) != 403 for one in people] for what, ask in asked.items()}

    assert seen == rights


def test_another_shop_s_papers_and_people_are_not_there(shop: Shop) -> None:
    stranger = owner_at(a_shop("Hộ khác"))
    document = save_document(actor=shop.owner, vendor=shop.vendor, kind="other", number="9", now=NOW)
    member = Membership.objects.get(vendor=shop.vendor, role="owner")

    answers = [
        stranger.get(f"/sell/documents/{document.pk}/"),
        stranger.get(f"/sell/documents/{'9' * 30}/"),
        stranger.post(f"/sell/documents/{document.pk}/", form(**PAPER)),
        stranger.post(f"/sell/documents/{document.pk}/remove/", form()),
        stranger.post(f"/sell/members/{member.pk}/remove/", form()),
        stranger.post(f"/sell/members/{'9' * 30}/remove/", form()),
    ]

    assert [answer.status_code for answer in answers] == [404] * 6
    assert ShopDocument.objects.get().removed_at is None
    assert Membership.objects.filter(pk=member.pk).exists()


def test_the_lists_take_as_many_statements_however_long_they_are(shop: Shop, statements: Count) -> None:
    browser = owner_at(shop)
    save_document(actor=shop.owner, vendor=shop.vendor, kind="other", number="0", now=NOW)
    few = [statements(lambda page=page: browser.get(page)) for page in PAGES]  # type: ignore[misc]  # bound at once
    for number in range(10):
        save_document(actor=shop.owner, vendor=shop.vendor, kind="other", number=str(number), now=NOW)
        Membership.objects.create(vendor=shop.vendor, user=a_person(), role="seller")

    assert [statements(lambda page=page: browser.get(page)) for page in PAGES] == few  # type: ignore[misc]  # as above
    assert max(len(browser.get(page).content) for page in PAGES) <= 20_000


# --- The year against the mark ---------------------------------------------------------------------


def sold_for(shop: Shop, price_vnd: int, *, quantity: int) -> None:
    """The shop is a household's, and took that much today, in cash."""
    Vendor.objects.filter(pk=shop.vendor.pk).update(kind=Vendor.Kind.HOUSEHOLD)
    ProductVariant.objects.filter(pk=shop.variant.pk).update(price_vnd=price_vnd)
    order = an_order(shop, quantity=quantity)
    mark_paid_by_hand(actor=shop.owner, order=order, amount_vnd=order.total_vnd, confirmation="cash", now=NOW)


def test_eighty_and_a_hundred_percent_are_each_said_until_the_owner_has_read_them(shop: Shop) -> None:
    browser, seller = owner_at(shop), seller_at(shop)
    sold_for(shop, 400_000_000, quantity=1)
    sold_for(shop, 400_000_000, quantity=1)  # no order costs more than one transfer carries
    known = browser.get("/sell/state/")["ETag"]
    assert "Doanh thu năm 2026 đã bằng 80% mốc 1 tỷ đồng Xem cần làm gì" in text_of(browser.get("/sell/"))
    assert "mốc 1 tỷ" not in text_of(seller.get("/sell/"))
    page = text_of(browser.get("/sell/book/months/"))
    assert "800.000.000 ₫, bằng 80% mốc 1 tỷ đồng. Còn 200.000.000 ₫ thì đến mốc." in page
    assert "Bạn chuẩn bị dần từ bây giờ." in page
    assert seller.post("/sell/book/revenue/seen/", form()).status_code == 403

    assert browser.post("/sell/book/revenue/seen/", form())["Location"] == "/sell/book/months/"
    assert browser.post("/sell/book/revenue/seen/", form()).status_code == 302

    assert "mốc 1 tỷ" not in text_of(browser.get("/sell/"))
    assert "Tôi đã rõ" not in text_of(browser.get("/sell/book/months/"))
    assert browser.get("/sell/state/", headers={"if-none-match": known}).status_code == 200
    sold_for(shop, 70_000_000, quantity=3)
    assert "Doanh thu năm 2026 đã bằng 101% mốc 1 tỷ đồng" in text_of(browser.get("/sell/"))
    assert "đăng ký hóa đơn điện tử" in text_of(browser.get("/sell/book/months/"))
    assert list(SeenNotice.objects.values_list("subject", flat=True)) == ["revenue:2026:80"]


def test_nothing_to_read_is_marked_as_read_by_nobody(shop: Shop) -> None:
    assert owner_at(shop).post("/sell/book/revenue/seen/", form()).status_code == 302
    assert not SeenNotice.objects.exists()


def test_a_cooperative_hears_nothing_of_the_mark(shop: Shop) -> None:
    Vendor.objects.filter(pk=shop.vendor.pk).update(kind=Vendor.Kind.COOPERATIVE)

    assert "1 tỷ" not in text_of(owner_at(shop).get("/sell/book/months/"))


def test_a_household_far_below_the_mark_reads_where_it_stands(shop: Shop) -> None:
    Vendor.objects.filter(pk=shop.vendor.pk).update(kind=Vendor.Kind.HOUSEHOLD)
    paid_by_bank(shop)
    browser = owner_at(shop)

    words = text_of(browser.get("/sell/book/months/"))

    assert "60.000 ₫, bằng 0% mốc 1 tỷ đồng. Còn 999.940.000 ₫ thì đến mốc." in words
    assert "thôi nhắc" not in words
    assert "mốc 1 tỷ" not in text_of(browser.get("/sell/"))
    assert "so với 1 tỷ đồng" not in text_of(browser.get("/sell/book/months/?year=2025"))


def test_the_comparison_and_the_weeks_are_on_the_pages(shop: Shop, at: At) -> None:
    last_year = datetime(2025, 11, 20, 3, tzinfo=UTC)
    at(last_year)
    order = an_order(shop, now=last_year)
    from_then = form(amount="60k", confirmation="cash")
    owner_at(shop).post(f"/sell/orders/{order.pk}/paid/", from_then)
    at(NOW)
    paid_by_bank(shop, quantity=2)
    browser = owner_at(shop)

    month = text_of(browser.get("/sell/book/"))
    assert "Nhiều hơn cùng kỳ năm trước 100%" in month
    assert "01/11/2025 – 22/11/2025: 60.000 ₫" in month
    assert "11/2026 120.000 60.000 120.000 1" in text_of(browser.get("/sell/book/months/"))
    weeks = text_of(browser.get("/sell/book/weeks/"))
    assert "16/11 – 22/11 120.000 60.000 120.000 1" in weeks
    assert "Tuần" in weeks
    assert "Năm này chưa có tiền bán" in text_of(browser.get("/sell/book/weeks/?year=2024"))
    assert [browser.get(f"/sell/book/weeks/?year={bad}").status_code for bad in ("x", "9999")] == [400, 400]
    assert [browser.get(f"/sell/book/weeks/?year={edge}").status_code for edge in (2021, 2099)] == [200, 200]
