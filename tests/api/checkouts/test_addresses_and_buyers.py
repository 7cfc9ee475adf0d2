"""Where a checkout goes, and whose it is."""

from __future__ import annotations

import pytest

from marketplace.core.models import JournalEvent
from marketplace.orders.models import Address, Order, SavedAddress
from marketplace.people.models import User
from tests.api.asking import ask
from tests.api.checkouts.steps import (
    ADD,
    CHOOSE,
    COMPLETE,
    HOME,
    NEEDS,
    OFFER,
    PAY,
    SHIP,
    bearer,
    created,
    forbidden,
    one,
    ready,
)
from tests.payments.factories import Shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]


OFF = """mutation($id: ID, $delivery: ID) { checkoutDeliveryMethodUpdate(id: $id, deliveryMethodId: $delivery)
  { checkout { deliveryMethod { __typename } delivery { id } shippingPrice { gross { amount } }
    stockReservationExpires problems { __typename } } errors { field code } } }"""
OFF_WITHOUT = OFF.replace(", $delivery: ID", "").replace(", deliveryMethodId: $delivery", "")


@pytest.mark.parametrize("query", [OFF, OFF_WITHOUT])
def test_a_chosen_delivery_is_taken_off_where_none_is_named(shop: Shop, query: str) -> None:
    key = ready(shop)
    assert ask(PAY, id=key)["transactionInitialize"]["errors"] == []

    first, again = (ask(query, id=key)["checkoutDeliveryMethodUpdate"] for _time in range(2))

    assert (
        first
        == again
        == {
            "checkout": {
                "deliveryMethod": None,
                "delivery": None,
                "shippingPrice": {"gross": {"amount": 0.0}},
                "stockReservationExpires": None,
                "problems": [],
            },
            "errors": [],
        }
    )
    assert ask(COMPLETE, id=key)["checkoutComplete"]["errors"][0]["code"] == "SHIPPING_METHOD_NOT_SET"
    assert not Order.objects.exists()


def test_an_address_may_come_in_parts_until_the_order_is_placed(shop: Shop) -> None:
    key, part = ready(shop), {"lastName": "Mơ", "country": "VN"}
    strict = ask(SHIP, id=key, address=part)["checkoutShippingAddressUpdate"]["errors"]
    half = ask(SHIP, id=key, address={**part, "countryArea": "Cao Bằng"}, rules={"checkRequiredFields": False})

    kept = ask(SHIP, id=key, address=part, rules={"checkRequiredFields": False})["checkoutShippingAddressUpdate"]

    assert [(one["field"], one["code"], one["addressType"]) for one in strict] == [
        ("streetAddress1", "REQUIRED", "SHIPPING")
    ]
    assert half["checkoutShippingAddressUpdate"]["errors"][0]["field"] == "city"
    assert kept == {"checkout": {"shippingAddress": {"city": "", "streetAddress1": ""}}, "errors": []}
    assert ask(COMPLETE, id=key)["checkoutComplete"]["errors"] == [
        {"field": "shippingMethod", "code": "SHIPPING_METHOD_NOT_SET"}
    ]
    assert ask(SHIP, id=key, address=HOME)["checkoutShippingAddressUpdate"]["errors"] == []
    way = ask(OFFER, id=key)["deliveryOptionsCalculate"]["deliveries"][-1]["id"]
    ask(CHOOSE, id=key, delivery=way)
    Address.objects.update(street_address_1="")
    assert ask(COMPLETE, id=key)["checkoutComplete"]["errors"] == [
        {"field": "shippingAddress", "code": "MISSING_ADDRESS_DATA"}
    ]
    assert not Order.objects.exists()


def test_a_buyer_who_signs_in_keeps_the_address_unless_they_say_no(shop: Shop, buyer: User) -> None:
    ask(COMPLETE, id=ready(shop, user=buyer, saveShippingAddress=False))
    assert not SavedAddress.objects.exists()

    for _time in range(2):
        assert ask(COMPLETE, id=ready(shop, user=buyer))["checkoutComplete"]["errors"] == []

    kept = SavedAddress.objects.get()
    assert (kept.user_id, kept.name, kept.phone, kept.street, kept.commune_id) == (
        buyer.pk,
        "Nông Thị Mơ",
        "+84912345678",
        "Xóm Bản Giốc",
        "01501",
    )
    assert JournalEvent.objects.filter(kind="address.kept").count() == 1


def test_an_order_keeps_name_and_postal_code_as_they_came_and_the_kept_address_answers_them(
    shop: Shop, buyer: User
) -> None:
    words = {"firstName": "Mơ", "lastName": "Nông Thị", "postalCode": "21000"}
    query = """{ me { addresses { firstName lastName postalCode }
      orders(first: 1) { edges { node { shippingAddress { firstName lastName postalCode } } } } } }"""
    for _time in range(2):
        key = ready(shop, user=buyer)
        assert ask(SHIP, id=key, address={**HOME, **words})["checkoutShippingAddressUpdate"]["errors"] == []
        way = ask(OFFER, id=key)["deliveryOptionsCalculate"]["deliveries"][-1]["id"]
        ask(CHOOSE, id=key, delivery=way)
        assert ask(COMPLETE, id=key)["checkoutComplete"]["errors"] == []

        me = ask(query, headers=bearer(buyer))["me"]
        assert me["addresses"] == [words]
        assert me["orders"]["edges"][0]["node"]["shippingAddress"] == words
    assert SavedAddress.objects.get().name == "Nông Thị Mơ"


def test_a_full_address_book_is_no_reason_to_refuse_an_order(
    shop: Shop, buyer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.orders.services.saved_addresses.ADDRESSES_A_PERSON_MAX", 0)

    assert ask(COMPLETE, id=ready(shop, user=buyer))["checkoutComplete"]["errors"] == []
    assert not SavedAddress.objects.exists()


def test_a_signed_in_buyers_checkout_is_open_to_whoever_knows_its_id_but_for_the_person(
    shop: Shop, buyer: User
) -> None:
    key = created(shop, user=buyer)["id"]

    added = ask(ADD, id=key, lines=[one(shop)])["checkoutLinesAdd"]

    assert added["checkout"]["quantity"] == 2
    assert forbidden("query($id: ID) { checkout(id: $id) { user { id } } }", id=key) == (
        f"{NEEDS}MANAGE_USERS, HANDLE_PAYMENTS, OWNER"
    )
