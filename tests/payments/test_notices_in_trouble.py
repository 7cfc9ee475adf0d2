"""Notices when the database or the booking fails, told again in parts, and their bytes as time goes by."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, transaction

from marketplace.core.models import SecurityCounter
from payments.models import BankNotice, NoticeDelivery
from payments.pretend_bank import SignedNotice
from payments.providers import PROVIDERS
from payments.services import keeping
from payments.services.keeping import NotKept, take_in
from payments.services.notices import (
    NotAuthentic,
    erase_old_bodies,
)
from tests.payments.factories import (
    NOW,
    a_notice,
    a_shop,
    an_order,
    code_of,
    moved,
    pay,
    rows,
    send,
    waiting,
)

pytestmark = pytest.mark.django_db


def counted() -> dict[str, int]:
    return dict(SecurityCounter.objects.values_list("kind", "count"))


# --- When the database or the booking fails -------------------------------------------------------


def fail(*_: object, **__: object) -> None:
    raise RuntimeError("Nguyễn Văn A 0912345678")


def test_when_settling_fails_the_notice_is_kept_and_answered_and_nothing_else_is_changed(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    shop = a_shop()
    order = an_order(shop)
    before = rows()
    monkeypatch.setattr("payments.services.booking.charge", fail)

    notice = pay(shop, code_of(order))

    assert (notice.state, notice.order_id, notice.decided_at) == ("received", None, None)
    assert rows() == before | {"BankNotice": 1}
    assert (moved(order), waiting(shop)) == ([], [])
    assert "RuntimeError at" in caplog.text
    assert "Nguyễn" not in caplog.text


def test_when_nothing_can_be_kept_the_bank_is_asked_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop()
    notice = a_notice(shop.feed, shop.account, code_of(an_order(shop)))
    before = rows()

    def away(*_: object, **__: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(keeping, "_store", away)
    with pytest.raises(NotKept) as refusal:
        send(shop.feed, notice)
    monkeypatch.undo()

    assert refusal.value.status == 503
    assert rows() == before
    assert send(shop.feed, notice).status == 200
    assert BankNotice.objects.get().state == "booked"


def test_a_constraint_other_than_the_notices_own_key_is_no_repeat(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop()
    notice = a_notice(shop.feed, shop.account, "x")
    read = keeping._notice

    def without_account(*given: Any, **more: Any) -> BankNotice:
        broken = read(*given, **more)
        broken.account_number = None  # type: ignore[assignment]  # what the column refuses
        return broken

    monkeypatch.setattr(keeping, "_notice", without_account)

    with pytest.raises(NotKept):
        send(shop.feed, notice)

    assert BankNotice.objects.count() == 0


def test_a_body_of_which_a_part_is_new_is_kept_and_a_body_of_repeats_is_not() -> None:
    shop = a_shop()
    body = a_notice(shop.feed, shop.account, "x").body
    one, other = (PROVIDERS["sepay"].read(a_notice(shop.feed, shop.account, "x").body, now=NOW) for _ in range(2))

    told = [take_in(shop.feed, raw=body, reported=list(some), now=NOW) for some in (one, one + other, one + other)]

    assert [len(taken.new) for taken in told] == [1, 1, 0]
    assert (NoticeDelivery.objects.count(), BankNotice.objects.count()) == (2, 2)
    assert counted() == {}


def test_a_part_that_contradicts_itself_is_counted_beside_what_is_new() -> None:
    shop = a_shop()
    first = a_notice(shop.feed, shop.account, "x", notice_id=7)
    other = a_notice(shop.feed, shop.account, "x", 90_000, notice_id=7)
    new = a_notice(shop.feed, shop.account, "x", notice_id=8)
    send(shop.feed, first)

    reported = [one for body in (other, new) for one in PROVIDERS["sepay"].read(body.body, now=NOW)]
    taken = take_in(shop.feed, raw=b"both", reported=reported, now=NOW)

    assert [notice.provider_tx_id for notice in taken.new] == ["8"]
    assert counted() == {"notice_contradicts_first": 1}


def test_a_repeat_that_cannot_be_compared_asks_the_bank_to_come_again(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop()
    notice = a_notice(shop.feed, shop.account, "x")
    send(shop.feed, notice)

    def away(*_: object, **__: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(keeping, "_compare_with_first", away)
    with pytest.raises(NotKept):
        send(shop.feed, notice)

    assert BankNotice.objects.count() == 1


def test_what_came_meanwhile_is_known_when_settling_failed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settling fails, and before the notice can be kept alone, the same one came on another thread."""
    shop = a_shop()
    notice = a_notice(shop.feed, shop.account, "x")
    monkeypatch.setattr(keeping, "settle", fail)
    reported = PROVIDERS["sepay"].read(notice.body, now=NOW)

    def come_on_another_thread(*_: object) -> None:
        with transaction.atomic():
            keeping._store(shop.feed, notice.body, reported=reported, now=NOW)

    monkeypatch.setattr(keeping.log, "error", come_on_another_thread)

    assert send(shop.feed, notice).status == 200
    assert BankNotice.objects.get().state == "received"


def test_a_counter_that_two_begin_at_once_loses_neither(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop()
    SecurityCounter.objects.create(
        kind="notice_not_authentic", subject=f"feed:{shop.feed.pk}", day="2026-11-22", count=1
    )
    update, calls = type(SecurityCounter.objects.all()).update, []

    def first_sees_nothing(self: Any, **values: Any) -> int:
        calls.append(values)
        return update(self, **values) if len(calls) > 1 else 0

    monkeypatch.setattr(type(SecurityCounter.objects.all()), "update", first_sees_nothing)
    with pytest.raises(NotAuthentic):
        send(shop.feed, SignedNotice(b"{}", {}))
    monkeypatch.undo()

    assert counted() == {"notice_not_authentic": 2}


# --- Retention ------------------------------------------------------------------------------------


def test_the_bytes_are_erased_after_90_days_and_what_was_read_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = a_shop()
    pay(shop, "settled")
    with monkeypatch.context() as broken:
        broken.setattr(keeping, "settle", fail)
        pay(shop, "not settled")
    days = timedelta(days=90)

    assert erase_old_bodies(now=NOW + days) == 0
    assert erase_old_bodies(now=NOW + days + timedelta(seconds=1)) == 1

    erased, unsettled = NoticeDelivery.objects.order_by("pk")
    assert erased.raw_body is None
    assert len(erased.body_sha256) == 64
    assert unsettled.raw_body is not None
    assert BankNotice.objects.filter(content="settled").count() == 1


def test_one_shops_feed_and_anothers_are_apart() -> None:
    ours = a_shop()
    theirs = a_shop("Hộ ông Páo")
    order = an_order(theirs)

    send(ours.feed, a_notice(ours.feed, theirs.account, code_of(order)))

    assert list(BankNotice.objects.values_list("state", "why", "vendor_id")) == [("ignored", "foreign_account", None)]
    assert moved(order) == []
