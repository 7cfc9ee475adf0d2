"""Who works in a shop."""

import pytest

from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import Conflict, InvalidInput, MarketError, NotAllowed, NotFound
from marketplace.core.models import JournalEvent
from marketplace.people.models import HelpConsent, User
from marketplace.people.services import record_consent
from tests.payments.factories import NOW, Shop, a_shop
from tests.storefront.working import a_person, an_agent
from vendors import members
from vendors.access import acting_for, actor_of
from vendors.members import NobodySignsInSo, TooManyMembers, let_go, members_of, take_in
from vendors.models import Membership
from vendors.services import LastOwner

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def hired(shop: Shop, person: User, role: str = "seller") -> Membership:
    return take_in(actor=shop.owner, vendor=shop.vendor, login=person.phone or "", role=role, now=NOW)


def test_the_owner_takes_somebody_in_by_the_number_they_sign_in_with(shop: Shop) -> None:
    person = a_person()

    member = take_in(
        actor=shop.owner, vendor=shop.vendor, login=f" 0{(person.phone or '')[3:]} ", role="seller", now=NOW
    )

    assert (member.user, member.role) == (person, "seller")
    assert actor_of(person).vendor_roles == {shop.vendor.pk: "seller"}
    data = JournalEvent.objects.get(kind="vendor.member_added").data
    assert (data["vendor"], data["user"]) == (shop.vendor.pk, person.pk)
    assert hired(shop, person, "owner").pk == member.pk
    assert [row.role for row in members_of(actor=shop.owner, vendor=shop.vendor)] == ["owner", "owner"]


@pytest.mark.parametrize("login", ["0900000000", "ai-do@cho.example", "", " ", "\x00", "a" * 300])
def test_a_number_that_nobody_signs_in_with_takes_nobody_in(shop: Shop, login: str) -> None:
    with pytest.raises(NobodySignsInSo) as refusal:
        take_in(actor=shop.owner, vendor=shop.vendor, login=login, role="seller", now=NOW)

    assert refusal.value.field == "login"
    assert Membership.objects.filter(vendor=shop.vendor).count() == 1


def test_who_may_no_longer_sign_in_is_not_taken_in(shop: Shop) -> None:
    person = a_person()
    User.objects.filter(pk=person.pk).update(is_active=False)

    with pytest.raises(NobodySignsInSo):
        hired(shop, person)


def test_a_seller_or_a_stranger_takes_nobody_in_and_no_role_is_invented(shop: Shop) -> None:
    person = a_person()
    refused: list[tuple[Actor, str, type[MarketError]]] = [
        (shop.seller, "seller", NotAllowed),
        (a_shop("Hộ khác").owner, "seller", NotFound),
        (ANONYMOUS, "owner", NotFound),
        (shop.owner, "boss", InvalidInput),
    ]

    for actor, role, error in refused:
        with pytest.raises(error):
            take_in(actor=actor, vendor=shop.vendor, login=person.phone or "", role=role, now=NOW)

    assert not Membership.objects.filter(user=person).exists()


def test_a_shop_has_so_many_members_and_no_more(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(members, "MEMBERS_MAX", 2)
    first = a_person()
    hired(shop, first)

    with pytest.raises(TooManyMembers):
        hired(shop, a_person())
    hired(shop, first, "owner")

    assert Membership.objects.filter(vendor=shop.vendor).count() == 2


def test_who_is_let_go_works_there_no_more(shop: Shop) -> None:
    person = a_person()
    member = hired(shop, person)

    let_go(actor=shop.owner, vendor=shop.vendor, member_id=member.pk, now=NOW)

    assert actor_of(person).vendor_roles == {}
    assert JournalEvent.objects.get(kind="vendor.member_removed").data["user"] == person.pk
    with pytest.raises(NotFound):
        let_go(actor=shop.owner, vendor=shop.vendor, member_id=member.pk, now=NOW)


def test_a_seller_leaves_of_their_own_will_and_sends_nobody_else_away(shop: Shop) -> None:
    person, other = a_person(), a_person("Lò Thị Mây")
    own, others = hired(shop, person), hired(shop, other)

    with pytest.raises(NotAllowed):
        let_go(actor=actor_of(person), vendor=shop.vendor, member_id=others.pk, now=NOW)
    let_go(actor=actor_of(person), vendor=shop.vendor, member_id=own.pk, now=NOW)

    assert actor_of(person).vendor_roles == {}
    assert actor_of(other).vendor_roles == {shop.vendor.pk: "seller"}


def test_a_shop_never_loses_its_last_owner(shop: Shop) -> None:
    only = Membership.objects.get(vendor=shop.vendor, role="owner")

    with pytest.raises(LastOwner):
        let_go(actor=shop.owner, vendor=shop.vendor, member_id=only.pk, now=NOW)
    with pytest.raises(Conflict):
        hired(shop, only.user)
    hired(shop, a_person(), "owner")
    let_go(actor=shop.owner, vendor=shop.vendor, member_id=only.pk, now=NOW)

    assert Membership.objects.filter(vendor=shop.vendor, role="owner").count() == 1


def test_who_helps_in_the_owner_s_place_sends_nobody_away(shop: Shop) -> None:
    agent, owner = an_agent(), User.objects.get(pk=shop.owner.user_id)
    record_consent(actor=SYSTEM, person=owner, agent=agent, means=HelpConsent.Means.SIGNED_PAPER, now=NOW)
    member = hired(shop, agent)
    helper = acting_for(actor_of(agent), owner)

    with pytest.raises(NotAllowed):
        let_go(actor=helper, vendor=shop.vendor, member_id=member.pk, now=NOW)
    with pytest.raises(NotAllowed):
        take_in(actor=helper, vendor=shop.vendor, login=agent.phone or "", role="owner", now=NOW)

    assert Membership.objects.filter(vendor=shop.vendor).count() == 2


def test_another_shop_s_member_is_not_found(shop: Shop) -> None:
    foreign = Membership.objects.get(vendor=a_shop("Hộ khác").vendor, role="owner")

    with pytest.raises(NotFound):
        let_go(actor=shop.owner, vendor=shop.vendor, member_id=foreign.pk, now=NOW)

    assert Membership.objects.filter(pk=foreign.pk).exists()
