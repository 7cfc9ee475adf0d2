"""Opening a real market from its pages: registering, the shop's particulars, feeds, delivery; and its operator."""

import re
from datetime import timedelta

import pytest
from click.testing import CliRunner
from django.core.cache import cache
from django.test import Client

from marketplace.cli.group import market
from marketplace.core.actors import ANONYMOUS, SYSTEM
from marketplace.core.errors import NotAllowed
from marketplace.core.models import JournalEvent
from marketplace.orders.models import DeliveryRate
from marketplace.people.models import Role, SignInAttempt, User
from marketplace.people.services import make_operator, register_person
from payments.models import Feed
from payments.services.feeds import notice_path
from storefront.accounts.registering import REGISTRATIONS_OF_AN_ADDRESS_MAX
from tests.payments.factories import NOW, SECRET, Shop, a_shop, journal
from tests.storefront.conftest import PAGE_BYTES_MAX
from tests.storefront.shopping import text_of
from tests.storefront.working import a_person, browser_of, form, owner_at, row_of, seller_at
from vendors.models import Vendor

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
PASSWORD = "nuoc-non-cao-bang"
NEW = {"name": "Nông Thị Lan", "login": "0912 345 678", "password": PASSWORD}
SETUP_PAGES = ("/sell/shop/", "/sell/feeds/", "/sell/delivery/", "/sell/account/")


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def particulars(shop: Shop, **other: str) -> dict[str, str]:
    """What the form of the shop sends."""
    return {"name": shop.vendor.name, "phone": "0912 345 678"} | other


def secret_on(page: str) -> str:
    found = re.search(r'id="copy-secret"[^>]* data-copy="([^"]+)"', page)
    assert found is not None
    return found[1]


# Registering


def test_who_registers_is_signed_in_and_led_to_open_a_shop(shopper: Client) -> None:
    answer = shopper.post("/register/", NEW)

    person = User.objects.get()
    assert answer["Location"] == "/sell/open/"
    assert (person.name, person.phone, person.is_staff) == ("Nông Thị Lan", "+84912345678", False)
    assert shopper.get("/sell/open/").status_code == 200
    assert "0912 345 678" in shopper.get("/sell/open/").content.decode()
    assert JournalEvent.objects.get().kind == "person.registered"


def test_an_email_address_does_as_well(shopper: Client) -> None:
    shopper.post("/register/", NEW | {"login": "Lan@Example.vn"})

    assert User.objects.get().email == "lan@example.vn"
    assert shopper.post("/sign-in/", {"login": "lan@example.vn", "password": PASSWORD}).status_code == 302


def test_registering_leads_back_to_where_it_was_asked_for_and_to_no_other_site(shopper: Client) -> None:
    assert 'href="/register/?next=%2Forders%2F"' in shopper.get("/sign-in/?next=/orders/").content.decode()
    assert 'name="next" value="/orders/"' in shopper.get("/register/?next=/orders/").content.decode()
    assert shopper.post("/register/", NEW | {"next": "/orders/"})["Location"] == "/orders/"
    assert shopper.get("/register/?next=https://example.com/")["Location"] == "/sell/open/"


def test_a_form_sent_twice_registers_one_person_and_signs_them_in_both_times(shopper: Client) -> None:
    again = Client(headers={"accept-language": "vi"})

    assert [browser.post("/register/", NEW).status_code for browser in (shopper, again)] == [302, 302]

    assert User.objects.count() == 1
    assert "Đăng xuất" in text_of(again.get("/"))


def test_a_stranger_learns_no_more_of_who_is_known_here_than_needed(shopper: Client) -> None:
    known = register_person(name="Lò Thị Mây", phone="0912345678", password="mot-mat-khau-khac", now=NOW)
    before = row_of(known)

    answer = shopper.post("/register/", NEW)

    words = text_of(answer)
    assert answer.status_code == 409
    assert "Không đăng ký mới bằng số hoặc địa chỉ này được." in words
    assert "Mây" not in words
    assert "sessionid" not in shopper.cookies
    assert row_of(known) == before
    assert SignInAttempt.objects.get().failures == 1  # so that passwords cannot be guessed here either


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": ""}, "id_name"),
        ({"name": "\u202e"}, "id_name"),
        ({"login": "123"}, "id_login"),
        ({"login": "lan@"}, "id_login"),
        ({"login": "\x00"}, "id_login"),
        ({"password": "abc"}, "id_password"),
        ({"password": "password1"}, "id_password"),
        ({"password": "x" * 257}, "id_password"),
    ],
)
def test_who_cannot_be_registered_is_told_at_the_field(shopper: Client, wrong: dict[str, str], field: str) -> None:
    answer = shopper.post("/register/", NEW | wrong)

    assert answer.status_code == 400
    assert f'href="#{field}"' in answer.content.decode()
    assert PASSWORD not in answer.content.decode()
    assert not User.objects.exists()


def test_one_network_registers_only_so_many_in_a_while(shopper: Client) -> None:
    for _ in range(REGISTRATIONS_OF_AN_ADDRESS_MAX):
        shopper.post("/register/", NEW | {"login": "123"})

    answer = shopper.post("/register/", NEW)

    assert (answer.status_code, answer["Retry-After"]) == (429, "900")
    assert not User.objects.exists()
    cache.clear()
    assert shopper.post("/register/", NEW).status_code == 302  # control: it was the count and nothing else


# The shop's particulars


def test_the_owner_changes_what_the_shop_says(shop: Shop, owner: Client) -> None:
    page = owner.get("/sell/shop/").content.decode()
    assert f'value="{shop.vendor.name}"' in page
    assert "Đổi mục này thì xã phải xác minh lại" in page

    saved = owner.post("/sell/shop/", particulars(shop, address_line="Xóm Bản Giốc"), follow=True)

    assert "Đã lưu." in text_of(saved)
    vendor = Vendor.objects.get(pk=shop.vendor.pk)
    assert (vendor.address_line, vendor.may_sell) == ("Xóm Bản Giốc", True)


def test_the_owner_is_told_that_a_new_name_stops_the_sale(shop: Shop, owner: Client) -> None:
    saved = owner.post("/sell/shop/", particulars(shop, name="Hợp tác xã Trùng Khánh"), follow=True)

    assert "Gian hàng ngừng bán cho đến khi xã xác minh lại." in text_of(saved)
    assert not Vendor.objects.get(pk=shop.vendor.pk).may_sell


def test_a_shop_that_was_sent_back_is_handed_in_again(shop: Shop, owner: Client) -> None:
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification="none", refusal_reason="Ảnh căn cước mờ.")
    assert "Lưu xong, gian hàng được gửi xã xem lại." in text_of(owner.get("/sell/shop/"))

    saved = owner.post("/sell/shop/", particulars(shop), follow=True)

    assert "Đã lưu và gửi xã xem lại." in text_of(saved)
    assert "Ảnh căn cước mờ." not in text_of(saved)
    assert Vendor.objects.get(pk=shop.vendor.pk).verification == "declared"


def test_what_cannot_be_is_sent_back_and_the_shop_stays(shop: Shop, owner: Client) -> None:
    before = row_of(shop.vendor)

    answer = owner.post("/sell/shop/", particulars(shop, phone="12"))

    assert answer.status_code == 400
    assert 'href="#id_phone"' in answer.content.decode()
    assert row_of(shop.vendor) == before


def test_a_stall_is_asked_of_shops_in_a_market_only(owner: Client) -> None:
    assert "stall_label" not in owner.get("/sell/shop/").content.decode()


# Feeds


def test_a_new_feed_shows_its_secret_once(shop: Shop, owner: Client, settings: object) -> None:
    made = owner.post("/sell/feeds/", form(auth="hmac"))

    feed = Feed.objects.exclude(pk=shop.feed.pk).get()
    page = made.content.decode()
    assert secret_on(page) == feed.secret
    assert f"{settings.MARKET_PUBLIC_URL}{notice_path(feed)}" in page  # type: ignore[attr-defined]  # Django's settings
    assert "no-store" in made["Cache-Control"]
    listed = owner.get("/sell/feeds/").content.decode()
    assert notice_path(feed) in listed
    assert feed.secret not in listed


def test_the_form_of_a_feed_sent_again_makes_no_other_and_shows_no_secret(shop: Shop, owner: Client) -> None:
    sent = form(auth="api_key")
    owner.post("/sell/feeds/", sent)

    again = owner.post("/sell/feeds/", sent, follow=True)

    feed = Feed.objects.exclude(pk=shop.feed.pk).get()
    assert feed.auth == "api_key"
    assert "Khóa đã hiện một lần rồi." in text_of(again)
    assert feed.secret not in again.content.decode()


def test_another_secret_is_shown_once_and_the_old_one_counts_for_a_day(shop: Shop, owner: Client) -> None:
    sent = form()
    changed = owner.post(f"/sell/feeds/{shop.feed.pk}/rotate/", sent)
    owner.post(f"/sell/feeds/{shop.feed.pk}/rotate/", sent)  # reloading the page does not end the old one's day

    feed = Feed.objects.get(pk=shop.feed.pk)
    assert secret_on(changed.content.decode()) == feed.secret
    assert (feed.previous_secret, feed.previous_secret_until) == (SECRET, NOW + timedelta(days=1))
    assert "Khóa cũ còn dùng được đến 10:00 · 23/11/2026" in text_of(changed)


def test_a_closed_feed_takes_no_more_and_cannot_be_changed(shop: Shop, owner: Client) -> None:
    closed = owner.post(f"/sell/feeds/{shop.feed.pk}/close/", form(), follow=True)

    assert "Đã đóng nguồn báo tiền này." in text_of(closed)
    assert not Feed.objects.get(pk=shop.feed.pk).is_active
    before = row_of(shop.feed)
    for step in ("rotate", "close"):
        assert owner.post(f"/sell/feeds/{shop.feed.pk}/{step}/", form()).status_code == 404
    assert row_of(shop.feed) == before


def test_closing_a_feed_by_a_tap_that_is_doubled_is_answered_the_same(shop: Shop, owner: Client) -> None:
    sent = form()

    answers = [owner.post(f"/sell/feeds/{shop.feed.pk}/close/", sent, follow=True) for _tap in range(2)]

    assert [answer.redirect_chain for answer in answers] == [[("/sell/feeds/", 302)]] * 2
    assert all("Đã đóng nguồn báo tiền này." in text_of(answer) for answer in answers)
    assert len(journal("feed.closed")) == 1


def test_the_feeds_of_another_shop_are_not_there(shop: Shop) -> None:
    before, stranger = row_of(shop.feed), owner_at(a_shop("Hợp tác xã khác"))

    for step in ("rotate", "close"):
        assert stranger.post(f"/sell/feeds/{shop.feed.pk}/{step}/", form()).status_code == 404

    assert notice_path(shop.feed) not in stranger.get("/sell/feeds/").content.decode()
    assert row_of(shop.feed) == before


@pytest.mark.parametrize("wrong", [{"auth": "none"}, {}, {"auth": "hmac", "client_id": "x"}])
def test_a_feed_that_cannot_be_is_refused(shop: Shop, owner: Client, wrong: dict[str, str]) -> None:
    assert owner.post("/sell/feeds/", form() | wrong).status_code == 400
    assert Feed.objects.count() == 1


# Delivery


def test_the_owner_says_what_sending_costs(shop: Shop, owner: Client) -> None:
    assert "khách chỉ tự đến lấy được" in text_of(owner.get("/sell/delivery/"))

    owner.post("/sell/delivery/", {"same_commune": "0", "same_province": "25k", "country": ""})
    owner.post("/sell/delivery/", {"same_commune": "", "same_province": "25.000", "country": "45000"})

    rates = DeliveryRate.objects.filter(vendor=shop.vendor, is_active=True).order_by("price_vnd")
    assert [(rate.zone, rate.price_vnd) for rate in rates] == [("same_province", 25_000), ("country", 45_000)]
    assert 'value="25.000"' in owner.get("/sell/delivery/").content.decode()
    set_events = JournalEvent.objects.filter(kind="vendor.delivery_rate_set").order_by("pk")
    assert [(event.data["zone"], event.data["price_vnd"]) for event in set_events] == [
        ("same_commune", 0), ("same_province", 25_000), ("same_commune", None), ("country", 45_000),
    ]  # fmt: skip


@pytest.mark.parametrize("wrong", ["-1", "nhiều", "10.000.001", "1" * 40])
def test_a_price_that_cannot_be_is_refused_with_all_that_came_with_it(shop: Shop, owner: Client, wrong: str) -> None:
    answer = owner.post("/sell/delivery/", {"same_commune": "10k", "same_province": "", "country": wrong})

    assert answer.status_code == 400
    assert 'href="#id_country"' in answer.content.decode()
    assert not DeliveryRate.objects.filter(vendor=shop.vendor).exists()


# All of them


def test_each_setting_is_one_tap_from_the_shop_and_small(owner: Client) -> None:
    page = owner.get("/sell/shop/").content.decode()

    for address in SETUP_PAGES:
        answer = owner.get(address)
        assert answer.status_code == 200
        assert len(answer.content) <= PAGE_BYTES_MAX
        assert address == "/sell/shop/" or f'href="{address}"' in page


def test_a_seller_changes_none_of_it(shop: Shop) -> None:
    seller, before = seller_at(shop), (row_of(shop.vendor), row_of(shop.feed))

    for address in ("/sell/feeds/", "/sell/delivery/", "/sell/account/"):
        assert seller.get(address).status_code == 403
    for address, sent in (
        ("/sell/shop/", particulars(shop, story="Khác")),
        ("/sell/feeds/", form(auth="hmac")),
        (f"/sell/feeds/{shop.feed.pk}/rotate/", form()),
        (f"/sell/feeds/{shop.feed.pk}/close/", form()),
        ("/sell/delivery/", {"country": "1k"}),
    ):
        assert seller.post(address, sent).status_code == 403

    assert "Sửa thông tin gian hàng" not in text_of(seller.get("/sell/shop/"))
    assert (row_of(shop.vendor), row_of(shop.feed)) == before
    assert (Feed.objects.count(), DeliveryRate.objects.count()) == (1, 0)


def test_a_guest_signs_in_first_and_another_sites_form_does_nothing(shop: Shop, shopper: Client) -> None:
    for address in SETUP_PAGES:
        assert shopper.get(address)["Location"] == f"/sign-in/?next={address}"
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(
        User.objects.get(pk=shop.owner.user_id), backend="marketplace.people.sign_in.PhoneOrEmailBackend"
    )
    close = f"/sell/feeds/{shop.feed.pk}/close/"
    for address in ("/register/", "/sell/shop/", "/sell/feeds/", "/sell/delivery/", close):
        assert strict.post(address, NEW).status_code == 403
    assert Feed.objects.get().is_active


# The operator


def add_operator(
    *, email: str = "van-hanh@example.vn", typed: str = f"{PASSWORD}\n"
) -> tuple[int, BaseException | None]:
    result = CliRunner().invoke(market, ["add-operator", "--email", email, "--name", "Vận hành"], input=typed)
    return result.exit_code, result.exception


def test_the_first_operator_is_added_from_the_terminal_and_opens_the_admin_pages(shopper: Client) -> None:
    assert add_operator()[0] == 0

    user = User.objects.get(email="van-hanh@example.vn")
    assert (user.is_staff, user.is_superuser, user.roles.get().kind) == (True, True, "operator")
    signed_in = shopper.post("/sign-in/", {"login": "van-hanh@example.vn", "password": PASSWORD})
    assert signed_in["Location"] == "/admin/"
    assert shopper.get("/admin/").status_code == 200
    assert [event.kind for event in JournalEvent.objects.order_by("pk")] == [
        "person.registered", "role.given", "person.admitted_to_admin",
    ]  # fmt: skip


@pytest.mark.parametrize("typed", ["", "\n", "abc\n"])
def test_an_operator_without_a_good_password_is_not_added(typed: str) -> None:
    assert add_operator(typed=typed)[0] == 1
    assert not User.objects.exists()


def test_an_email_that_somebody_registered_with_makes_no_operator() -> None:
    somebody = register_person(name="Ai đó", email="van-hanh@example.vn", password=PASSWORD, now=NOW)

    assert add_operator()[0] == 1

    somebody.refresh_from_db()
    assert not somebody.is_staff
    assert not Role.objects.exists()


def test_only_an_operator_or_the_market_itself_makes_an_operator() -> None:
    person = a_person()
    with pytest.raises(NotAllowed):
        make_operator(actor=ANONYMOUS, user=person, now=NOW)
    person.refresh_from_db()
    assert (person.is_staff, person.is_superuser) == (False, False)

    for _ in range(2):
        make_operator(actor=SYSTEM, user=person, now=NOW)

    assert Role.objects.filter(user=person).count() == 1
    assert JournalEvent.objects.filter(kind="person.admitted_to_admin").count() == 1
    assert browser_of(person.pk).get("/admin/").status_code == 200
