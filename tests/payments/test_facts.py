"""What is looked up for a notice before it is decided on: codes on stands among it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from django.db import transaction

from marketplace.core.payment_codes import code_from_number
from payments.matching import IgnoreReason, Review, ReviewReason, decide
from payments.models import ReviewItem
from payments.services import facts
from payments.services.facts import find
from payments.services.stands import stand_of
from payments.suggestions import likely_orders
from tests.payments.factories import NOW, PRICE_VND, Shop, a_shop, an_order, code_of, moved, pay, waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def stand_code(shop: Shop) -> str:
    return stand_of(actor=shop.owner, vendor=shop.vendor, now=NOW).code


def test_money_through_the_shop_s_own_stand_is_held_with_the_orders_it_may_be_for(shop: Shop) -> None:
    order = an_order(shop)

    notice = pay(shop, stand_code(shop))

    assert (notice.state, notice.why) == ("review", "stand_code")
    assert waiting(shop) == [("unmatched", PRICE_VND)]
    assert [one.order for one in likely_orders(ReviewItem.objects.get())] == [order]


def test_the_code_of_another_shop_s_stand_is_another_vendor_s(shop: Shop) -> None:
    other = a_shop("Hộ ông Páo")

    assert pay(shop, stand_code(other)).why == "other_vendors_code"


def test_an_order_s_code_beside_the_stand_s_is_booked_on_the_order(shop: Shop) -> None:
    order = an_order(shop)

    assert pay(shop, f"{stand_code(shop)} {code_of(order)}").state == "booked"
    assert moved(order) == [("charge_success", PRICE_VND, "bank")]


def test_stands_are_asked_only_for_codes_that_name_no_sale(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def nobody_s(codes: Sequence[str]) -> dict[str, object]:
        asked.extend(codes)
        return {}

    monkeypatch.setattr(facts, "stand_codes_of", nobody_s)
    order, unknown = an_order(shop), code_from_number(40_000_000_000)

    pay(shop, code_of(order))
    assert asked == []
    assert pay(shop, f"{code_of(order)} {unknown}").why == "several_codes"
    assert asked == [unknown]


def test_money_that_went_out_is_looked_up_no_further(shop: Shop) -> None:
    notice = pay(shop, code_of(an_order(shop)), transferType="out")

    with transaction.atomic():
        found = find(notice)

    assert (found.sales, found.facts.telling, found.facts.earlier) == ((), None, ())
    decision = decide(found.transfer, found.facts, now=NOW)
    assert not isinstance(decision, Review)
    assert decision.kind == IgnoreReason.OUTGOING


def test_control_a_code_that_nobody_printed_or_issued_is_unknown(shop: Shop) -> None:
    assert pay(shop, code_from_number(40_000_000_000)).why == ReviewReason.UNKNOWN_CODE
