"""The shop's vouchers on its own pages: the list, making one, changing it, ending it; the owner's alone."""

from datetime import timedelta

import pytest
from django.test import Client

from marketplace.orders.models import Voucher
from tests.orders.vouching import a_voucher
from tests.payments.factories import NOW, Shop, a_shop
from tests.storefront.conftest import At, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import form, owner_at, seller_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
SAID = {
    "code": "tết 2027",
    "name": "Mừng Tết",
    "discount_value_type": "fixed",
    "discount_value": "20k",
    "min_spent_vnd": "100.000",
    "first_day": "2026-12-01",
    "last_day": "31/12/2026",
    "usage_limit": "50",
    "apply_once_per_customer": "on",
}


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def test_a_shop_without_vouchers_is_told_how_to_begin(shop: Shop, owner: Client) -> None:
    page = owner.get("/sell/vouchers/")

    assert "Chưa có phiếu giảm giá nào" in text_of(page)
    assert '<details class="card" open>' in page.content.decode()
    assert "/sell/vouchers/" in owner.get("/sell/shop/").content.decode()


def test_the_owner_makes_a_voucher_as_people_write_one(shop: Shop, owner: Client) -> None:
    said = form(**SAID)
    for _again in range(2):
        assert owner.post("/sell/vouchers/", said)["Location"] == "/sell/vouchers/"

    made = Voucher.objects.get()
    assert (made.code, made.discount_value, made.min_spent_vnd, made.usage_limit) == ("TET2027", 20_000, 100_000, 50)
    words = text_of(owner.get("/sell/vouchers/"))
    for part in (
        "TET2027 Chưa đến ngày Mừng Tết",
        "Giảm 20.000 ₫ tiền hàng · cho tiền hàng từ 100.000 ₫ · mỗi số điện thoại một lần",
        "từ 01/12/2026 đến hết 31/12/2026",
        "Đã dùng 0 trên 50 lượt",
    ):
        assert part in words, part


def test_a_percentage_without_limits(shop: Shop, owner: Client) -> None:
    said = {"code": "QUEN", "name": "Khách quen", "discount_value_type": "percentage", "discount_value": "10 %"}
    owner.post("/sell/vouchers/", form(**said, first_day="2026-11-22"))

    made = Voucher.objects.get()
    assert (made.discount_value, made.end_date, made.usage_limit) == (10, None, None)
    words = text_of(owner.get("/sell/vouchers/"))
    assert "QUEN Đang dùng được Khách quen Giảm 10% tiền hàng từ 22/11/2026, chưa định ngày kết thúc" in words
    assert "Đã dùng 0 lượt" in words


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"code": "GIẢM 10%"}, "Mã gồm 3 đến 20 chữ, số hoặc dấu gạch"),
        ({"code": ""}, "Bạn chưa điền mục này."),
        ({"name": ""}, "Bạn chưa điền mục này."),
        ({"discount_value": ""}, "Bạn chưa điền mục này."),
        ({"discount_value": "nhiều"}, "Giảm bao nhiêu?"),
        ({"discount_value_type": "percentage", "discount_value": "101"}, "Phần trăm là số nguyên từ 1 đến 100."),
        ({"discount_value_type": "percentage", "discount_value": "1,5"}, "Phần trăm là số nguyên từ 1 đến 100."),
        ({"discount_value_type": "gift"}, "Bạn chọn lại mục này giúp."),
        ({"usage_limit": "0"}, "Số lượt từ 1 đến 1.000.000."),
        ({"first_day": ""}, "Bạn chưa điền mục này."),
        ({"first_day": "1999-01-01"}, "Ngày này chưa đúng."),
        ({"last_day": "2026-11-30"}, "Ngày cuối phải từ ngày đầu trở đi."),
        ({"client_id": ""}, "Biểu mẫu gửi lên bị thiếu."),
    ],
)
def test_terms_that_cannot_be_come_back_with_a_sentence(
    shop: Shop, owner: Client, wrong: dict[str, str], sentence: str
) -> None:
    answer = owner.post("/sell/vouchers/", form(**SAID) | wrong)

    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert not Voucher.objects.exists()


def test_a_code_that_is_taken_comes_back_at_its_field(shop: Shop, owner: Client) -> None:
    a_voucher(shop.vendor, "TET2027")

    answer = owner.post("/sell/vouchers/", form(**SAID))

    assert answer.status_code == 409
    assert "Gian hàng đã có phiếu mang mã này." in text_of(answer)


def test_a_voucher_is_changed_but_for_its_code(shop: Shop, owner: Client) -> None:
    made = a_voucher(shop.vendor, discount_value_type="fixed", discount_value=20_000, usage_limit=5)
    address = f"/sell/vouchers/{made.pk}/"
    page = owner.get(address)
    assert 'value="20.000"' in page.content.decode()
    assert "Đã dùng 0 trên 5 lượt" in text_of(page)

    assert owner.post(address, form(**SAID))["Location"] == "/sell/vouchers/"

    made.refresh_from_db()
    assert (made.code, made.name, made.usage_limit) == ("KHAITRUONG", "Mừng Tết", 50)
    shown = owner.get(address).content.decode()
    for value in ('value="2026-12-01"', 'value="2026-12-31"', 'value="100.000"', 'value="50"'):
        assert value in shown
    Voucher.objects.update(used=7)
    refused = owner.post(address, form(**SAID) | {"usage_limit": "6"})
    assert refused.status_code == 400
    assert "Mã này đã dùng 7 lượt" in text_of(refused)


def test_a_voucher_is_ended_for_good(shop: Shop, owner: Client, at: At) -> None:
    made = a_voucher(shop.vendor)
    asked = owner.get(f"/sell/vouchers/{made.pk}/").content.decode()
    assert "<details" in asked.split("Kết thúc phiếu này")[0][-80:], "one tap opens the question, a second answers it"
    assert "Kết thúc rồi thì không mở lại được." in asked
    assert "Đồng ý, kết thúc</button>" in asked

    for _again in range(2):
        assert owner.post(f"/sell/vouchers/{made.pk}/end/", form())["Location"] == "/sell/vouchers/"

    assert "KHAITRUONG Đã kết thúc" in text_of(owner.get("/sell/vouchers/"))
    assert "Kết thúc phiếu này" not in text_of(owner.get(f"/sell/vouchers/{made.pk}/"))
    assert owner.post(f"/sell/vouchers/{made.pk}/end/", {}).status_code == 400


def test_the_states_are_told_in_words(shop: Shop, owner: Client, at: At) -> None:
    a_voucher(shop.vendor, "HET-LUOT", usage_limit=1)
    Voucher.objects.update(used=1)
    a_voucher(shop.vendor, "CON")

    words = text_of(owner.get("/sell/vouchers/"))

    assert "CON Đang dùng được" in words
    assert "HET-LUOT Đã hết lượt" in words
    assert "Đã dùng 1 trên 1 lượt" in words


def test_a_seller_reads_the_codes_and_changes_nothing(shop: Shop) -> None:
    made, seller = a_voucher(shop.vendor), seller_at(shop)

    words = text_of(seller.get("/sell/vouchers/"))

    assert "KHAITRUONG Đang dùng được" in words
    assert "Chủ gian hàng làm và sửa phiếu giảm giá." in words
    assert seller.post("/sell/vouchers/", form(**SAID)).status_code == 403
    assert seller.get(f"/sell/vouchers/{made.pk}/").status_code == 403
    assert seller.post(f"/sell/vouchers/{made.pk}/end/", form()).status_code == 403
    assert Voucher.objects.get().ended_at is None


def test_another_shops_voucher_is_not_there(shop: Shop) -> None:
    made = a_voucher(shop.vendor)
    stranger = owner_at(a_shop("Gian hàng khác"))

    assert stranger.get(f"/sell/vouchers/{made.pk}/").status_code == 404
    assert stranger.post(f"/sell/vouchers/{made.pk}/end/", form()).status_code == 404
    assert "KHAITRUONG" not in text_of(stranger.get("/sell/vouchers/"))


def test_the_list_takes_as_many_statements_for_many_as_for_one(shop: Shop, owner: Client, statements: Count) -> None:
    a_voucher(shop.vendor, "MA-00")
    one = statements(lambda: owner.get("/sell/vouchers/"))
    for number in range(1, 45):
        a_voucher(shop.vendor, f"MA-{number:02}", first_day=(NOW + timedelta(days=number)).date())

    assert statements(lambda: owner.get("/sell/vouchers/?page=2")) == one
    assert "MA-24" in text_of(owner.get("/sell/vouchers/?page=2"))
    assert owner.get("/sell/vouchers/?page=9")["Location"] == "/sell/vouchers/?page=3"
