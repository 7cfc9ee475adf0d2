"""What changed at a Saleor is written down once, however often it is told."""

from datetime import datetime, timedelta

from marketplace.saleor.fetching import want
from marketplace.saleor.models import Installation, ToFetch
from marketplace.saleor.rounds import PAUSE_S_MAX

ORDER = ToFetch.Kind.ORDER


def test_a_hundred_events_of_one_order_are_one_row_raised_a_hundred_times(
    installation: Installation, now: datetime
) -> None:
    for second in range(100):
        want(installation=installation, kind=ORDER, saleor_id="T3JkZXI6MQ==", now=now + timedelta(seconds=second))

    row = ToFetch.objects.get()
    assert (row.kind, row.saleor_id, row.wanted) == (ORDER, "T3JkZXI6MQ==", 100)
    assert (row.not_before, row.asked_at) == (now, now)


def test_things_of_other_kinds_and_other_saleors_are_rows_of_their_own(
    installation: Installation, now: datetime
) -> None:
    other = Installation.objects.create(
        api_url="https://other.example/graphql/", token="b" * 30, installed_at=installation.installed_at
    )
    want(installation=installation, kind=ORDER, saleor_id="T3JkZXI6MQ==", now=now)
    want(installation=installation, kind=ToFetch.Kind.TRANSACTION, saleor_id="T3JkZXI6MQ==", now=now)
    want(installation=other, kind=ORDER, saleor_id="T3JkZXI6MQ==", now=now)

    assert ToFetch.objects.filter(wanted=1).count() == 3


def test_what_was_given_up_is_tried_anew_once_it_changes(installation: Installation, now: datetime) -> None:
    want(installation=installation, kind=ORDER, saleor_id="T3JkZXI6MQ==", now=now)
    ToFetch.objects.update(is_given_up=True, attempts=8, not_before=now + timedelta(days=1))

    want(installation=installation, kind=ORDER, saleor_id="T3JkZXI6MQ==", now=now + timedelta(hours=1))

    row = ToFetch.objects.get()
    assert (row.is_given_up, row.attempts, row.not_before) == (False, 0, now + timedelta(hours=1))


def test_what_waits_for_its_next_try_goes_on_waiting(installation: Installation, now: datetime) -> None:
    want(installation=installation, kind=ORDER, saleor_id="T3JkZXI6MQ==", now=now)
    ToFetch.objects.update(attempts=3, not_before=now + timedelta(minutes=2))

    want(installation=installation, kind=ORDER, saleor_id="T3JkZXI6MQ==", now=now + timedelta(minutes=1))

    row = ToFetch.objects.get()
    assert (row.wanted, row.attempts, row.not_before) == (2, 3, now + timedelta(minutes=2))


def test_what_was_wanted_while_our_clock_was_ahead_waits_no_more_once_it_is_wanted_again(
    installation: Installation, now: datetime
) -> None:
    want(installation=installation, kind=ORDER, saleor_id="T3JkZXI6MQ==", now=now + timedelta(days=30))

    want(installation=installation, kind=ORDER, saleor_id="T3JkZXI6MQ==", now=now)

    row = ToFetch.objects.get()
    assert (row.wanted, row.not_before, row.asked_at) == (2, now, now)


def test_the_longest_pause_is_not_taken_for_a_clock_that_was_ahead(installation: Installation, now: datetime) -> None:
    want(installation=installation, kind=ORDER, saleor_id="T3JkZXI6MQ==", now=now)
    longest = now + timedelta(seconds=PAUSE_S_MAX)
    ToFetch.objects.update(attempts=7, not_before=longest)

    want(installation=installation, kind=ORDER, saleor_id="T3JkZXI6MQ==", now=now)

    assert ToFetch.objects.get().not_before == longest
