"""Addresses that a person keeps for the next order: their own, a few, taken away at once when they wish."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.core.errors import NotAllowed, NotFound
from marketplace.core.phone import InvalidPhone
from marketplace.core.text import BadText
from marketplace.orders.models import SavedAddress
from marketplace.orders.selectors import saved_address, saved_addresses
from marketplace.orders.services.saved_addresses import (
    AddressToKeep,
    TooManyAddresses,
    change_address,
    forget_address,
    keep_address,
)
from tests.orders.factories import NENH, NOW, THUC_PHAN, a_person
from tests.payments.factories import journal

pytestmark = pytest.mark.django_db
HOME = AddressToKeep(name="Nông Thị Mơ", phone="0912 345 678", street="Tổ 5", commune_code=THUC_PHAN)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def buyer(db: None) -> Actor:
    return Actor(user_id=a_person().pk)


@pytest.fixture
def other(db: None) -> Actor:
    return Actor(user_id=a_person("+84911222333").pk)


def streets(actor: Actor) -> list[str]:
    return [row.street for row in saved_addresses(actor)]


def test_the_address_used_last_comes_first(buyer: Actor) -> None:
    keep_address(actor=buyer, given=HOME, now=NOW)
    keep_address(actor=buyer, given=replace(HOME, street="Nhà bà"), now=LATER)
    assert streets(buyer) == ["Nhà bà", "Tổ 5"]

    kept = keep_address(actor=buyer, given=HOME, now=LATER + timedelta(hours=1))

    assert streets(buyer) == ["Tổ 5", "Nhà bà"]
    assert (kept.phone, kept.commune.label) == ("+84912345678", kept.commune.label)
    assert len(journal("address.kept")) == 2


def test_a_door_that_is_kept_again_has_the_newest_postal_code_that_was_said(buyer: Actor) -> None:
    codes = []
    for given in (None, "21000", None, "", "21100"):
        keep_address(actor=buyer, given=replace(HOME, postal_code=given), now=NOW)
        codes.append(SavedAddress.objects.get().postal_code)

    assert codes == ["", "21000", "21000", "21000", "21100"]


def test_a_page_that_asks_no_postal_code_leaves_it_while_the_place_stays(buyer: Actor) -> None:
    kept = keep_address(actor=buyer, given=replace(HOME, postal_code="21000"), now=NOW)

    renamed = change_address(actor=buyer, address_id=kept.pk, given=replace(HOME, name="Mơ"), now=LATER)
    moved = change_address(actor=buyer, address_id=kept.pk, given=replace(HOME, commune_code=NENH), now=LATER)

    assert (renamed.postal_code, moved.postal_code) == ("21000", "")


def test_the_form_sent_twice_keeps_one(buyer: Actor) -> None:
    sent = uuid.uuid4()

    first, again = (keep_address(actor=buyer, given=HOME, now=NOW, client_id=sent) for _time in range(2))

    assert first == again
    assert SavedAddress.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "refusal"),
    [
        ({"phone": "12"}, InvalidPhone),
        ({"street": " "}, BadText),
        ({"name": "a" * 121}, BadText),
        ({"commune_code": "99999"}, NotFound),
    ],
)
def test_what_is_no_address_is_refused(buyer: Actor, wrong: dict[str, Any], refusal: type[Exception]) -> None:
    with pytest.raises(refusal):
        keep_address(actor=buyer, given=replace(HOME, **wrong), now=NOW)

    assert saved_addresses(buyer) == []


def test_a_person_keeps_ten(buyer: Actor) -> None:
    for number in range(10):
        keep_address(actor=buyer, given=replace(HOME, street=f"Tổ {number}"), now=NOW)

    with pytest.raises(TooManyAddresses):
        keep_address(actor=buyer, given=replace(HOME, street="Tổ 11"), now=NOW)
    keep_address(actor=buyer, given=replace(HOME, street="Tổ 3"), now=LATER)
    assert len(streets(buyer)) == 10
    assert streets(buyer)[0] == "Tổ 3"


def test_an_address_is_corrected_and_taken_away(buyer: Actor) -> None:
    kept = keep_address(actor=buyer, given=HOME, now=NOW)

    changed = change_address(
        actor=buyer, address_id=kept.pk, given=replace(HOME, street="Tổ 6", commune_code=NENH), now=LATER
    )
    assert (changed.pk, streets(buyer)) == (kept.pk, ["Tổ 6"])
    assert saved_address(actor=buyer, address_id=kept.pk).commune_id == NENH

    forget_address(actor=buyer, address_id=kept.pk, now=LATER)
    assert saved_addresses(buyer) == []
    with pytest.raises(NotFound):
        forget_address(actor=buyer, address_id=kept.pk, now=LATER)
    assert len(journal("address.forgotten")) == 1


def test_nobody_touches_anothers_address(buyer: Actor, other: Actor) -> None:
    kept = keep_address(actor=buyer, given=HOME, now=NOW)

    for stranger in (other, ANONYMOUS):
        with pytest.raises(NotFound):
            saved_address(actor=stranger, address_id=kept.pk)
        with pytest.raises(NotFound):
            change_address(actor=stranger, address_id=kept.pk, given=HOME, now=NOW)
        with pytest.raises(NotFound):
            forget_address(actor=stranger, address_id=kept.pk, now=NOW)
        assert saved_addresses(stranger) == []
    with pytest.raises(NotAllowed):
        keep_address(actor=ANONYMOUS, given=HOME, now=NOW)
    assert streets(buyer) == ["Tổ 5"]


def test_all_addresses_are_one_statement(buyer: Actor) -> None:
    for number in range(10):
        keep_address(actor=buyer, given=replace(HOME, street=f"Tổ {number}"), now=NOW)

    with CaptureQueriesContext(connection) as queries:
        assert all(row.commune.label for row in saved_addresses(buyer))

    assert len(queries) == 1
