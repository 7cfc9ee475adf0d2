"""What a commune's officer decides: shops, listings, certificates; each once, with reasons, and nobody else's."""

import pytest
from django.test import Client

from catalog.models import OcopCertificate, Product, ProductMedia
from catalog.services import update_product
from marketplace.core.actors import SYSTEM
from tests.payments.factories import NENH, NOW, Shop, a_shop
from tests.storefront.conftest import PAGE_BYTES_MAX, Count
from tests.storefront.shopping import text_of
from tests.storefront.working import (
    a_person,
    a_province_officer,
    an_officer,
    browser_of,
    owner_at,
    row_of,
    waiting_certificate,
    waiting_product,
)
from vendors.models import Vendor
from vendors.services import refuse_vendor, set_bank_account, update_vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
REASON = "Ảnh mờ, bạn chụp lại giúp."


@pytest.fixture
def shop(db: None) -> Shop:
    """A shop that declared itself and waits."""
    shop = a_shop()
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification=Vendor.Verification.DECLARED)
    return shop


def test_staff_and_owner_see_that_another_shop_has_the_account_too(shop: Shop, officer: Client) -> None:
    address, words = f"/commune/vendors/{shop.vendor.pk}/", "Gian hàng khác cũng khai tài khoản này"
    owner, owners_words = owner_at(shop), "Một gian hàng khác cũng khai tài khoản này."
    assert words not in text_of(officer.get(address))
    assert owners_words not in text_of(owner.get("/sell/account/"))
    other = a_shop("Hàng xén")
    account = shop.vendor.bank_accounts.get()
    set_bank_account(
        actor=SYSTEM, vendor=other.vendor, bin=account.bin, account_number=shop.account, account_name="B", now=NOW
    )

    assert words in text_of(officer.get(address))
    page = text_of(owner.get("/sell/account/"))
    assert owners_words in page
    assert "Hàng xén" not in page


def test_a_shop_is_verified_on_one_screen(shop: Shop, officer: Client) -> None:
    page = officer.get(f"/commune/vendors/{shop.vendor.pk}/")
    words = text_of(page)

    assert "Hợp tác xã Bản Giốc Chờ xác minh" in words
    assert "Đã khai, Vietcombank" in words
    assert shop.account not in words, "an account number is nobody's but its owner's"
    assert page.content.decode().count("<h1>") == 1
    done = officer.post(f"/commune/vendors/{shop.vendor.pk}/verify/")

    assert done["Location"] == f"/commune/vendors/{shop.vendor.pk}/"
    assert row_of(shop.vendor)["verification"] == Vendor.Verification.VERIFIED_BY_STAFF
    assert officer.post(f"/commune/vendors/{shop.vendor.pk}/verify/").status_code == 409
    assert "Cán bộ xã" in text_of(officer.get(f"/commune/vendors/{shop.vendor.pk}/"))


def test_a_shop_that_was_sent_back_is_verified_once_its_owner_saved_it_again(shop: Shop, officer: Client) -> None:
    page, verify = f"/commune/vendors/{shop.vendor.pk}/", f"/commune/vendors/{shop.vendor.pk}/verify/"
    refuse_vendor(actor=SYSTEM, vendor=shop.vendor, reason="Chưa có căn cước.", now=NOW)

    assert verify not in officer.get(page).content.decode()
    assert officer.post(verify).status_code == 409

    update_vendor(actor=shop.owner, vendor=shop.vendor, now=NOW)
    assert verify in officer.get(page).content.decode()
    officer.post(verify)
    assert row_of(shop.vendor)["verification"] == Vendor.Verification.VERIFIED_BY_STAFF


def test_the_owner_s_own_phone_is_masked(shop: Shop, officer: Client) -> None:
    owner = a_person("Lò Thị Mây")
    shop.vendor.memberships.update(user=owner)

    words = text_of(officer.get(f"/commune/vendors/{shop.vendor.pk}/"))

    national = "0" + (owner.phone or "").removeprefix("+84")
    assert f"Lò Thị Mây · {national[:4]} *** {national[-3:]}" in words


def test_a_shop_is_sent_back_with_a_reason_its_owner_reads(shop: Shop, officer: Client) -> None:
    page = f"/commune/vendors/{shop.vendor.pk}/refuse/"
    nothing = officer.post(page, {"reason": ""})
    assert (nothing.status_code, "<details open>" in nothing.content.decode()) == (400, True)
    assert row_of(shop.vendor)["verification"] == Vendor.Verification.DECLARED

    officer.post(page, {"reason": "Tên chưa khớp căn cước."})

    assert "Tên chưa khớp căn cước." in text_of(owner_at(shop).get("/sell/"))
    assert "Đã trả lại vì: Tên chưa khớp căn cước." in text_of(officer.get(f"/commune/vendors/{shop.vendor.pk}/"))


def test_a_listing_is_looked_at_and_let_on_the_market(shop: Shop, officer: Client) -> None:
    product = waiting_product(shop)
    ProductMedia.objects.create(
        product=product, image="products/3f/3f00.jpg", width=640, height=480, is_illustration=True
    )
    page = officer.get(f"/commune/products/{product.pk}/")
    words = text_of(page)
    assert "60.000 ₫ / gói 500 g" in words
    assert "Chế biến từ gạo, ngũ cốc" in words
    assert "chưa được xác minh" in words
    assert "Hình vẽ minh họa" in words

    officer.post(f"/commune/products/{product.pk}/publish/", {"seen_generation": page.context["product"].generation})

    assert row_of(product)["listing"] == Product.Listing.PUBLISHED


def test_what_was_changed_since_the_page_was_opened_is_not_let_through_unseen(shop: Shop, officer: Client) -> None:
    product = waiting_product(shop)
    seen = officer.get(f"/commune/products/{product.pk}/").context["product"].generation
    update_product(actor=shop.owner, product=product, description="Chữa bách bệnh.", now=NOW)

    answers = [
        officer.post(f"/commune/products/{product.pk}/publish/", {"seen_generation": value})
        for value in (seen, "", "x", "-1")
    ]

    assert [answer.status_code for answer in answers] == [409, 400, 400, 400]
    assert "Người bán vừa sửa sản phẩm này" in text_of(answers[0])
    assert row_of(product)["listing"] == Product.Listing.IN_REVIEW


def test_a_listing_is_sent_back_with_a_reason_long_enough_to_act_on(shop: Shop, officer: Client) -> None:
    product = waiting_product(shop)
    short = officer.post(f"/commune/products/{product.pk}/reject/", {"reason": "Mờ"})
    assert (short.status_code, row_of(product)["listing"]) == (400, Product.Listing.IN_REVIEW)

    officer.post(f"/commune/products/{product.pk}/reject/", {"reason": REASON})

    assert row_of(product)["listing_reason"] == REASON
    assert officer.post(f"/commune/products/{product.pk}/reject/", {"reason": REASON}).status_code == 409


def test_a_certificate_is_held_against_the_paper_and_confirmed(shop: Shop, officer: Client) -> None:
    certificate = waiting_certificate(shop)
    words = text_of(officer.get(f"/commune/certificates/{certificate.pk}/"))
    assert "Chứng nhận 4 sao: Miến dong Cao Bằng" in words
    assert "125/QĐ-UBND" in words

    officer.post(f"/commune/certificates/{certificate.pk}/verify/")

    assert row_of(certificate)["state"] == OcopCertificate.State.VERIFIED
    assert officer.post(f"/commune/certificates/{certificate.pk}/verify/").status_code == 409
    assert "Còn hạn" in text_of(officer.get(f"/commune/products/{shop.variant.product_id}/"))


def test_a_certificate_that_does_not_match_is_turned_down_with_a_reason(shop: Shop, officer: Client) -> None:
    certificate = waiting_certificate(shop)
    page = f"/commune/certificates/{certificate.pk}/refuse/"
    assert officer.post(page, {}).status_code == 400

    officer.post(page, {"reason": "Số quyết định không khớp với giấy."})

    assert row_of(certificate)["state"] == OcopCertificate.State.REFUSED
    assert "Số quyết định không khớp" in text_of(owner_at(shop).get(f"/sell/products/{shop.variant.product_id}/"))


def test_what_lies_in_another_commune_is_not_there(shop: Shop) -> None:
    stranger = browser_of(an_officer(NENH).pk)
    product, certificate = waiting_product(shop), waiting_certificate(shop)
    before = [row_of(row) for row in (shop.vendor, product, certificate)]

    asked = [
        stranger.get(f"/commune/vendors/{shop.vendor.pk}/"),
        stranger.get("/commune/vendors/?commune=01501"),
        stranger.post(f"/commune/vendors/{shop.vendor.pk}/verify/"),
        stranger.post(f"/commune/vendors/{shop.vendor.pk}/refuse/", {"reason": REASON}),
        stranger.get(f"/commune/products/{product.pk}/"),
        stranger.post(f"/commune/products/{product.pk}/publish/", {"seen_generation": product.generation}),
        stranger.post(f"/commune/products/{product.pk}/reject/", {"reason": REASON}),
        stranger.get(f"/commune/certificates/{certificate.pk}/"),
        stranger.post(f"/commune/certificates/{certificate.pk}/verify/"),
        stranger.post(f"/commune/certificates/{certificate.pk}/refuse/", {"reason": REASON}),
        *(stranger.get(f"/commune/{kind}/{'9' * 20}/") for kind in ("vendors", "products", "certificates")),
    ]

    assert [answer.status_code for answer in asked] == [404] * len(asked)
    assert [row_of(row) for row in (shop.vendor, product, certificate)] == before


def test_only_staff_come_here_and_province_staff_decide_nothing(shop: Shop, shopper: Client) -> None:
    page = f"/commune/vendors/{shop.vendor.pk}/"

    assert shopper.get(page)["Location"] == f"/sign-in/?next={page}"
    assert shopper.post(f"{page}verify/")["Location"] == "/sign-in/?next="
    assert owner_at(shop).get(page).status_code == 403
    assert browser_of(a_province_officer().pk).post(f"{page}verify/").status_code == 404
    assert row_of(shop.vendor)["verification"] == Vendor.Verification.DECLARED


def test_the_list_of_shops_has_those_that_wait_first_and_is_bounded(
    shop: Shop, officer: Client, statements: Count
) -> None:
    few = statements(lambda: officer.get("/commune/vendors/"))
    for number in range(22):
        a_shop(f"An {number:02d}")

    assert statements(lambda: officer.get("/commune/vendors/")) == few
    page = officer.get("/commune/vendors/")
    assert next(vendor.pk for vendor in page.context["shops"]) == shop.vendor.pk
    assert len(page.context["shops"]) == 20
    assert len(page.content) <= PAGE_BYTES_MAX
    assert len(officer.get("/commune/vendors/?page=2").context["shops"]) == 3
    assert "Chưa có gian hàng nào" in text_of(browser_of(an_officer(NENH).pk).get("/commune/vendors/"))
