"""Shops: who opens, verifies and pays them, and who may not even learn that they exist."""

from datetime import datetime

import pytest
from django.db import IntegrityError, transaction

from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed, NotFound
from marketplace.core.models import JournalEvent
from marketplace.people.models import User
from marketplace.people.services import give_role, record_consent, register_person, withdraw_consent
from marketplace.places.models import Commune
from vendors.access import acting_for, actor_of, require_owner
from vendors.banks import BankCannotReceive, InvalidAccountNumber, UnknownBank
from vendors.models import BankAccount, Membership, Vendor, Warehouse
from vendors.selectors import public_vendors, vendor_by_slug, vendors_to_verify
from vendors.services import (
    BadMemoPrefix,
    NothingToVerify,
    TooManyShops,
    add_member,
    refuse_vendor,
    register_vendor,
    set_bank_account,
    verify_vendor,
)

pytestmark = pytest.mark.django_db
PHUC_HOA, ELSEWHERE = "01273", "07795"


@pytest.fixture
def owner(now: datetime) -> User:
    return register_person(name="Lò Thị Mây", phone="0912345678", now=now)


@pytest.fixture
def vendor(owner: User, now: datetime) -> Vendor:
    return register_vendor(
        actor=actor_of(owner),
        owner=owner,
        name="Hộ Lò Thị Mây",
        kind="household",
        commune=Commune.objects.get(code=PHUC_HOA),
        phone="0912345678",
        now=now,
    )


def staff_of(commune: str, *, now: datetime, phone: str = "0987654321") -> Actor:
    person = register_person(name="Cán bộ", phone=phone, now=now)
    give_role(actor=SYSTEM, user=person, kind="commune", commune=Commune.objects.get(code=commune), now=now)
    return actor_of(person)


def test_a_shop_that_declared_itself_has_an_owner_and_a_place_and_cannot_sell(vendor: Vendor, owner: User) -> None:
    assert vendor.slug == "ho-lo-thi-may"
    assert not vendor.may_sell
    assert list(public_vendors()) == []
    assert Membership.objects.get(vendor=vendor).role == "owner"
    assert Warehouse.objects.get(vendor=vendor).name == "Hộ Lò Thị Mây"
    assert actor_of(owner).vendor_roles == {vendor.pk: "owner"}
    assert [event.kind for event in JournalEvent.objects.filter(aggregate_type="vendor")] == ["vendor.registered"]


def test_a_person_has_few_shops_that_nobody_has_checked(
    vendor: Vendor, owner: User, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def one_more(actor: Actor) -> Vendor:
        return register_vendor(
            actor=actor, owner=owner, name="Hộ nữa", kind="household", commune=vendor.commune, phone="0912345678",
            now=now,
        )  # fmt: skip

    monkeypatch.setattr("vendors.services.UNCHECKED_SHOPS_OF_A_PERSON_MAX", 2)
    one_more(actor_of(owner))

    with pytest.raises(TooManyShops):
        one_more(actor_of(owner))
    officer = staff_of(PHUC_HOA, now=now)
    one_more(officer)
    for shop in Vendor.objects.all():
        verify_vendor(actor=officer, vendor=shop, now=now)

    one_more(actor_of(owner))


def test_two_shops_of_one_name_get_two_addresses(vendor: Vendor, owner: User, now: datetime) -> None:
    other = register_vendor(
        actor=actor_of(owner), owner=owner, name=vendor.name, kind="household", commune=vendor.commune,
        phone="0912345678", now=now,
    )  # fmt: skip
    assert other.slug.startswith("ho-lo-thi-may-")


def test_nobody_opens_a_shop_for_another_person_but_staff_of_its_commune(owner: User, now: datetime) -> None:
    wanted = {
        "owner": owner, "name": "Gian hàng", "kind": "household", "commune": Commune.objects.get(code=PHUC_HOA),
        "phone": "0912345678", "now": now,
    }  # fmt: skip
    for stranger in (ANONYMOUS, Actor(user_id=owner.pk + 1), staff_of(ELSEWHERE, now=now)):
        with pytest.raises(NotAllowed):
            register_vendor(actor=stranger, **wanted)
    assert not Vendor.objects.exists()
    assert register_vendor(actor=staff_of(PHUC_HOA, now=now, phone="0987654322"), **wanted).pk


def test_staff_of_the_commune_verifies_and_then_the_shop_is_shown(vendor: Vendor, now: datetime) -> None:
    staff = staff_of(PHUC_HOA, now=now)
    assert vendors_to_verify(actor=staff) == [vendor]

    verified = verify_vendor(actor=staff, vendor=vendor, now=now)

    assert verified.may_sell
    assert verified.verified_by_id == staff.user_id
    assert vendor_by_slug(vendor.slug) == vendor
    assert vendors_to_verify(actor=staff) == []
    with pytest.raises(NothingToVerify):
        verify_vendor(actor=staff, vendor=vendor, now=now)


def test_staff_of_elsewhere_the_owner_and_strangers_cannot_verify_nor_learn_of_it(
    vendor: Vendor, owner: User, now: datetime
) -> None:
    elsewhere = staff_of(ELSEWHERE, now=now)
    for actor in (elsewhere, actor_of(owner), ANONYMOUS, Actor(user_id=1, province_codes=frozenset({"04"}))):
        with pytest.raises(NotFound):
            verify_vendor(actor=actor, vendor=vendor, now=now)
        assert vendors_to_verify(actor=actor) == []
    vendor.refresh_from_db()
    assert not vendor.may_sell


def test_a_refusal_needs_a_reason_and_takes_a_verified_shop_off_the_market(vendor: Vendor, now: datetime) -> None:
    staff = staff_of(PHUC_HOA, now=now)
    verify_vendor(actor=staff, vendor=vendor, now=now)
    with pytest.raises(InvalidInput):
        refuse_vendor(actor=staff, vendor=vendor, reason=" ", now=now)
    assert vendor_by_slug(vendor.slug)

    refused = refuse_vendor(actor=staff, vendor=vendor, reason="Ảnh căn cước bị mờ, chụp lại giúp.", now=now)

    assert refused.refusal_reason == "Ảnh căn cước bị mờ, chụp lại giúp."
    with pytest.raises(NotFound):
        vendor_by_slug(vendor.slug)


def test_a_new_account_replaces_the_active_one_and_keeps_the_old(vendor: Vendor, owner: User, now: datetime) -> None:
    actor = actor_of(owner)
    for number in ("1017588888", "CHO40DEMO0001"):
        set_bank_account(
            actor=actor, vendor=vendor, bin="970436", account_number=number, account_name="Lò Thị Mây", now=now
        )
    assert list(BankAccount.objects.order_by("pk").values_list("account_number", "account_name", "is_active")) == [
        ("1017588888", "LO THI MAY", False),
        ("CHO40DEMO0001", "LO THI MAY", True),
    ]


def test_the_database_itself_refuses_a_second_active_account(vendor: Vendor, owner: User, now: datetime) -> None:
    set_bank_account(
        actor=actor_of(owner), vendor=vendor, bin="970436", account_number="1", account_name="A", now=now
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        BankAccount.objects.create(vendor=vendor, bin="970418", account_number="2", account_name="B", made_at=now)


@pytest.mark.parametrize(
    ("values", "error"),
    [
        ({"bin": "970488"}, UnknownBank),
        ({"bin": "\x00"}, UnknownBank),
        ({"bin": "999888"}, BankCannotReceive),
        ({"bin": "971005", "account_number": "1234"}, InvalidAccountNumber),
        ({"account_number": "1" * 20}, InvalidAccountNumber),
        ({"account_number": ""}, InvalidAccountNumber),
        ({"account_number": "12-34"}, InvalidAccountNumber),
        ({"account_name": "\x00"}, InvalidInput),
        ({"account_name": ""}, InvalidInput),
        ({"memo_prefix": "SEVQRXX"}, BadMemoPrefix),
        ({"memo_prefix": "a b"}, BadMemoPrefix),
    ],
)
def test_a_wrong_account_is_refused_and_none_is_kept(
    vendor: Vendor, owner: User, now: datetime, values: dict[str, str], error: type[Exception]
) -> None:
    wanted = {"bin": "970436", "account_number": "1017588888", "account_name": "Lò Thị Mây"} | values
    with pytest.raises(error):
        set_bank_account(actor=actor_of(owner), vendor=vendor, now=now, **wanted)
    assert not BankAccount.objects.exists()


def test_money_matters_are_the_owners_alone(vendor: Vendor, owner: User, now: datetime) -> None:
    seller = register_person(name="Em Pao", phone="0911111111", now=now)
    add_member(actor=actor_of(owner), vendor=vendor, user=seller, role="seller", now=now)
    with pytest.raises(NotAllowed):
        require_owner(actor_of(seller), vendor)
    for stranger in (ANONYMOUS, staff_of(PHUC_HOA, now=now)):
        with pytest.raises(NotFound):
            require_owner(stranger, vendor)
    with pytest.raises(Conflict):
        add_member(actor=actor_of(owner), vendor=vendor, user=owner, role="seller", now=now)


def test_an_agent_acts_as_a_seller_only_with_consent_and_only_in_their_commune(
    vendor: Vendor, owner: User, now: datetime
) -> None:
    agent = register_person(name="Tổ công nghệ", phone="0922222222", now=now)
    give_role(actor=SYSTEM, user=agent, kind="agent", commune=vendor.commune, now=now)
    with pytest.raises(NotFound):
        acting_for(actor_of(agent), owner)
    with pytest.raises(NotAllowed):
        record_consent(actor=actor_of(agent), person=owner, agent=agent, means="paper", now=now)

    consent = record_consent(actor=actor_of(owner), person=owner, agent=agent, means="phone", now=now)
    helping = acting_for(actor_of(agent), owner)

    assert helping.may_sell_for(vendor.pk)
    assert helping.helped_user_id == owner.pk
    with pytest.raises(NotAllowed):
        require_owner(helping, vendor)
    withdraw_consent(actor=actor_of(owner), consent=consent, now=now)
    with pytest.raises(NotFound):
        acting_for(actor_of(agent), owner)


def test_an_actor_costs_two_statements_and_a_guest_none(
    owner: User, vendor: Vendor, django_assert_num_queries: object
) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]  # pytest-django's fixture has no public type
        actor_of(owner)
    with django_assert_num_queries(0):  # type: ignore[operator]  # as above
        actor_of(None)
