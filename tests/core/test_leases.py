"""One process at a time holds a lease; another takes over when it ends."""

import uuid
from datetime import datetime, timedelta

import pytest

from marketplace.core.leases import give_up, hold

pytestmark = pytest.mark.django_db
ONE, OTHER = uuid.UUID(int=1), uuid.UUID(int=2)


def test_the_first_to_come_holds_it_and_renews_it(now: datetime) -> None:
    assert hold("worker", holder=ONE, now=now, seconds=15)
    assert hold("worker", holder=ONE, now=now + timedelta(seconds=10), seconds=15)
    assert not hold("worker", holder=OTHER, now=now + timedelta(seconds=24), seconds=15)


def test_another_takes_over_after_it_ended_and_the_first_has_lost_it(now: datetime) -> None:
    hold("worker", holder=ONE, now=now, seconds=15)
    assert not hold("worker", holder=OTHER, now=now + timedelta(seconds=15), seconds=15)
    assert hold("worker", holder=OTHER, now=now + timedelta(seconds=16), seconds=15)
    assert not hold("worker", holder=ONE, now=now + timedelta(seconds=17), seconds=15)


def test_given_up_it_is_free_at_once_and_nobody_gives_up_anothers(now: datetime) -> None:
    hold("worker", holder=ONE, now=now, seconds=15)
    give_up("worker", holder=OTHER)
    assert not hold("worker", holder=OTHER, now=now, seconds=15)
    give_up("worker", holder=ONE)
    assert hold("worker", holder=OTHER, now=now, seconds=15)
