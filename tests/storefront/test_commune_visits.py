"""One visit: an officer opens the shop, sees the papers, scans the owner's bank code, prints the stand."""

from __future__ import annotations

import pytest
from django.test import Client

from marketplace.core.actors import SYSTEM
from marketplace.people.models import Role, User
from marketplace.people.services import give_role, record_consent
from payments.models import StandCode
from payments.vietqr.writer import write_vietqr
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop
from tests.storefront.conftest import PAGE_BYTES_MAX
from tests.storefront.shopping import a_market, text_of
from tests.storefront.working import (
    a_person,
    a_province_officer,
    an_agent,
    an_officer,
    browser_of,
    form,
    owner_at,
    row_of,
)
from vendors.models import BankAccount, Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
NEW = "/commune/vendors/new/"


def lan(**more: str) -> dict[str, str]:
    return form(
        owner_name="Nông Thị Lan",
        owner_phone="0912 345 678",
        name="Hộ Nông Thị Lan",
        kind="household",
        commune=DAM_THUY,
        **more,
    )


def test_one_visit_ends_with_a_printed_stand(officer: Client) -> None:
    a_market(DAM_THUY, name="Chợ Bản Giốc", slug="cho-ban-gioc")
    page = officer.get(NEW)
    assert "Xã Đàm Thủy, Cao Bằng" in text_of(page)
    opened = officer.post(NEW, lan(market_site="cho-ban-gioc", stall_label="Sạp 12"))
    vendor = Vendor.objects.get()
    visit = f"/commune/vendors/{vendor.pk}/"
    assert opened["Location"] == visit
    words = text_of(officer.get(visit))
    assert "Sạp 12, Chợ Bản Giốc" in words
    assert "Căn cước: có đúng tên Nông Thị Lan?" in words
    assert "Xong giấy tờ và tài khoản thì in được." in words

    assert officer.post(f"{visit}verify/", form())["Location"] == visit
    scanned = form(payload=write_vietqr(bin="970436", account="CHO40LAN1"), account_name="Nông Thị Lan")
    assert officer.post(f"{visit}account/", scanned)["Location"] == visit
    words = text_of(officer.get(visit))
    assert "Khớp với mã ngân hàng của chủ gian hàng, 22/11/2026" in words
    assert "NONG THI LAN" in words
    assert "CHO40LAN1" not in words, "an account number is nobody's but its owner's"
    assert officer.post(f"{visit}stand/", form())["Location"] == visit
    pdf = officer.get(f"{visit}stand.pdf")

    assert pdf.content.startswith(b"%PDF")
    assert pdf["Content-Disposition"] == 'attachment; filename="ma-qr-ho-nong-thi-lan.pdf"'
    assert StandCode.objects.get().account_number == "CHO40LAN1"
    page = officer.get(visit)
    assert f"Mã bảng {StandCode.objects.get().code}" in text_of(page)
    assert len(page.content) <= PAGE_BYTES_MAX


def test_a_form_that_is_sent_twice_opens_one_shop_and_verifies_once(officer: Client) -> None:
    fields, answer = lan(), form()

    first, again = officer.post(NEW, fields), officer.post(NEW, fields)

    assert first["Location"] == again["Location"]
    vendor = Vendor.objects.get()
    sent = [officer.post(f"/commune/vendors/{vendor.pk}/verify/", answer).status_code for _time in range(2)]
    assert sent == [302, 302]
    assert officer.post(NEW, fields | {"client_id": "x"}).status_code == 400
    assert Vendor.objects.count() == User.objects.filter(phone="+84912345678").count() == 1


def test_what_is_missing_or_wrong_is_said_at_its_field_and_opens_nothing(officer: Client) -> None:
    a_person("Lò Thị Mây")
    known = (User.objects.get(name="Lò Thị Mây").phone or "").replace("+84", "0")

    nothing = officer.post(NEW, form())
    other = officer.post(NEW, lan() | {"owner_phone": known})
    elsewhere = officer.post(NEW, lan() | {"commune": NENH})
    no_market = officer.post(NEW, lan(market_site="x"))

    assert [page.status_code for page in (nothing, other, elsewhere, no_market)] == [400, 409, 400, 400]
    assert "Số này đã có người dùng với tên khác" in text_of(other)
    assert not Vendor.objects.exists()


def test_a_code_of_another_account_is_refused_and_changes_nothing(officer: Client) -> None:
    shop = a_shop()
    page = f"/commune/vendors/{shop.vendor.pk}/"
    before = BankAccount.objects.values().get()

    other = officer.post(f"{page}account/", form(payload=write_vietqr(bin="970436", account="CHO40OTHER")))
    nothing = officer.post(f"{page}account/", form())
    no_code = officer.post(f"{page}account/", form(payload="hello"))
    too_soon = officer.post(f"{page}stand/", form())

    assert [answer.status_code for answer in (other, nothing, no_code, too_soon)] == [409, 400, 400, 409]
    assert "Mã này trả vào tài khoản khác" in text_of(other)
    assert "Bạn quét mã ngân hàng của chủ gian hàng trước" in text_of(too_soon)
    assert officer.get(f"{page}stand.pdf").status_code == 404
    assert BankAccount.objects.values().get() == before
    assert 'name="account_name"' not in officer.get(page).content.decode(), "the owner's to say, once it is said"


def test_a_holder_with_another_name_is_pointed_out(officer: Client) -> None:
    shop = a_shop()
    Vendor.objects.filter(pk=shop.vendor.pk).update(kind=Vendor.Kind.HOUSEHOLD)

    assert "Tên chủ tài khoản khác tên chủ gian hàng" in text_of(officer.get(f"/commune/vendors/{shop.vendor.pk}/"))


def test_a_cooperative_without_its_registration_is_pointed_out(officer: Client) -> None:
    shop = a_shop()
    page = f"/commune/vendors/{shop.vendor.pk}/"
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification=Vendor.Verification.DECLARED)
    assert "Hợp tác xã, doanh nghiệp cần giấy đăng ký" in text_of(officer.get(page))
    Vendor.objects.filter(pk=shop.vendor.pk).update(registration_number="4800123456", alcohol_licence_number="07/GP")

    words = text_of(officer.get(page))

    assert "có đúng số 4800123456?" in words
    assert "có đúng số 07/GP?" in words


def test_an_officer_of_two_communes_says_in_which(officer: Client) -> None:
    user = an_officer(NENH)
    give_role(actor=SYSTEM, user=user, kind=Role.Kind.COMMUNE, commune=a_shop().vendor.commune, now=NOW)
    browser = browser_of(user.pk)

    assert "Phường Nếnh, Bắc Ninh" in text_of(browser.get(NEW))
    browser.post(NEW, lan() | {"commune": NENH})
    assert Vendor.objects.get(name="Hộ Nông Thị Lan").commune_id == NENH


def test_nobody_else_opens_shops_or_touches_accounts(shopper: Client) -> None:
    shop = a_shop()
    page, before = f"/commune/vendors/{shop.vendor.pk}/", row_of(shop.vendor)
    strangers: list[tuple[Client, int]] = [
        (browser_of(an_officer(NENH).pk), 404),
        (browser_of(a_province_officer().pk), 404),
        (browser_of(an_agent().pk), 403),
        (owner_at(shop), 403),
        (shopper, 302),
    ]

    for browser, status in strangers:
        for step in ("account/", "stand/"):
            assert browser.post(page + step, form(payload="x")).status_code == status
        assert browser.get(f"{page}stand.pdf").status_code == status
    assert browser_of(a_province_officer().pk).get(NEW).status_code == 403
    assert browser_of(an_agent().pk).post(NEW, lan()).status_code == 403
    assert (row_of(shop.vendor), Vendor.objects.count()) == (before, 1)


def test_the_usual_reasons_are_one_tap_and_reach_the_owner(officer: Client) -> None:
    shop: Shop = a_shop()
    page = f"/commune/vendors/{shop.vendor.pk}/refuse/"

    officer.post(page, form(usual="1", reason="Gọi 1900 nếu cần."))

    reason = "Số đăng ký kinh doanh hoặc mã số thuế chưa đúng. Bạn xem lại giấy rồi nhập lại. Gọi 1900 nếu cần."
    assert row_of(shop.vendor)["refusal_reason"] == reason
    assert officer.post(page, form(usual="99")).status_code == 400
    assert officer.post(page, form(usual="0", reason="a" * 299)).status_code == 400
    assert row_of(shop.vendor)["refusal_reason"] == reason


def test_an_agent_opens_a_shop_for_a_person_who_consented_and_goes_on_with_its_goods(shopper: Client) -> None:
    person, agent = a_person("Triệu Mùi Nhậy"), an_agent()
    record_consent(actor=SYSTEM, person=person, agent=agent, means="spoken", now=NOW)
    browser, page = browser_of(agent.pk), f"/sell/help/{person.pk}/open/"
    assert f'href="{page}"' in browser.get("/sell/help/").content.decode()
    assert "Gian hàng là của Triệu Mùi Nhậy." in text_of(browser.get(page))
    fields = form(name="Hộ Triệu Mùi Nhậy", kind="household", commune=DAM_THUY)

    answers = [browser.post(page, fields) for _time in range(2)]

    assert [answer["Location"] for answer in answers] == ["/sell/products/"] * 2
    vendor = Vendor.objects.get()
    assert (vendor.phone, vendor.verification) == (person.phone, Vendor.Verification.DECLARED)
    assert "Hộ Triệu Mùi Nhậy" in text_of(browser.get("/sell/shop/"))
    assert browser.post(page, form()).status_code == 400
    assert browser.get("/sell/help/0/open/").status_code == 404
    assert browser_of(an_agent().pk).get(page).status_code == 404
    assert browser_of(an_officer().pk).get(page).status_code == 404
    assert shopper.get(page)["Location"] == f"/sign-in/?next={page}"
    assert Vendor.objects.count() == 1
