"""Where the market requires a second step, an office counts only for a sign-in that took it."""

from datetime import datetime

import pytest
from pytest_django import Settings

from marketplace.core.actors import SYSTEM
from marketplace.people.models import User
from marketplace.people.services import give_role, register_person
from marketplace.people.sessions import note_sign_in
from marketplace.places.models import Commune
from vendors.access import actor_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(now: datetime) -> User:
    """Staff of a commune and of its province, operator, and an agent."""
    person = register_person(name="Lò Thị Mây", phone="0912345678", now=now)
    commune = Commune.objects.select_related("province").all()[0]
    give_role(actor=SYSTEM, user=person, kind="operator", now=now)
    give_role(actor=SYSTEM, user=person, kind="province", province=commune.province, now=now)
    for kind in ("commune", "agent"):
        give_role(actor=SYSTEM, user=person, kind=kind, commune=commune, now=now)
    return person


@pytest.mark.parametrize(
    ("required", "by_two_steps", "offices"),
    [(False, False, True), (True, False, False), (True, True, True), (False, True, True)],
)
def test_an_office_rests_until_both_steps_were_taken_and_helping_never_does(
    required: bool, by_two_steps: bool, offices: bool, person: User, now: datetime, settings: Settings
) -> None:
    settings.MARKET_STAFF_SECOND_FACTOR = required
    person.present_sign_in = note_sign_in(user=person, user_agent="", by_two_steps=by_two_steps, now=now)

    actor = actor_of(person)

    assert (actor.is_operator, bool(actor.province_codes), bool(actor.commune_codes)) == (offices,) * 3
    assert len(actor.agent_commune_codes) == 1


def test_who_asks_by_no_sign_in_that_is_known_holds_no_office_then(person: User, settings: Settings) -> None:
    settings.MARKET_STAFF_SECOND_FACTOR = True

    assert not actor_of(person).is_operator
