"""payOS's links are made once for a code and an amount, whatever crashes, is lost or comes late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.db import transaction

from marketplace.orders.models import Order
from payments.apis.payos import NumberTaken
from payments.models import PaymentLink
from payments.services import links
from payments.services.links import CLAIM_S, LinkNotMade
from payments.services.requesting import payment_for_order
from tests.payments.factories import NOW, Shop, an_order
from tests.payments.linking import NO, a_payos_shop, die, kept
from tests.payments.listing import later
from tests.payments.provider_server import Play, ProviderServer, json_body, lost, status
from tests.plugins.database import at_once


@pytest.fixture
def shop(money_adds_up: None) -> Shop:
    return a_payos_shop()


def an_order_whose_link_dies_at(step: str, shop: Shop, monkeypatch: pytest.MonkeyPatch) -> Order:
    """The process ends while it asks for the link (`_create`), or before it keeps the answer (`_store`)."""
    order = an_order(shop)
    with monkeypatch.context() as patch:
        patch.setattr(links, step, die)
        with pytest.raises(SystemExit):
            payment_for_order(order=order, now=NOW)
    return order


@pytest.mark.usefixtures("committed_db")
def test_many_buyers_at_once_make_one_link(provider: ProviderServer) -> None:
    shop = a_payos_shop()
    order = an_order(shop)

    answers = at_once([lambda: payment_for_order(order=order, now=NOW).payload] * 6)

    assert len(provider.links) == 1
    (link,) = PaymentLink.objects.all()
    assert {answer for answer in answers if isinstance(answer, str)} == {link.qr_payload}
    assert all(isinstance(answer, str | LinkNotMade) for answer in answers), answers
    assert payment_for_order(order=order, now=NOW).payload == link.qr_payload


def test_a_crash_before_payos_was_asked_leaves_a_link_that_the_next_one_makes(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order_whose_link_dies_at("_create", shop, monkeypatch)
    assert (kept(), provider.links) == ([("open", False)], {})

    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW + timedelta(seconds=CLAIM_S - 1))
    payment_for_order(order=order, now=NOW + timedelta(seconds=CLAIM_S))

    assert kept() == [("open", True)]
    assert list(provider.links) == [PaymentLink.objects.get().order_code]


def test_a_crash_before_the_answer_was_kept_leaves_no_second_link_for_the_amount(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order_whose_link_dies_at("_store", shop, monkeypatch)
    assert (kept(), len(provider.open_links())) == ([("open", False)], 1)

    payment_for_order(order=order, now=NOW + timedelta(seconds=CLAIM_S))

    assert kept() == [("cancelled", False), ("open", True)]
    assert provider.open_links() == [PaymentLink.objects.get(state="open").order_code]


def test_control_a_number_made_anew_each_time_would_leave_two_links(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order_whose_link_dies_at("_store", shop, monkeypatch)
    PaymentLink.objects.all().delete()

    payment_for_order(order=order, now=NOW)

    assert len(provider.open_links()) == 2


def test_an_answer_that_was_lost_on_its_way_leaves_no_second_link_for_the_amount(
    provider: ProviderServer, shop: Shop
) -> None:
    order = an_order(shop)
    provider.faults.append(lost)
    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW)
    assert (kept(), len(provider.open_links())) == ([("open", False)], 1)
    cache.clear()

    payment_for_order(order=order, now=later(0.5))

    assert kept() == [("cancelled", False), ("open", True)]
    assert provider.open_links() == [PaymentLink.objects.get(state="open").order_code]


@pytest.mark.parametrize(
    ("plays", "states"),
    [
        # Cancelled by one who died then: payOS refuses to do it again.
        ([None, NO, json_body({"code": "00", "data": {"status": "CANCELLED", "transactions": []}})],
         [("cancelled", False), ("open", True)]),
        # payOS does not let go of it: then there is no second link.
        ([None, NO], [("open", False)]),
        ([None, status(500)], [("open", False)]),
        ([None, None, status(500)], [("cancelled", False), ("open", False)]),
    ],
)  # fmt: skip
def test_a_link_that_cannot_be_taken_back_is_not_doubled(
    provider: ProviderServer, shop: Shop, plays: list[Play | None], states: list[tuple[str, bool]]
) -> None:
    order = an_order(shop)
    provider.faults.append(lost)
    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW)
    cache.clear()
    provider.faults.extend(plays)

    try:
        payment_for_order(order=order, now=later(0.5))
    except LinkNotMade:
        assert ("open", True) not in states

    assert kept() == states


def test_one_who_was_taken_for_dead_does_not_take_the_others_link_back(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    theirs = later(2)

    def late(*_: object, **__: object) -> None:
        PaymentLink.objects.update(made_at=theirs, qr_payload="theirs")
        raise NumberTaken("231")

    monkeypatch.setattr(links, "_create", late)

    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW)

    assert provider.asked == []
    assert PaymentLink.objects.values_list("state", "qr_payload").get() == ("open", "theirs")


def test_an_answer_that_comes_when_another_has_taken_over_is_not_kept(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    create = links._create

    def slowly(*arguments: Any, **named: Any) -> Any:
        made = create(*arguments, **named)
        PaymentLink.objects.update(made_at=later(2))
        return made

    monkeypatch.setattr(links, "_create", slowly)

    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW)

    assert kept() == [("open", False)]


def test_one_who_waited_for_the_code_finds_the_link_that_the_first_made(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order(shop)
    first = payment_for_order(order=order, now=NOW)
    ready, looked = links._ready, []

    def not_yet(*arguments: Any, **named: Any) -> PaymentLink | None:
        looked.append(1)
        return None if len(looked) == 1 else ready(*arguments, **named)

    monkeypatch.setattr(links, "_ready", not_yet)

    assert payment_for_order(order=order, now=NOW) == first
    assert (len(looked), len(provider.links)) == (2, 1)


def test_an_answer_that_is_kept_while_another_claims_leaves_no_second_link(
    provider: ProviderServer, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = an_order_whose_link_dies_at("_store", shop, monkeypatch)
    ready, looked = links._ready, []

    def then_the_first_keeps_its_answer(*arguments: Any, **named: Any) -> PaymentLink | None:
        found = ready(*arguments, **named)
        looked.append(found)
        if len(looked) == 2:
            PaymentLink.objects.update(qr_payload="of the first")
        return found

    monkeypatch.setattr(links, "_ready", then_the_first_keeps_its_answer)

    with pytest.raises(LinkNotMade):
        payment_for_order(order=order, now=NOW)

    assert looked == [None, None]
    assert (len(provider.links), PaymentLink.objects.count()) == (1, 1)


@pytest.mark.usefixtures("committed_db")
def test_payos_is_never_asked_inside_a_transaction(provider: ProviderServer) -> None:
    shop = a_payos_shop()
    order = an_order(shop)
    payment_for_order(order=order, amount_vnd=1_000, now=NOW)
    asked = len(provider.asked)

    with transaction.atomic(), pytest.raises(RuntimeError):
        payment_for_order(order=order, now=NOW)

    assert (len(provider.asked), kept()) == (asked, [("open", True)])
