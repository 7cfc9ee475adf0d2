"""Stripe's webhooks: only authentic ones count, each once, and only where they belong."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError
from pytest_django import Settings as SettingsWrapper

from marketplace.core.models import SecurityCounter
from marketplace.orders.models import Order
from payments.cards import notices
from payments.cards.values import RefundOutcome, RefundTold, Told, packed
from payments.invariants import violations
from payments.models import CardAccount, CardEvent, CardSession
from payments.services.cards import events
from payments.services.cards.events import CARD_BODY_BYTES_MAX, WAITING_DAYS_MAX, finish_waiting, receive_card_notice
from payments.services.cards.sale import Sale, Settled
from payments.services.keeping import NotKept
from payments.services.notices import NotAuthentic, NoticeTooLarge, UnknownFeed, UnreadableNotice
from tests.payments.card_shop import (
    a_card_shop,
    account_of,
    begin,
    card_events,
    card_rows,
    later,
    pay_by_card,
    tell,
)
from tests.payments.factories import NOW, PRICE_VND, an_order, moved, rows, waiting
from tests.payments.fake_stripe import OLD_WEBHOOK_SECRET, WEBHOOK_SECRET, FakeStripe, Thing, signed

pytestmark = pytest.mark.django_db
STALE = timedelta(seconds=301)


@pytest.fixture
def order(fake_stripe: FakeStripe) -> Order:
    return an_order(a_card_shop(fake_stripe))


@pytest.fixture
def paid_event(fake_stripe: FakeStripe, order: Order) -> Thing:
    """The event of the order's payment, not yet sent."""
    return fake_stripe.pay(begin(order).stripe_id)


def send(body: bytes, signature: str) -> None:
    receive_card_notice(body=body, signature=signature, now=NOW)


def everything() -> tuple[dict[str, int], dict[str, int]]:
    return rows(), card_rows()


@pytest.mark.parametrize("secret", [WEBHOOK_SECRET, OLD_WEBHOOK_SECRET])
def test_the_secret_and_the_one_being_replaced_both_count(order: Order, paid_event: Thing, secret: str) -> None:
    send(*signed(paid_event, at=NOW, secret=secret))

    assert moved(order) == [("charge_success", PRICE_VND, "card")]


@pytest.mark.parametrize("aside", [timedelta(0), timedelta(seconds=-300), timedelta(seconds=300)])
def test_stamps_up_to_five_minutes_aside_count(order: Order, paid_event: Thing, aside: timedelta) -> None:
    send(*signed(paid_event, at=NOW + aside))

    assert len(moved(order)) == 1


FORGERIES: dict[str, Any] = {
    "another secret": lambda event: signed(event, at=NOW, secret="whsec_of_somebody_else"),
    "stale": lambda event: signed(event, at=NOW - STALE),
    "of the future": lambda event: signed(event, at=NOW + STALE),
    "of next year": lambda event: signed(event, at=NOW + timedelta(days=365)),
    "altered": lambda event: (signed(event, at=NOW)[0].replace(b"60000", b"60001"), signed(event, at=NOW)[1]),
    "cut off": lambda event: (signed(event, at=NOW)[0][:-1], signed(event, at=NOW)[1]),
    "no signature": lambda event: (signed(event, at=NOW)[0], ""),
    "another scheme": lambda event: signed(event, at=NOW, scheme="v0"),
    "no stamp": lambda event: (signed(event, at=NOW)[0], signed(event, at=NOW)[1].split(",")[1]),
    "no number in the stamp": lambda event: (b"{}", "t=now,v1=00"),
    "a stamp beyond reason": lambda event: (b"{}", f"t={'9' * 400},v1=00"),
    "two stamps, the signed one last": lambda event: (
        signed(event, at=NOW - STALE)[0],
        f"t={int(NOW.timestamp())},{signed(event, at=NOW - STALE)[1]}",
    ),
    "not ASCII": lambda event: (signed(event, at=NOW)[0], signed(event, at=NOW)[1] + ",v1=đồng"),
    "endless": lambda event: (signed(event, at=NOW)[0], signed(event, at=NOW)[1] + ",v1=00" * 1000),
    "not UTF-8": lambda event: (b"\xff\xfe", f"t={int(NOW.timestamp())},v1=00"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_what_is_not_stripes_has_no_effect_and_is_counted(order: Order, paid_event: Thing, forgery: str) -> None:
    before = everything()

    with pytest.raises(NotAuthentic) as refusal:
        send(*FORGERIES[forgery](paid_event))

    assert (refusal.value.status, refusal.value.reason) == (401, "not_authentic")
    assert everything() == before
    counter = SecurityCounter.objects.get()
    assert (counter.kind, counter.subject, counter.count) == ("notice_not_authentic", "cards:stripe", 1)


def test_control_stripes_library_alone_accepts_a_stamp_of_the_future(
    order: Order, paid_event: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If this fails, our own look at the stamp may not be needed any more."""
    monkeypatch.setattr(notices, "STAMP_TOLERANCE_S", 10**12)

    send(*signed(paid_event, at=NOW + timedelta(days=365)))

    assert len(moved(order)) == 1


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not JSON",
        b"[1]",
        b"NaN",
        b"[" * 100_000,
        b'{"a": 1, "a": 2}',
        b"{}",
        json.dumps({"id": "evt_1", "type": "x", "created": 1, "livemode": "no", "data": {"object": {}}}).encode(),
        json.dumps({"id": "evt_1", "type": "x", "created": True, "livemode": False, "data": {"object": {}}}).encode(),
        json.dumps(
            {"id": "evt_1", "type": "x", "created": 2**80, "livemode": False, "data": {"object": {}}}
        ).encode(),
        json.dumps({"id": "evt_1", "type": "x", "created": 1, "livemode": False, "data": []}).encode(),
        json.dumps({"id": "evt_1", "type": "x", "created": 1, "livemode": False, "data": {}}).encode(),
        json.dumps({"id": "", "type": "x", "created": 1, "livemode": False, "data": {"object": {}}}).encode(),
        json.dumps({"id": "e" * 256, "type": "x", "created": 1, "livemode": False, "data": {"object": {}}}).encode(),
        json.dumps(
            {"id": "evt_1", "type": "y" * 81, "created": 1, "livemode": False, "data": {"object": {}}}
        ).encode(),
    ],
)
def test_authentic_nonsense_is_refused_and_leaves_nothing(fake_stripe: FakeStripe, body: bytes) -> None:
    before = everything()

    with pytest.raises(UnreadableNotice) as refusal:
        send(*signed(body, at=NOW))

    assert (refusal.value.status, everything()) == (400, before)


@pytest.mark.parametrize(
    "changes",
    [
        {"amount_total": "60000"},
        {"amount_total": 60000.5},
        {"amount_total": True},
        {"amount_total": -1},
        {"amount_total": 10**13},
        {"amount_total": None},
        {"payment_intent": "p" * 65},
        {"payment_intent": {}},
        {"id": None},
    ],
)
def test_payments_out_of_shape_are_refused_and_leave_nothing(
    order: Order, paid_event: Thing, changes: dict[str, Any]
) -> None:
    before = everything()
    paid_event["data"]["object"] |= changes

    with pytest.raises(UnreadableNotice):
        send(*signed(paid_event, at=NOW))

    assert everything() == before


def test_a_payment_intent_sent_whole_is_read_too(order: Order, paid_event: Thing) -> None:
    paid = paid_event["data"]["object"]
    paid["payment_intent"] = {"id": paid["payment_intent"], "object": "payment_intent"}

    send(*signed(paid_event, at=NOW))

    assert CardSession.objects.get(order=order).payment_intent == paid["payment_intent"]["id"]


def test_bodies_over_the_limit_are_refused_unread(fake_stripe: FakeStripe) -> None:
    before = everything()

    with pytest.raises(NoticeTooLarge) as refusal:
        send(*signed(b"x" * (CARD_BODY_BYTES_MAX + 1), at=NOW))
    with pytest.raises(UnreadableNotice):
        send(*signed(b"x" * CARD_BODY_BYTES_MAX, at=NOW))

    assert (refusal.value.status, everything()) == (413, before)


def test_where_cards_are_off_there_is_no_such_address(fake_stripe: FakeStripe, settings: SettingsWrapper) -> None:
    settings.MARKET_STRIPE_SECRET_KEY = ""

    with pytest.raises(UnknownFeed) as refusal:
        send(*signed(b"{}", at=NOW))

    assert refusal.value.status == 404


def test_an_event_told_again_has_no_effect(order: Order, paid_event: Thing) -> None:
    tell(paid_event)
    before = everything()

    for seconds in range(5):
        tell(paid_event, now=later(seconds=seconds))

    assert everything() == before
    assert moved(order) == [("charge_success", PRICE_VND, "card")]


def test_one_payment_told_of_by_two_events_is_booked_once(fake_stripe: FakeStripe, order: Order) -> None:
    session = begin(order)
    first = fake_stripe.pay(session.stripe_id)
    second = fake_stripe.event(
        "checkout.session.async_payment_succeeded", fake_stripe.sessions[session.stripe_id], first["account"]
    )

    tell(second)
    tell(first)

    assert moved(order) == [("charge_success", PRICE_VND, "card")]
    assert [state for _kind, state, _why in card_events()[1:]] == ["done", "done"]


def test_nothing_about_the_buyer_is_kept(order: Order, paid_event: Thing) -> None:
    tell(paid_event)

    kept = str(list(CardEvent.objects.values())) + str(list(CardSession.objects.values("url", "payment_intent")))
    assert "abroad" not in kept.lower()
    assert CardEvent.objects.get(kind="checkout.session.completed").told["amount"] == PRICE_VND


def test_events_of_the_other_mode_are_kept_and_ignored(order: Order, paid_event: Thing) -> None:
    tell(paid_event | {"livemode": True})

    assert card_events()[-1] == ("checkout.session.completed", "ignored", "other_mode")
    assert moved(order) == []


def test_a_live_key_takes_live_events_only(
    fake_stripe: FakeStripe, order: Order, paid_event: Thing, settings: SettingsWrapper
) -> None:
    settings.MARKET_STRIPE_SECRET_KEY = "rk_live_x"

    tell(paid_event)
    assert moved(order) == []
    tell(paid_event | {"id": "evt_live", "livemode": True})
    assert len(moved(order)) == 1


def test_a_payment_told_of_by_another_account_has_no_effect_and_is_counted(
    fake_stripe: FakeStripe, order: Order, paid_event: Thing
) -> None:
    other = account_of(a_card_shop(fake_stripe)).stripe_id

    tell(paid_event | {"account": other})

    assert card_events()[-1] == ("checkout.session.completed", "ignored", "other_account")
    assert SecurityCounter.objects.get().kind == "card_event_of_other_account"
    assert moved(order) == []
    tell(paid_event | {"id": "evt_true"})
    assert len(moved(order)) == 1


def test_kinds_that_the_market_does_not_follow_are_answered_and_leave_nothing(fake_stripe: FakeStripe) -> None:
    before = everything()

    tell(fake_stripe.event("charge.refunded", {"id": "ch_1", "object": "charge"}, "acct_9"))

    assert everything() == before


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"currency": "usd"}, "other_currency"),
        ({"currency": None}, "other_currency"),
        ({"amount_total": 0}, "nothing_moved"),
    ],
)
def test_payments_of_no_dong_are_ignored(order: Order, paid_event: Thing, changes: dict[str, Any], why: str) -> None:
    paid_event["data"]["object"] |= changes

    tell(paid_event)

    assert card_events()[-1][1:] == ("ignored", why)
    assert moved(order) == []


def test_payments_a_vendor_takes_elsewhere_by_the_same_account_are_not_ours(
    fake_stripe: FakeStripe, order: Order, paid_event: Thing
) -> None:
    elsewhere = paid_event["data"]["object"] | {"id": "cs_elsewhere", "client_reference_id": "their-own"}
    tell(fake_stripe.event("checkout.session.completed", elsewhere, paid_event["account"]))
    refund = {"id": "re_x", "amount": 5, "currency": "vnd", "payment_intent": None, "status": "succeeded"}
    tell(fake_stripe.event("refund.created", refund, paid_event["account"]))

    assert [one[1:] for one in card_events()[-2:]] == [("ignored", "not_ours")] * 2
    assert moved(order) == []


def test_what_waits_for_a_payment_that_never_comes_is_let_lie_after_a_month(
    fake_stripe: FakeStripe, order: Order
) -> None:
    refund = {"id": "re_x", "amount": 5, "currency": "vnd", "payment_intent": "pi_elsewhere", "status": "succeeded"}
    tell(fake_stripe.event("refund.created", refund, "acct_elsewhere"))
    assert card_events()[-1][1:] == ("waiting", "payment_unknown")

    assert finish_waiting(now=NOW + timedelta(days=WAITING_DAYS_MAX)) == 0
    assert finish_waiting(now=NOW + timedelta(days=WAITING_DAYS_MAX, seconds=1)) == 1

    assert card_events()[-1][1:] == ("ignored", "payment_unknown")


def test_what_waited_beside_its_payment_is_finished_by_the_sweep(fake_stripe: FakeStripe, order: Order) -> None:
    session = pay_by_card(fake_stripe, order)
    tell(fake_stripe.refund(session.payment_intent, 20_000))
    # As two transactions that did not see each other would leave it.
    kept = CardEvent.objects.get(kind="refund.created")
    late = CardEvent.objects.create(
        stripe_event_id="evt_late", kind="refund.created", account=kept.account, livemode=False,
        payment_intent=kept.payment_intent, told=kept.told | {"refund_id": "re_late", "amount": 5_000},
        happened_at=NOW, received_at=NOW, state="waiting",
    )  # fmt: skip

    assert finish_waiting(now=NOW) == 1
    assert finish_waiting(now=NOW) == 0

    late.refresh_from_db()
    assert (late.state, late.session_id) == ("done", session.pk)
    assert [amount for _type, amount, _who in moved(order)] == [PRICE_VND, 20_000, 5_000]
    assert violations() == []


def a_waiting_refund(session: CardSession, name: str, amount_vnd: int) -> CardEvent:
    """As two transactions that did not see each other would leave it."""
    told = RefundTold(
        refund_id=f"re_{name}", reference="", payment_intent=session.payment_intent, amount=amount_vnd,
        currency="vnd", outcome=RefundOutcome.SUCCEEDED,
    )  # fmt: skip
    return CardEvent.objects.create(
        stripe_event_id=f"evt_{name}", kind="refund.created", account=session.account.stripe_id, livemode=False,
        payment_intent=session.payment_intent, told=packed(told), happened_at=NOW, received_at=NOW, state="waiting",
    )  # fmt: skip


@pytest.mark.parametrize("fails", [False, True])
def test_what_cannot_be_done_keeps_nothing_behind_it_waiting(
    fake_stripe: FakeStripe, monkeypatch: pytest.MonkeyPatch, fails: bool
) -> None:
    """Two refunds of more than came, or on which the market stumbles, were told before one that can be done."""
    stuck = [pay_by_card(fake_stripe, an_order(a_card_shop(fake_stripe))) for _ in range(2)]
    good = pay_by_card(fake_stripe, an_order(a_card_shop(fake_stripe)))
    for number, session in enumerate(stuck):
        a_waiting_refund(session, f"stuck_{number}", PRICE_VND + 1)
    late = a_waiting_refund(good, "good", 5_000)
    CardEvent.objects.filter(pk=late.pk).update(tried_at=NOW + timedelta(seconds=1))
    settle = events.settle_sale

    def stumbling(sale: Sale, told: Told) -> Settled:
        if fails and sale.session.pk in {session.pk for session in stuck}:
            raise ZeroDivisionError
        return settle(sale, told)  # type: ignore[arg-type]  # what waits is of a sale

    monkeypatch.setattr(events, "settle_sale", stumbling)

    swept = [finish_waiting(now=NOW + timedelta(minutes=minute), at_most=1) for minute in (1, 2, 3)]

    assert swept == [0, 0, 1]
    assert CardEvent.objects.get(pk=late.pk).state == "done"
    waits = CardEvent.objects.filter(state="waiting").order_by("pk")
    assert list(waits.values_list("stripe_event_id", flat=True)) == ["evt_stuck_0", "evt_stuck_1"]


def test_an_event_that_cannot_be_kept_is_asked_for_again(
    order: Order, paid_event: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = everything()
    with monkeypatch.context() as broken:
        broken.setattr(events, "settle_sale", lambda *_: 1 / 0)
        with pytest.raises(NotKept) as refusal:
            tell(paid_event)
    assert (refusal.value.status, everything()) == (503, before)

    tell(paid_event)

    assert moved(order) == [("charge_success", PRICE_VND, "card")]


def test_an_event_that_the_books_refuse_for_good_is_kept_for_a_person_and_answered(
    fake_stripe: FakeStripe, order: Order, paid_event: Thing
) -> None:
    tell(paid_event)
    other = an_order(a_card_shop(fake_stripe))
    session = begin(other)
    event = fake_stripe.pay(session.stripe_id)
    # Stripe would never say that one payment paid two orders; its books and ours would not agree.
    event["data"]["object"]["payment_intent"] = paid_event["data"]["object"]["payment_intent"]

    tell(event)
    tell(event)

    assert moved(other) == []
    kept = CardEvent.objects.get(stripe_event_id=event["id"])
    assert (kept.state, kept.why, kept.session_id) == ("ignored", "cannot_be_booked", session.pk)
    assert [(item.kind, item.amount_vnd, item.order) for item in other.vendor.review_items.all()] == [
        ("dispute", PRICE_VND, other)
    ]
    assert violations() == []


@pytest.mark.parametrize("odd", ["account of nobody", "session of nobody", "no money at all"])
def test_what_cannot_be_booked_and_is_no_money_for_an_order_of_ours_is_kept_and_nobody_is_asked(
    order: Order, paid_event: Thing, odd: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_args: object, **_kwargs: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(events, "_settle", refuse)
    told = paid_event["data"]["object"]
    if odd == "session of nobody":
        told |= {"id": "cs_of_nobody", "client_reference_id": "x"}
    elif odd == "account of nobody":
        paid_event["account"] = "acct_of_nobody"
    else:
        told["amount_total"] = 0

    tell(paid_event)

    kept = CardEvent.objects.get(stripe_event_id=paid_event["id"])
    assert (kept.state, kept.why, kept.session is None) == ("ignored", "cannot_be_booked", odd != "no money at all")
    assert not order.vendor.review_items.exists()


def test_a_row_refused_for_another_reason_than_a_repeat_is_no_repeat(
    order: Order, paid_event: Thing, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(events, "packed", lambda _told: None)  # the column is NOT NULL

    with pytest.raises(NotKept):
        tell(paid_event)

    assert moved(order) == []


def test_what_stripe_says_of_an_account_is_followed_in_its_own_order(fake_stripe: FakeStripe) -> None:
    shop = a_card_shop(fake_stripe)
    stripe_id = account_of(shop).stripe_id
    fake_stripe.now = later(minutes=1)
    closed = fake_stripe.onboard(stripe_id, charges_enabled=False)
    fake_stripe.now = later(minutes=2)
    opened = fake_stripe.onboard(stripe_id)

    tell(opened)
    tell(closed)

    account = account_of(shop)
    assert (account.state, account.charges_enabled, account.told_at) == ("enabled", True, later(minutes=2))


@pytest.mark.parametrize(
    ("charges_enabled", "details_submitted", "state"),
    [(True, True, "enabled"), (False, True, "restricted"), (False, False, "onboarding")],
)
def test_an_accounts_state_in_a_word(
    fake_stripe: FakeStripe, charges_enabled: bool, details_submitted: bool, state: str
) -> None:
    shop = a_card_shop(fake_stripe)

    tell(
        fake_stripe.onboard(
            account_of(shop).stripe_id, charges_enabled=charges_enabled, details_submitted=details_submitted
        )
    )

    assert (account_of(shop).state, account_of(shop).charges_enabled) == (state, charges_enabled)


def test_nobody_speaks_of_anothers_account(fake_stripe: FakeStripe) -> None:
    shop, other = a_card_shop(fake_stripe), a_card_shop(fake_stripe)
    closed = fake_stripe.onboard(account_of(shop).stripe_id, charges_enabled=False)

    tell(closed | {"account": account_of(other).stripe_id})
    tell(closed | {"id": "evt_nobody", "account": "acct_unknown"})

    assert [one[1:] for one in card_events()[-2:]] == [("ignored", "not_ours")] * 2
    assert CardAccount.objects.filter(charges_enabled=True).count() == 2
    assert waiting(shop) == []
