"""The operator comes in by the market's own sign-in, and sees what is amiss and which settings are in force."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from marketplace.operations.in_force import HIDDEN, settings_in_force, without_password
from marketplace.people.models import User
from marketplace.people.services import register_person
from payments.health import feeds_health
from payments.models import Feed, FeedApi
from tests.payments.factories import NOW, a_shop, pay
from tests.payments.listing import an_api
from tests.people.stepping import code_at
from tests.plugins.database import count_statements
from tests.source import ROOT, text
from tests.storefront.shopping import text_of
from tests.storefront.working import browser_of, form

pytestmark = pytest.mark.django_db
EMAIL, PASSWORD = "van-hanh@example.com", "mật khẩu dài"


@pytest.fixture
def person(db: None) -> User:
    user = User.objects.create_superuser(email=EMAIL, password=PASSWORD)
    user.roles.create(kind="operator")
    return user


def test_the_admin_asks_for_no_password_of_its_own(person: User) -> None:
    browser = Client()
    asked = browser.get("/admin/", follow=True)
    assert asked.redirect_chain[-1][0] == "/sign-in/?next=/admin/"
    assert browser.post("/admin/login/", {"username": EMAIL, "password": PASSWORD}).status_code == 302
    assert browser.get("/admin/").status_code == 302

    browser.post("/sign-in/", {"login": EMAIL, "password": PASSWORD})

    assert browser.get("/admin/").status_code == 200
    assert browser.get("/admin/logout/")["Location"] == "/sign-out/"
    assert browser.get("/admin/password_change/")["Location"] == "/account/password/"


def test_somebody_else_is_told_that_it_is_not_theirs(now: datetime) -> None:
    browser = browser_of(register_person(name="Lò Thị Mây", phone="0912345678", now=now).pk)

    assert browser.get("/admin/", follow=True).status_code == 403
    assert browser.get("/admin/settings/", follow=True).status_code == 403


def test_where_it_is_required_the_operator_sets_up_the_second_step_before_any_page_opens(
    person: User, now: datetime, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.core.clock.now", lambda: now)
    settings.MARKET_STAFF_SECOND_FACTOR = True
    browser = Client()
    browser.post("/sign-in/", {"login": EMAIL, "password": PASSWORD})
    for page in ("/admin/", "/admin/people/user/", "/admin/settings/"):
        assert browser.get(page, follow=True).redirect_chain[-1][0] == "/account/second-step/"

    browser.post("/account/second-step/begin/", form())
    browser.post("/account/second-step/", form(password=PASSWORD, code=code_at(person, now)))

    assert browser.get("/admin/").status_code == 200


def test_every_setting_of_the_handbook_is_shown_with_secrets_hidden(operator: Client, settings: Settings) -> None:
    rows = [line.split("`")[1] for line in text(ROOT / "docs" / "settings.md").splitlines() if line.startswith("| `")]

    shown = {setting.name: setting.value for setting in settings_in_force()}
    page = operator.get("/admin/settings/").content.decode()

    assert list(shown) == rows
    assert shown["MARKET_SECRET_KEY"] == shown["MARKET_FIELD_KEYS"] == HIDDEN
    assert shown["MARKET_STAFF_SECOND_FACTOR"] == "0"
    assert all(name in page for name in rows)
    for secret in (settings.SECRET_KEY, *settings.MARKET_FIELD_KEYS):
        assert secret not in page


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://market:bi-mat@db:5432/market?x=bi-mat", f"postgres://{HIDDEN}@db:5432/market?{HIDDEN}"),
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
        ("smtp://a@b:bi-mat@thu:587", f"smtp://{HIDDEN}@thu:587"),
        ("postgres:///market?host=/run&password=bi-mat", f"postgres:///market?{HIDDEN}"),
        ("unix:///run/redis.sock?password=bi@mat", f"unix://{HIDDEN}"),
        ("unix:/run/redis.sock?password=bi-mat", f"unix:/run/redis.sock?{HIDDEN}"),
        ("postgres://market:bi[mat@db/market", f"postgres://{HIDDEN}@db/market"),
        ("smtp://a:25/bi-mat@thu", f"smtp://{HIDDEN}@thu"),
        ("redis://h#bi-mat", f"redis://h#{HIDDEN}"),
        ("a:bi-mat@b", HIDDEN),
        ("console", "console"),
        ("", ""),
    ],
)
def test_an_address_is_shown_without_its_password(url: str, shown: str) -> None:
    assert without_password(url) == shown


def test_the_first_page_says_how_the_feeds_are_and_what_waits(operator: Client, now: datetime) -> None:
    shop = a_shop()
    api = an_api(shop.feed)
    pay(shop, "khong ma")
    FeedApi.objects.filter(pk=api.pk).update(is_polled=True, problem="refused")

    health = feeds_health(now=NOW)
    words = text_of(operator.get("/admin/"))

    assert (health.waiting, health.troubled_count, health.is_well) == (1, 1, False)
    assert "⚠ Hỏi không được: refused" in words
    assert "Journal events" not in words
    assert "Khoản chờ gian hàng xem 1 · lâu nhất từ" in words
    assert "Việc báo chưa xong ✓ Tốt · 0 hỏng, 0 trễ" in words
    assert reverse("admin:settings_in_force") in operator.get("/admin/").content.decode()


def test_a_feed_that_is_silent_for_a_week_is_counted_at_the_same_number_of_statements() -> None:
    shop = a_shop()
    pay(shop, "khong ma")
    Feed.objects.filter(pk=shop.feed.pk).update(last_notice_at=NOW)
    few = count_statements(lambda: feeds_health(now=NOW))
    for number in range(3):
        other = a_shop(f"Gian hàng {number}")
        an_api(other.feed)
        FeedApi.objects.update(is_polled=True, problem="refused")

    later = NOW + timedelta(days=7, seconds=1)

    assert count_statements(lambda: feeds_health(now=later)) == few
    assert (feeds_health(now=later).silent, feeds_health(now=NOW).silent) == (1, 0)
    assert feeds_health(now=NOW).never_told == 3
