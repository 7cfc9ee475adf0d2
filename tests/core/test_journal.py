from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction

from marketplace.core import journal
from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.models import JournalDelivery, JournalEvent, SecurityCounter
from tests.core.listening import (
    DONE,
    FAILED,
    WAITING,
    Broken,
    Handler,
    count_once,
    effects,
    listen,
    name_of,
    record,
    states,
)


@pytest.fixture(autouse=True)
def _no_other_subscribers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(journal, "_subscriptions", {})


@pytest.fixture
def handled() -> list[str]:
    """What the subscriber `listener` has handled, as `aggregate/number`, in order."""
    return []


@pytest.fixture
def listener(handled: list[str]) -> None:
    listen(lambda event: handled.append(name_of(event)))


# --- Recording ------------------------------------------------------------------------------------


def test_an_event_says_who_did_what_for_whom_and_waits_for_each_subscriber_of_its_kind(
    db: None, now: datetime
) -> None:
    listen(lambda event: None, name="figures")
    listen(lambda event: None, name="voice")
    listen(lambda event: None, name="elsewhere", kinds=frozenset({"thing.undone"}))

    record("7", 1, now=now, actor=Actor(user_id=3, helped_user_id=4))

    event = JournalEvent.objects.get()
    assert (event.kind, event.aggregate_type, event.aggregate_id) == ("thing.done", "thing", "7")
    assert (event.actor_id, event.on_behalf_of_id, event.happened_at, event.data) == (3, 4, now, {"number": 1})
    waiting = JournalDelivery.objects.order_by("subscriber").values_list(
        "subscriber", "aggregate", "state", "attempts"
    )
    assert list(waiting) == [("figures", "thing:7", "waiting", 0), ("voice", "thing:7", "waiting", 0)]


@pytest.mark.parametrize("name", ["bank_date", "day"])
def test_an_event_keeps_the_day_that_figures_count_it_under(db: None, now: datetime, name: str) -> None:
    with transaction.atomic():
        event = journal.record(
            kind="order.charged",
            aggregate_type="order",
            aggregate_id=1,
            actor=SYSTEM,
            now=now,
            data={name: "2026-10-31"},
        )

    event.refresh_from_db()
    assert event.day == date(2026, 10, 31)
    assert event.data == {name: "2026-10-31"}


def test_an_event_without_such_a_day_has_none(db: None, now: datetime) -> None:
    assert record("7", 1, now=now).day is None


def test_outside_the_transaction_of_a_change_nothing_is_recorded(
    committed_db: None, listener: None, now: datetime
) -> None:
    with pytest.raises(RuntimeError, match="in the transaction of its change"):
        journal.record(
            kind="thing.done", aggregate_type="thing", aggregate_id="1", actor=SYSTEM, now=now, data={"number": 1}
        )

    assert not JournalEvent.objects.exists()
    assert not JournalDelivery.objects.exists()


def test_an_event_is_undone_with_its_change(committed_db: None, listener: None, now: datetime) -> None:
    def change_and_fail() -> None:
        with transaction.atomic():
            count_once("change", now=now)
            journal.record(
                kind="thing.done", aggregate_type="thing", aggregate_id="1", actor=SYSTEM, now=now, data={"number": 1}
            )
            raise Broken

    with pytest.raises(Broken):
        change_and_fail()

    assert not JournalEvent.objects.exists()
    assert not JournalDelivery.objects.exists()
    assert effects() == {}


def test_what_happened_is_never_rewritten(db: None, now: datetime) -> None:
    event = record("7", 1, now=now)

    with pytest.raises(IntegrityError), transaction.atomic():
        JournalEvent.objects.filter(pk=event.pk).update(data={"number": 2})

    event.refresh_from_db()
    assert event.data == {"number": 1}


def test_registering_a_subscriber_again_replaces_it(db: None, handled: list[str], now: datetime) -> None:
    listen(lambda event: handled.append("old"))
    listen(lambda event: handled.append("new"))

    record("7", 1, now=now)
    journal.drain(now=now)

    assert handled == ["new"]
    assert [subscription.name for subscription in journal.subscriptions()] == ["listener"]


# --- Delivering -----------------------------------------------------------------------------------


def test_events_of_one_thing_are_handed_on_in_the_order_they_happened(
    db: None, listener: None, handled: list[str], now: datetime
) -> None:
    for number in range(1, 6):
        record("1", number, now=now)

    assert journal.drain(now=now) == 5
    assert handled == ["1/1", "1/2", "1/3", "1/4", "1/5"]
    assert set(states().values()) == {DONE}


def test_a_batch_is_no_larger_than_asked(db: None, listener: None, handled: list[str], now: datetime) -> None:
    for number in range(5):
        record(str(number), number, now=now)

    assert journal.deliver_waiting(now=now, at_most=3) == 3
    assert len(handled) == 3
    assert journal.deliver_waiting(now=now, at_most=3) == 2
    assert journal.deliver_waiting(now=now, at_most=3) == 0


def test_a_delivery_is_not_made_twice(db: None, listener: None, handled: list[str], now: datetime) -> None:
    record("1", 1, now=now)

    journal.drain(now=now)
    journal.drain(now=now + timedelta(days=1))

    assert handled == ["1/1"]


def test_each_subscriber_goes_on_by_itself(db: None, handled: list[str], now: datetime) -> None:
    def fail(event: JournalEvent) -> None:
        raise Broken

    listen(fail, name="broken")
    listen(lambda event: handled.append(name_of(event)), name="sound")
    record("1", 1, now=now)
    record("1", 2, now=now)

    journal.drain(now=now)

    assert handled == ["1/1", "1/2"]


def test_a_subscriber_that_this_process_does_not_know_keeps_its_events(
    db: None, listener: None, handled: list[str], now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    record("1", 1, now=now)
    with monkeypatch.context() as other_process:
        other_process.setattr(journal, "_subscriptions", {})
        assert journal.drain(now=now) == 0
    assert handled == []

    journal.drain(now=now)

    assert handled == ["1/1"]


def test_an_event_that_becomes_due_after_later_ones_is_not_skipped(
    db: None, listener: None, handled: list[str], now: datetime
) -> None:
    """Ids are given before the commit, so a lower one may appear after a higher one was handed on."""
    record("slow", 1, now=now)
    record("quick", 1, now=now)
    JournalDelivery.objects.filter(aggregate="thing:slow").update(not_before=now + timedelta(seconds=1))

    journal.drain(now=now)
    assert handled == ["quick/1"]
    journal.drain(now=now + timedelta(seconds=1))

    assert handled == ["quick/1", "slow/1"]


def listen_to_many(handle: Handler, batches: list[list[str]]) -> None:
    """A subscriber that takes several events at once, and each by itself where that fails."""

    def handle_many(events: Sequence[JournalEvent]) -> None:
        batches.append([name_of(event) for event in events])
        for event in events:
            handle(event)

    kinds = frozenset({"thing.done"})
    journal.subscribe(journal.Subscription("many", kinds, handle, handle_many=handle_many))


def test_what_is_due_is_handed_on_together_and_in_order(db: None, now: datetime) -> None:
    batches: list[list[str]] = []
    listen_to_many(lambda event: count_once(name_of(event), now=now), batches)
    for number in (1, 2):
        record("1", number, now=now)
        record("2", number, now=now)

    assert journal.drain(now=now) == 4

    assert batches == [["1/1", "2/1", "1/2", "2/2"]]
    assert effects() == dict.fromkeys(["1/1", "1/2", "2/1", "2/2"], 1)
    assert set(states().values()) == {DONE}


def test_one_that_cannot_be_handled_leaves_the_others_of_its_batch_with_one_effect_each(
    db: None, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    def handle(event: JournalEvent) -> None:
        count_once(name_of(event), now=now)
        if name_of(event) == "bad/1":
            raise Broken

    batches: list[list[str]] = []
    listen_to_many(handle, batches)
    for aggregate, number in (("good", 1), ("bad", 1), ("good", 2), ("bad", 2)):
        record(aggregate, number, now=now)

    journal.drain(now=now)

    assert batches == [["good/1", "bad/1", "good/2", "bad/2"]]
    assert effects() == {"good/1": 1, "good/2": 1}
    assert states() == {"good/1": DONE, "bad/1": WAITING, "good/2": DONE, "bad/2": WAITING}


def test_what_waits_behind_a_failed_delivery_does_not_fill_the_batch(db: None, listener: None, now: datetime) -> None:
    for number in range(5):
        record("stuck", number, now=now)
    first = JournalDelivery.objects.order_by("pk")[0]
    JournalDelivery.objects.filter(pk=first.pk).update(state=FAILED)
    for number in range(3):
        record("free", number, now=now)

    assert journal.deliver_waiting(now=now, at_most=3) == 3

    assert [name for name, state in states().items() if state == DONE] == ["free/0", "free/1", "free/2"]


# --- Failing --------------------------------------------------------------------------------------


def test_a_failure_undoes_its_effect_and_is_tried_again_ever_later(
    db: None, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    def half_done(event: JournalEvent) -> None:
        count_once("half", now=now)
        raise Broken("của anh Nguyễn Văn A")

    listen(half_done)
    record("1", 1, now=now)
    moment, pauses_s = now, []
    while (delivery := JournalDelivery.objects.get()).state == WAITING:
        assert journal.drain(now=delivery.not_before - timedelta(microseconds=1)) == 0
        moment = delivery.not_before
        assert journal.drain(now=moment) == 1
        pauses_s.append((JournalDelivery.objects.get().not_before - moment).total_seconds())

    assert pauses_s == [2, 4, 8, 16, 32, 64, 128, 256]
    assert (delivery.state, delivery.attempts) == (FAILED, journal.DELIVERY_ATTEMPTS_MAX)
    assert delivery.problem == "Broken"  # the kind of trouble only: its words may name people
    assert effects() == {}
    assert journal.drain(now=now + timedelta(days=365)) == 0


def test_a_handler_that_recovers_has_its_effect_once(
    db: None, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    troubles = [Broken(), Broken()]

    def recover(event: JournalEvent) -> None:
        count_once("effect", now=now)
        if troubles:
            raise troubles.pop()

    listen(recover)
    record("1", 1, now=now)

    for minutes in range(3):
        journal.drain(now=now + timedelta(minutes=minutes))

    assert effects() == {"effect": 1}
    assert states() == {"1/1": DONE}
    assert JournalDelivery.objects.get().attempts == 2


def test_a_refusal_of_the_database_inside_a_handler_spoils_nothing_else(
    db: None, now: datetime, handled: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    def insert_twice(event: JournalEvent) -> None:
        if event.aggregate_id == "bad":
            SecurityCounter.objects.create(kind="effect", subject="twice", day=now.date())
            SecurityCounter.objects.create(kind="effect", subject="twice", day=now.date())
        handled.append(name_of(event))

    listen(insert_twice)
    record("bad", 1, now=now)
    record("good", 1, now=now)

    journal.drain(now=now)

    assert handled == ["good/1"]
    assert effects() == {}
    assert states() == {"bad/1": WAITING, "good/1": DONE}


def fail_for_ever(aggregate: str, handled: list[str]) -> Handler:
    def handle(event: JournalEvent) -> None:
        if event.aggregate_id == aggregate and event.data["number"] == 1:
            raise Broken
        handled.append(name_of(event))

    return handle


def test_a_delivery_put_off_holds_up_the_later_ones_of_its_thing_only(
    db: None, now: datetime, handled: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    listen(fail_for_ever("bad", handled))
    for number in (1, 2):
        record("bad", number, now=now)
        record("good", number, now=now)

    journal.drain(now=now)

    assert handled == ["good/1", "good/2"]
    assert states() == {"bad/1": WAITING, "good/1": DONE, "bad/2": WAITING, "good/2": DONE}


def test_a_delivery_that_failed_for_good_holds_up_the_later_ones_of_its_thing_only(
    db: None, now: datetime, handled: list[str], caplog: pytest.LogCaptureFixture
) -> None:
    listen(fail_for_ever("bad", handled))
    record("bad", 1, now=now)
    for minutes in range(60):
        journal.drain(now=now + timedelta(minutes=minutes))
    record("bad", 2, now=now)
    record("good", 1, now=now)

    journal.drain(now=now + timedelta(days=1))

    assert handled == ["good/1"]
    assert states() == {"bad/1": FAILED, "bad/2": WAITING, "good/1": DONE}


def test_control_without_waiting_for_the_earlier_one_a_later_event_overtakes(
    db: None, now: datetime, handled: list[str], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def first_due(*, now: datetime) -> JournalDelivery | None:
        return JournalDelivery.objects.filter(state=WAITING, not_before__lte=now).order_by("event_id").first()

    monkeypatch.setattr(journal, "_claim", first_due)
    listen(fail_for_ever("bad", handled))
    for number in (1, 2):
        record("bad", number, now=now)

    journal.drain(now=now)

    assert handled == ["bad/2"]
