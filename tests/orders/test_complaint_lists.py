"""Lists of complaints, and what a commune's figures count of them."""

from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.orders.selectors import (
    ComplaintFigures,
    complaint_figures,
    complaints_in_commune,
    complaints_of_vendor,
    complaints_to_answer,
)
from marketplace.orders.services.complaints import answer_as_vendor, settle_own_complaint
from marketplace.places.models import Commune
from tests.orders.complaining import HOUR, OFFICER, STRANGERS, complained
from tests.orders.factories import NOW, THUC_PHAN, a_variant, an_order
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


def test_lists_show_first_what_waits_longest(shop: Vendor, seller: Actor) -> None:
    variant = a_variant(shop)
    late, early, answered, done = (complained(an_order((variant, 1)), now=NOW + h * HOUR) for h in (2, 1, 0, 0))
    answer_as_vendor(actor=seller, complaint_id=answered.pk, text="Xin lỗi.", now=NOW + HOUR)
    settle_own_complaint(token=done.order.token, complaint_id=done.pk, now=NOW + HOUR)

    shops = complaints_of_vendor(actor=seller, vendor=shop)
    communes = complaints_in_commune(actor=OFFICER, commune=shop.commune)

    assert [row.pk for row in shops.complaints] == [early.pk, late.pk, answered.pk, done.pk]
    assert shops == communes
    assert [row.pk for row in complaints_to_answer(actor=OFFICER)] == [early.pk, late.pk]
    assert [row.pk for row in complaints_to_answer(actor=SYSTEM, at_most=1)] == [early.pk]
    assert complaints_to_answer(actor=STRANGERS[1]) == []
    assert [row.pk for row in complaints_of_vendor(actor=seller, vendor=shop, state="closed").complaints] == [done.pk]


@pytest.mark.parametrize("wrong", [{"state": "angry"}, {"page": 0}, {"page": 10_001}, {"page": True}])
def test_a_list_that_cannot_be_is_refused(shop: Vendor, seller: Actor, wrong: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        complaints_of_vendor(actor=seller, vendor=shop, **wrong)


def test_a_page_of_complaints_is_one_statement_however_many_there_are(shop: Vendor, seller: Actor) -> None:
    variant = a_variant(shop, quantity=50)
    for _number in range(25):
        complained(an_order((variant, 1)))

    with CaptureQueriesContext(connection) as queries:
        page = complaints_of_vendor(actor=seller, vendor=shop)
        assert all(row.order.number for row in page.complaints)

    assert (len(page.complaints), page.has_more, len(queries)) == (20, True, 1)
    assert not complaints_of_vendor(actor=seller, vendor=shop, page=2).has_more


def test_the_figures_of_a_commune_count_answers_in_time(shop: Vendor, seller: Actor) -> None:
    variant = a_variant(shop)
    answer: Callable[..., None] = partial(answer_as_vendor, actor=seller, text="Xin lỗi.")
    in_time, late, _waiting, done = (complained(an_order((variant, 1))) for _number in range(4))
    answer(complaint_id=in_time.pk, now=NOW + 4 * HOUR)
    answer(complaint_id=late.pk, now=NOW + 5 * HOUR)
    settle_own_complaint(token=done.order.token, complaint_id=done.pk, now=NOW)
    complained(an_order((variant, 1)), now=NOW + 24 * HOUR)
    province = Actor(province_codes=frozenset({"04"}))
    commune = Commune.objects.get(pk=THUC_PHAN)

    counts = complaint_figures(actor=province, commune=commune, since=NOW, until=NOW + 24 * HOUR)

    assert counts == ComplaintFigures(opened=4, answered_in_time=1, waiting=1, closed=1)
    with pytest.raises(NotFound):
        complaint_figures(actor=seller, commune=commune, since=NOW, until=NOW + HOUR)
