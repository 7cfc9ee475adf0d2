"""Two windows of one person change an address at once: what was taken away stays away."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest

from marketplace.core.actors import Actor
from marketplace.orders.models import SavedAddress
from marketplace.orders.selectors import saved_address
from marketplace.orders.services.own_addresses import prefer_address
from marketplace.orders.services.saved_addresses import change_address, forget_address, keep_address
from marketplace.people.models import User
from tests.orders.factories import NOW, a_person
from tests.orders.test_saved_addresses import HOME, LATER
from tests.plugins.database import waits

pytestmark = [
    pytest.mark.usefixtures("committed_db"),
    # SQLite has one writer at a time.
    pytest.mark.postgresql,
]


def forgotten_meanwhile(
    monkeypatch: pytest.MonkeyPatch, user: User, change: Callable[[int], object]
) -> tuple[bool, bool]:
    """Forget the address from elsewhere when `change` has read it: whether that was done, and whether it is there."""
    actor = Actor(user_id=user.pk)
    kept = keep_address(actor=actor, given=HOME, now=NOW)
    done: list[bool] = []

    def read_and_be_overtaken(**asked: object) -> SavedAddress:
        found = saved_address(actor=actor, address_id=kept.pk)
        if not done:
            done.append(True)  # the forgetting reads, too
            done[0] = not waits(partial(forget_address, actor=actor, address_id=kept.pk, now=LATER))
        return found

    monkeypatch.setattr("marketplace.orders.services.saved_addresses.saved_address", read_and_be_overtaken)
    change(kept.pk)
    return done[0], SavedAddress.objects.filter(pk=kept.pk).exists()


def test_a_corrected_address_does_not_come_back_after_it_was_taken_away(monkeypatch: pytest.MonkeyPatch) -> None:
    user = a_person()
    change = partial(change_address, actor=Actor(user_id=user.pk), given=HOME, now=LATER)

    gone, is_left = forgotten_meanwhile(monkeypatch, user, lambda key: change(address_id=key))

    assert (gone, is_left) == (False, True)


def test_an_address_that_is_preferred_is_not_taken_away_in_between(monkeypatch: pytest.MonkeyPatch) -> None:
    user = a_person()
    prefer = partial(prefer_address, user=user, for_bills=False, now=LATER)

    gone, is_left = forgotten_meanwhile(monkeypatch, user, lambda key: prefer(address_id=key))

    assert (gone, is_left) == (False, True)
