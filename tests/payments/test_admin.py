"""The operator looks at money and changes nothing there; secrets and payers' words are not shown."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from marketplace.core import clock
from payments.models import (
    BankNotice,
    CardAccount,
    CardEvent,
    CardSession,
    Feed,
    FeedApi,
    ReviewItem,
    TransactionEvent,
)
from payments.services.feeds import rotate_secret
from tests.payments.card_shop import a_card_shop, begin
from tests.payments.factories import NOW, SECRET, a_shop, an_order, code_of, pay
from tests.payments.fake_stripe import FakeStripe
from tests.payments.listing import an_api

pytestmark = pytest.mark.django_db
MODELS = (Feed, BankNotice, TransactionEvent, ReviewItem)
CARD_MODELS = (CardAccount, CardSession, CardEvent)


@pytest.mark.parametrize("model", MODELS)
def test_the_pages_show_rows_and_neither_secrets_nor_words_of_payers(operator: Client, model: type) -> None:
    shop = a_shop()
    rotate_secret(actor=shop.owner, feed=shop.feed, now=NOW)
    pay(shop, f"NGUYEN VAN AN {code_of(an_order(shop))}")
    pay(shop, "NGUYEN VAN AN tra tien")
    name = model.__name__.lower()

    rows = operator.get(reverse(f"admin:payments_{name}_changelist"))
    row = operator.get(reverse(f"admin:payments_{name}_change", args=[model.objects.order_by("-pk")[0].pk]))  # type: ignore[attr-defined]  # a model

    assert (rows.status_code, row.status_code) == (200, 200)
    for page in (rows.content.decode(), row.content.decode()):
        assert SECRET not in page
        assert "NGUYEN VAN AN" not in page


@pytest.mark.parametrize("model", MODELS)
def test_nothing_can_be_added_changed_or_deleted(operator: Client, model: type) -> None:
    shop = a_shop()
    pay(shop, code_of(an_order(shop)))
    pay(shop, "no code")
    name = model.__name__.lower()
    pk = model.objects.order_by("-pk")[0].pk  # type: ignore[attr-defined]  # a model

    assert operator.post(reverse(f"admin:payments_{name}_add"), {}).status_code == 403
    assert operator.post(reverse(f"admin:payments_{name}_change", args=[pk]), {"amount_vnd": 1}).status_code == 403
    assert operator.post(reverse(f"admin:payments_{name}_delete", args=[pk]), {"post": "yes"}).status_code == 403


def test_only_these_tables_of_payments_are_shown() -> None:
    shown = {model for model in admin.site._registry if model._meta.app_label == "payments"}

    assert shown == {*MODELS, *CARD_MODELS}


@pytest.mark.parametrize("model", CARD_MODELS)
def test_cards_are_shown_without_the_addresses_that_they_are_paid_at(
    operator: Client, fake_stripe: FakeStripe, model: type
) -> None:
    session = begin(an_order(a_card_shop(fake_stripe)))
    name = model.__name__.lower()
    pk = model.objects.order_by("-pk")[0].pk  # type: ignore[attr-defined]  # a model

    rows = operator.get(reverse(f"admin:payments_{name}_changelist"))
    row = operator.get(reverse(f"admin:payments_{name}_change", args=[pk]))

    assert (rows.status_code, row.status_code) == (200, 200)
    for page in (rows, row):
        assert session.url not in page.content.decode()
    assert operator.post(reverse(f"admin:payments_{name}_change", args=[pk]), {"state": "x"}).status_code == 403


@pytest.mark.parametrize(
    ("is_active", "heard_days_ago", "problem", "words"),
    [
        (True, 1, "", "Tốt"),
        (True, 8, "", "Im lặng lâu"),
        (True, None, "", "Chưa báo lần nào"),
        (True, 1, "unauthorized", "Hỏi không được: unauthorized"),
        (False, 1, "", "Đã đóng"),
    ],
)
def test_a_feeds_health_is_a_word_in_the_list(
    is_active: bool, heard_days_ago: int | None, problem: str, words: str, operator: Client
) -> None:
    feed = a_shop().feed
    now = clock.now()
    if problem:
        an_api(feed)
        FeedApi.objects.update(problem=problem, polled_at=now)
    heard = None if heard_days_ago is None else now - timedelta(days=heard_days_ago)
    Feed.objects.filter(pk=feed.pk).update(is_active=is_active, last_notice_at=heard)

    page = operator.get("/admin/payments/feed/").content.decode()

    assert words in page
    assert SECRET not in page
