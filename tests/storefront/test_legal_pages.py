"""Everybody reads the texts that bind the market, also older ones, in Vietnamese and in English."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from django.test import Client

from marketplace.core.actors import SYSTEM
from marketplace.legal.models import Kind
from marketplace.legal.services import publish_version
from tests.legal.test_versions import TODAY, WORDS
from tests.storefront.shopping import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


def publish(now: datetime, *, effective_on: date = TODAY, body_vi: str = "Điều mới.") -> None:
    publish_version(actor=SYSTEM, kind="rules", effective_on=effective_on, now=now, **{**WORDS, "body_vi": body_vi})


def test_every_page_leads_to_the_texts_and_the_list_to_each_of_them(shopper: Client) -> None:
    assert 'href="/legal/"' in shopper.get("/").content.decode()

    links = re.findall(r'href="(/legal/\w+/)"', shopper.get("/legal/").content.decode())

    assert links == [f"/legal/{kind}/" for kind in Kind.values]
    for link in links:
        words = text_of(shopper.get(link))
        assert "Bản 1, có hiệu lực từ 01/01/2026" in words
        assert "Chờ xác nhận:" in words
        assert "còn chờ luật sư hoặc đơn vị vận hành xác nhận" in words
        assert "[?]" not in words


def test_who_reads_english_gets_english_and_is_told_which_text_binds(shopper: Client) -> None:
    shopper.cookies["django_language"] = "en"

    words = text_of(shopper.get("/legal/privacy/"))

    assert "This page says what the market keeps about you" in words
    assert "Chợ giữ gì" not in words


def test_an_older_version_stays_readable_and_says_that_it_is_over(shopper: Client, now: datetime) -> None:
    publish(now)

    new, old = text_of(shopper.get("/legal/rules/")), text_of(shopper.get("/legal/rules/1/"))

    assert "Bản 2, có hiệu lực từ 22/11/2026" in new
    assert "Khác bản trước: Thêm một điều. Điều mới." in new
    assert "Bản 1, từ 01/01/2026 bản cũ" in new
    assert "Chờ xác nhận" not in new
    assert "Đây là bản cũ, không còn hiệu lực. Đọc bản đang có hiệu lực" in old
    assert "Chợ 4.0 là nơi hộ gia đình, hợp tác xã và doanh nghiệp" in old
    assert "Bản 2, từ 22/11/2026 đang có hiệu lực" in old


def test_an_announced_version_can_be_read_before_its_day(shopper: Client, now: datetime) -> None:
    publish(now, effective_on=TODAY + timedelta(days=10))

    assert "Bản 2, từ 02/12/2026 sắp có hiệu lực" in text_of(shopper.get("/legal/rules/"))
    assert "Bản này chưa có hiệu lực." in text_of(shopper.get("/legal/rules/2/"))


@pytest.mark.parametrize(
    "address", ["/legal/recipes/", "/legal/rules/0/", "/legal/rules/9/", f"/legal/rules/{'9' * 40}/"]
)
def test_what_there_is_not_is_not_found(shopper: Client, address: str) -> None:
    assert shopper.get(address).status_code == 404


def test_what_the_operator_wrote_is_text_and_no_markup(shopper: Client, now: datetime) -> None:
    publish(now, body_vi="<script>alert(1)</script>\n- <b>đậm</b>")

    page = shopper.get("/legal/rules/").content.decode()

    assert "<script>alert(1)" not in page
    assert "&lt;b&gt;đậm&lt;/b&gt;" in page


def test_a_text_with_many_versions_asks_the_database_twice(
    shopper: Client, now: datetime, statements: Callable[[Callable[[], object]], int]
) -> None:
    few = statements(lambda: shopper.get("/legal/rules/"))
    for number in range(100):
        publish(now, body_vi=f"Điều {number}.")

    assert few == statements(lambda: shopper.get("/legal/rules/")) == 2
    assert statements(lambda: shopper.get("/legal/")) == 1
