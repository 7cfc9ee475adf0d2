"""What is looked up for a notice before it is decided on: codes on stands among it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest
from django.db import transaction

from marketplace.core.payment_codes import code_from_number
from payments.matching import Decision, Ignore, IgnoreReason, Review, ReviewReason, decide
from payments.services.facts import find, no_stands
from tests.payments.factories import NOW, Shop, a_shop, an_order, code_of, pay

pytestmark = pytest.mark.django_db
STAND = code_from_number(40_000_000_000)


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def decision_on(shop: Shop, content: str, *, owner: Shop, asked: list[str] | None = None) -> Decision:
    """What becomes of money with these words where `STAND` is printed on `owner`'s stand."""
    notice = pay(shop, content)

    def stand_codes_of(codes: Sequence[str]) -> Mapping[str, int]:
        (asked if asked is not None else []).extend(codes)
        return {code: owner.vendor.pk for code in codes if code == STAND}

    with transaction.atomic():
        found = find(notice, stand_codes_of=stand_codes_of)
        return decide(found.transfer, found.facts, now=NOW)


def test_money_through_the_shop_s_own_stand_says_so(shop: Shop) -> None:
    assert decision_on(shop, STAND, owner=shop) == Review(reason=ReviewReason.STAND_CODE, codes=(STAND,))


def test_the_code_of_another_shop_s_stand_is_another_vendor_s(shop: Shop) -> None:
    other = a_shop("Hộ ông Páo")

    assert decision_on(shop, STAND, owner=other) == Review(reason=ReviewReason.OTHER_VENDORS_CODE, codes=(STAND,))


def test_stands_are_asked_only_for_codes_that_name_no_sale(shop: Shop) -> None:
    asked: list[str] = []
    order = an_order(shop)

    decision_on(shop, code_of(order), owner=shop, asked=asked)
    assert asked == []
    decision_on(shop, f"{code_of(order)} {STAND}", owner=shop, asked=asked)
    assert asked == [STAND]


def test_money_that_went_out_is_looked_up_no_further(shop: Shop) -> None:
    notice = pay(shop, STAND, transferType="out")

    with transaction.atomic():
        found = find(notice, stand_codes_of=lambda _codes: {}[0])

    assert decide(found.transfer, found.facts, now=NOW) == Ignore(reason=IgnoreReason.OUTGOING)
    assert (found.sales, found.facts.telling, found.facts.earlier) == ((), None, ())


def test_control_without_stands_the_code_is_unknown(shop: Shop) -> None:
    assert no_stands([STAND]) == {}
    assert pay(shop, STAND).why == "unknown_code"
