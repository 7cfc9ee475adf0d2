"""A shop opened in one visit for a person who stands before an officer."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.errors import MarketError, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.phone import InvalidPhone
from marketplace.core.text import BadText
from marketplace.people.models import User
from marketplace.people.services import record_consent, register_person, withdraw_consent
from marketplace.places.models import Commune
from tests.payments.factories import DAM_THUY, NENH, NOW
from vendors.models import Membership, Vendor
from vendors.onboarding import OtherPerson, confirm_account, open_at_visit, open_with_consent

pytestmark = pytest.mark.django_db
OFFICER = Actor(user_id=None, commune_codes=frozenset({DAM_THUY}))


def opened(*, actor: Actor = OFFICER, **more: Any) -> Vendor:
    wanted = {
        "owner_name": "Nông Thị Lan",
        "owner_phone": "0912 345 678",
        "name": "Hộ Nông Thị Lan",
        "kind": "household",
        "commune": Commune.objects.get(pk=DAM_THUY),
        "now": NOW,
    }
    return open_at_visit(actor=actor, **(wanted | more))


def test_a_new_person_becomes_known_without_a_password_and_owns_the_shop() -> None:
    vendor = opened()

    owner = Membership.objects.get(vendor=vendor, role="owner").user
    assert (owner.name, owner.phone, owner.has_usable_password()) == ("Nông Thị Lan", "+84912345678", False)
    assert (vendor.phone, vendor.verification) == ("+84912345678", Vendor.Verification.DECLARED)
    assert opened(name="Sạp thứ hai", phone="0206 3888 888").phone == "+842063888888"


def test_a_person_who_is_known_gets_the_shop_under_the_same_name_however_it_is_written() -> None:
    known = register_person(name="Nông Thị Lan", phone="0912345678", now=NOW)

    vendor = opened(owner_name="NONG THI LAN")

    assert Membership.objects.get(vendor=vendor).user == known
    assert User.objects.get(pk=known.pk).name == "Nông Thị Lan"


def test_a_number_known_under_another_name_is_refused_without_telling_whose_it_is() -> None:
    register_person(name="Lò Thị Mây", phone="0912345678", now=NOW)

    with pytest.raises(OtherPerson) as refused:
        opened()

    assert refused.value.field == "owner_phone"
    assert "Mây" not in str(refused.value)
    assert not Vendor.objects.exists()


@pytest.mark.parametrize(
    ("more", "error", "field"),
    [
        ({"owner_phone": "123"}, InvalidPhone, "owner_phone"),
        ({"owner_name": " "}, BadText, "owner_name"),
        ({"name": ""}, BadText, "name"),
        ({"kind": "bank"}, MarketError, "kind"),
    ],
)
def test_bad_words_make_neither_a_person_nor_a_shop(
    more: dict[str, str], error: type[MarketError], field: str
) -> None:
    with pytest.raises(error) as refused:
        opened(**more)

    assert refused.value.field == field
    assert (User.objects.count(), Vendor.objects.count()) == (0, 0)


def test_an_agent_opens_a_shop_only_for_who_consented_and_only_in_their_own_commune() -> None:
    person, agent = (
        register_person(name=name, phone=f"091234567{digit}", now=NOW) for digit, name in enumerate("PA")
    )
    helper = Actor(user_id=agent.pk, agent_commune_codes=frozenset({DAM_THUY}))
    here, elsewhere = (Commune.objects.get(pk=code) for code in (DAM_THUY, NENH))

    def helped(place: Commune = here, actor: Actor = helper) -> Vendor:
        wanted = {"name": "Hộ P", "kind": "household", "phone": "0912345678"}
        return open_with_consent(actor=actor, owner=person, commune=place, now=NOW, **wanted)

    with pytest.raises(NotFound):
        helped()
    consent = record_consent(actor=SYSTEM, person=person, agent=agent, means="spoken", now=NOW)
    for place, actor in ((elsewhere, helper), (here, Actor()), (here, Actor(user_id=person.pk))):
        with pytest.raises(NotFound):
            helped(place, actor)
    assert not Vendor.objects.exists()

    vendor = helped()

    assert Membership.objects.get(vendor=vendor).user == person
    assert vendor.verification == Vendor.Verification.DECLARED
    event = JournalEvent.objects.get(kind="vendor.registered")
    assert (event.actor_id, event.on_behalf_of_id) == (agent.pk, person.pk)
    withdraw_consent(actor=SYSTEM, consent=consent, now=NOW)
    with pytest.raises(NotFound):
        helped()


def test_only_staff_of_the_commune_open_shops_for_others() -> None:
    for actor in (
        Actor(user_id=1, commune_codes=frozenset({NENH})),
        Actor(user_id=2),
        Actor(agent_commune_codes=frozenset({DAM_THUY})),
    ):
        with pytest.raises(NotFound):
            opened(actor=actor)
    vendor = opened()
    account = vendor.bank_accounts.create(bin="970436", account_number="CHO40TEST9", account_name="LAN", made_at=NOW)
    with pytest.raises(NotFound):
        confirm_account(actor=Actor(user_id=1), account=account, now=NOW)
    assert account.confirmed_at is None
