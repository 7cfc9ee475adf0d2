"""An owner connects a shop with each provider: what is pasted where, what is shown once, what is never shown."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from payments.models import Feed, FeedApi
from payments.services.feeds import notice_path, set_feed_api
from tests.payments.banks import a_feed
from tests.payments.factories import NOW, SECRET, Shop, a_shop
from tests.storefront.conftest import PAGE_BYTES_MAX
from tests.storefront.shopping import text_of
from tests.storefront.working import form, owner_at, row_of, seller_at

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
GIVEN = "1a54716c8f0efb2744fb28b6e38b25da7f67a925d98bc1c1"
KEY = "AK_CS.0123456789abcdef"


@pytest.fixture
def shop() -> Shop:
    return a_shop()


def made() -> Feed:
    """The feed that was made last."""
    return Feed.objects.exclude(provider="sepay").get()


def test_the_owner_chooses_a_provider_first(owner: Client) -> None:
    page = owner.get("/sell/feeds/")

    for name, provider in (("SePay", "sepay"), ("Casso", "casso"), ("payOS", "payos"), ("VietQR.vn", "vietqrvn")):
        assert f"Nối với {name}" in text_of(page)
        chosen = owner.get("/sell/feeds/", {"provider": provider})
        assert f"<h1>Nối với {name}</h1>" in chosen.content.decode()
        assert len(chosen.content) < PAGE_BYTES_MAX
    assert "Nối thêm" in text_of(owner.get("/sell/feeds/", {"provider": "nobody"}))


@pytest.mark.parametrize(
    ("provider", "sent"),
    [("payos", {}), ("casso", {"auth": "hmac"})],
)
def test_a_secret_of_the_providers_is_pasted_and_never_shown(
    shop: Shop, owner: Client, provider: str, sent: dict[str, str]
) -> None:
    answer = owner.post("/sell/feeds/", form(provider=provider, secret=f" {GIVEN} ", **sent))

    feed = made()
    assert (feed.provider, feed.auth, feed.secret, feed.vendor_id) == (provider, "hmac", GIVEN, shop.vendor.pk)
    assert notice_path(feed) in answer.content.decode()
    assert GIVEN not in answer.content.decode()
    assert "chỉ hiện một lần" not in text_of(answer)
    assert "Cho chợ tự hỏi lại" in text_of(answer)


def test_casso_s_older_kind_takes_a_key_of_ours(owner: Client) -> None:
    answer = owner.post("/sell/feeds/", form(provider="casso", auth="api_key", secret=""))

    assert made().auth == "api_key"
    assert made().secret in answer.content.decode()


def test_vietqrvn_is_given_an_address_a_user_name_and_a_password(owner: Client) -> None:
    answer = owner.post("/sell/feeds/", form(provider="vietqrvn"))

    feed, page = made(), answer.content.decode()
    assert (feed.provider, feed.auth) == ("vietqrvn", "basic")
    assert f'{notice_path(feed).rstrip("/")}"' in page
    assert f'data-copy="{feed.username}"' in page
    assert f'data-copy="{feed.secret}"' in page
    assert "Mật khẩu chỉ hiện một lần này." in text_of(answer)
    listed = owner.get("/sell/feeds/").content.decode()
    assert feed.username in listed
    assert feed.secret not in listed


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"provider": "payos"}, "Bạn chưa điền mục này."),
        ({"provider": "payos", "secret": "short"}, "Khóa bí mật gồm 16 đến 200 chữ"),
        ({"provider": "payos", "secret": "x" * 300}, "Khóa này dài quá."),
        ({"provider": "casso", "auth": "hmac"}, "Khóa này do bên báo tiền tạo."),
        ({"provider": "casso", "secret": GIVEN}, "Bạn chưa chọn mục này."),
        ({"provider": "casso", "auth": "basic", "secret": GIVEN}, "Bạn chọn lại mục này giúp."),
    ],
)
def test_a_form_that_lacks_something_says_what(owner: Client, sent: dict[str, str], said: str) -> None:
    answer = owner.post("/sell/feeds/", form(**sent))

    assert answer.status_code == 400
    assert said in text_of(answer)
    assert GIVEN not in answer.content.decode()
    assert Feed.objects.count() == 1


@pytest.mark.parametrize("provider", ["nobody", "statement", "SEPAY"])
def test_a_provider_that_is_not_read_cannot_be_connected(owner: Client, provider: str) -> None:
    assert owner.post("/sell/feeds/", form(provider=provider, secret=GIVEN)).status_code == 404
    assert Feed.objects.count() == 1


def test_a_form_that_was_refused_may_be_sent_again_mended(owner: Client) -> None:
    sent = form(provider="payos", secret="short")
    owner.post("/sell/feeds/", sent)

    owner.post("/sell/feeds/", sent | {"secret": GIVEN})
    again = owner.post("/sell/feeds/", sent | {"secret": GIVEN}, follow=True)

    assert made().secret == GIVEN
    assert "Khóa đã hiện một lần rồi." in text_of(again)


# Another secret


def test_another_secret_of_the_providers_is_pasted(shop: Shop, owner: Client) -> None:
    feed = a_feed(shop.vendor, ("payos", "hmac"))
    assert "Tạo khóa mới bên payOS" in text_of(owner.get(f"/sell/feeds/{feed.pk}/rotate/"))

    answer = owner.post(f"/sell/feeds/{feed.pk}/rotate/", form(secret=GIVEN))

    feed.refresh_from_db()
    assert (feed.secret, feed.previous_secret) == (GIVEN, SECRET)
    assert feed.previous_secret_until == NOW + timedelta(days=1)
    assert GIVEN not in answer.content.decode()
    assert "Khóa cũ còn dùng được đến 10:00 · 23/11/2026" in text_of(answer)


def test_another_password_is_made_and_shown_once(shop: Shop, owner: Client) -> None:
    feed = a_feed(shop.vendor, ("vietqrvn", "basic"))
    assert "Mật khẩu mới hiện một lần." in text_of(owner.get(f"/sell/feeds/{feed.pk}/rotate/"))

    answer = owner.post(f"/sell/feeds/{feed.pk}/rotate/", form())

    feed.refresh_from_db()
    assert feed.previous_secret == SECRET
    assert feed.secret in answer.content.decode()


@pytest.mark.parametrize("secret", ["", "short"])
def test_a_secret_that_cannot_be_leaves_the_old_one(shop: Shop, owner: Client, secret: str) -> None:
    feed = a_feed(shop.vendor, ("payos", "hmac"))
    before = row_of(feed)

    assert owner.post(f"/sell/feeds/{feed.pk}/rotate/", form(secret=secret)).status_code == 400

    assert row_of(feed) == before


# The key to ask by


@pytest.mark.parametrize(
    ("kind", "sent", "client_id"),
    [
        (("sepay", "hmac"), {}, ""),
        (("casso", "hmac"), {}, ""),
        (("payos", "hmac"), {"client_id_at_provider": " 3e4f-a "}, "3e4f-a"),
    ],
)
def test_the_owner_lets_the_market_ask(
    shop: Shop, owner: Client, kind: tuple[str, str], sent: dict[str, str], client_id: str
) -> None:
    feed = a_feed(shop.vendor, kind)
    assert owner.get(f"/sell/feeds/{feed.pk}/api/").status_code == 200

    saved = owner.post(f"/sell/feeds/{feed.pk}/api/", {"api_key": KEY} | sent, follow=True)

    kept = FeedApi.objects.get()
    assert (kept.feed_id, kept.client_id, kept.api_key) == (feed.pk, client_id, KEY)
    assert "Từ nay chợ tự hỏi lại" in text_of(saved)
    assert "Đổi khóa để chợ tự hỏi lại" in text_of(saved)
    assert KEY not in owner.get(f"/sell/feeds/{feed.pk}/api/").content.decode()


def test_the_owner_sees_that_asking_failed(shop: Shop, owner: Client) -> None:
    set_feed_api(actor=shop.owner, feed=shop.feed, client_id="", api_key=KEY, now=NOW)
    FeedApi.objects.update(problem="refused")

    assert "Lần gần nhất không hỏi được" in text_of(owner.get("/sell/feeds/"))


@pytest.mark.parametrize(
    "sent", [{}, {"api_key": "short"}, {"api_key": KEY}, {"api_key": KEY, "client_id_at_provider": "a b"}]
)
def test_a_key_that_cannot_be_is_refused(shop: Shop, owner: Client, sent: dict[str, Any]) -> None:
    feed = a_feed(shop.vendor, ("payos", "hmac"))

    assert owner.post(f"/sell/feeds/{feed.pk}/api/", sent).status_code == 400
    assert FeedApi.objects.count() == 0


def test_a_provider_without_a_list_is_not_asked(shop: Shop, owner: Client) -> None:
    feed = a_feed(shop.vendor, ("vietqrvn", "basic"))

    assert owner.get(f"/sell/feeds/{feed.pk}/api/").status_code == 404
    assert f"/sell/feeds/{feed.pk}/api/" not in owner.get("/sell/feeds/").content.decode()


# Who may


def test_a_seller_and_a_stranger_do_nothing_of_it(shop: Shop) -> None:
    feed, seller, stranger = (
        a_feed(shop.vendor, ("payos", "hmac")),
        seller_at(shop),
        owner_at(a_shop("Hợp tác xã khác")),
    )
    before, count = row_of(feed), Feed.objects.count()

    for visitor, status in ((seller, 403), (stranger, 404)):
        for step in ("rotate", "api"):
            assert visitor.get(f"/sell/feeds/{feed.pk}/{step}/").status_code == status
            assert (
                visitor.post(f"/sell/feeds/{feed.pk}/{step}/", form(secret=GIVEN, api_key=KEY)).status_code == status
            )
    assert seller.get("/sell/feeds/", {"provider": "payos"}).status_code == 403
    assert seller.post("/sell/feeds/", form(provider="payos", secret=GIVEN)).status_code == 403

    assert (row_of(feed), Feed.objects.count(), FeedApi.objects.count()) == (before, count, 0)


def test_a_feed_of_statements_is_not_among_them(shop: Shop, owner: Client) -> None:
    statements = Feed.objects.create(provider="statement", vendor=shop.vendor, secret="", made_at=NOW)

    assert str(statements.pk) not in owner.get("/sell/feeds/").content.decode()
    assert owner.post(f"/sell/feeds/{statements.pk}/close/", form()).status_code == 404


def test_the_list_asks_the_database_no_more_for_more_feeds(
    shop: Shop, owner: Client, django_assert_num_queries: Any
) -> None:
    owner.get("/sell/feeds/")
    with django_assert_num_queries(6) as few:
        owner.get("/sell/feeds/")
    for kind in (("payos", "hmac"), ("casso", "hmac"), ("vietqrvn", "basic")):
        a_feed(shop.vendor, kind)
    set_feed_api(actor=shop.owner, feed=shop.feed, client_id="", api_key=KEY, now=NOW)

    with django_assert_num_queries(len(few)):
        owner.get("/sell/feeds/")
