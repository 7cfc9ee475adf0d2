"""The rules of addresses, and that checkouts take every name that they answer."""

from __future__ import annotations

from typing import Any

import pytest

from marketplace.orders.address_rules import address_rules
from marketplace.orders.services.addresses import AddressInput, read_address
from tests.api.asking import ask
from tests.api.ids import gid
from tests.orders.factories import a_checkout, a_shop, a_variant

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

RULES = """query($country: CountryCode!, $area: String) { addressValidationRules(countryCode: $country,
  countryArea: $area) {
  countryCode countryName addressFormat addressLatinFormat allowedFields requiredFields upperFields countryAreaType
  countryAreaChoices { raw verbose } cityType cityChoices { raw verbose } cityAreaType cityAreaChoices { raw }
  postalCodeType postalCodeMatchers postalCodeExamples postalCodePrefix } }"""
UPDATE = """mutation($id: ID!, $address: AddressInput!) {
  checkoutShippingAddressUpdate(id: $id, shippingAddress: $address) {
    checkout { shippingAddress { countryArea city } } errors { field message code } } }"""


def rules(country: str = "VN", area: str | None = None) -> dict[str, Any]:
    found: dict[str, Any] = ask(RULES, country=country, area=area)["addressValidationRules"]
    return found


def raw(choices: list[dict[str, str]]) -> list[str]:
    assert all(one["raw"] == one["verbose"] for one in choices)
    return [one["raw"] for one in choices]


def test_an_address_in_vietnam_has_a_province_and_a_commune_and_nothing_between() -> None:
    found = rules()

    provinces = raw(found.pop("countryAreaChoices"))
    assert (len(provinces), provinces[:3], provinces[-1]) == (
        34,
        ["Tỉnh An Giang", "Tỉnh Bắc Ninh", "Tỉnh Cà Mau"],
        "Tỉnh Vĩnh Long",
    )
    assert found == {
        "countryCode": "VN",
        "countryName": "Việt Nam",
        "addressFormat": "%N%n%O%n%A%n%C%n%S",
        "addressLatinFormat": "%N%n%O%n%A%n%C%n%S",
        "allowedFields": [
            "name", "companyName", "streetAddress1", "streetAddress2", "postalCode", "city", "countryArea",
        ],
        "requiredFields": ["streetAddress1", "city", "countryArea"],
        "upperFields": [],
        "countryAreaType": "province",
        "cityType": "city",
        "cityChoices": [],
        "cityAreaType": "suburb",
        "cityAreaChoices": [],
        "postalCodeType": "postal",
        "postalCodeMatchers": [],
        "postalCodeExamples": [],
        "postalCodePrefix": "",
    }  # fmt: skip


@pytest.mark.parametrize("area", ["Tỉnh Cao Bằng", "Cao Bằng", "cao bang", "04"])
def test_the_communes_of_a_province_come_by_its_name_or_code(area: str) -> None:
    communes = raw(rules(area=area)["cityChoices"])

    assert (len(communes), communes[:2], communes[-1]) == (56, ["Xã Bạch Đằng", "Xã Bảo Lạc"], "Xã Yên Thổ")


@pytest.mark.parametrize("area", ["", " ", "Tỉnh Hà Bắc", "99", "x" * 5000, "\u200b", "Hà"])
def test_a_text_that_names_no_province_has_no_communes(area: str) -> None:
    assert rules(area=area)["cityChoices"] == []


def test_an_address_elsewhere_is_a_name_a_street_and_a_postal_code() -> None:
    found = rules("FR", "Bretagne")

    assert (found["countryCode"], found["addressFormat"]) == ("FR", "%N%n%O%n%A%n%Z")
    assert found["requiredFields"] == ["streetAddress1"]
    assert (found["countryAreaChoices"], found["cityChoices"]) == ([], [])


def test_orders_take_every_province_and_commune_as_it_is_answered() -> None:
    taken = []

    for area in raw(rules()["countryAreaChoices"]):
        communes = [commune.name for commune in address_rules(country="VN", country_area=area).communes]
        for city in (communes[0], communes[len(communes) // 2], communes[-1]):
            wanted = AddressInput(street_address_1="Thôn 1", country_area=area, city=city)
            commune = read_address(wanted).commune
            assert commune is not None
            taken.append((commune.province.name, commune.name) == (area, city))

    assert taken == [True] * 3 * 34


def test_a_checkout_takes_names_as_they_are_answered() -> None:
    checkout = gid("Checkout", a_checkout((a_variant(a_shop()), 1)).pk)

    for area in raw(rules()["countryAreaChoices"])[::11]:
        city = raw(rules(area=area)["cityChoices"])[-1]
        address = {"country": "VN", "countryArea": area, "city": city, "streetAddress1": "Thôn 1"}
        updated = ask(UPDATE, id=checkout, address=address)["checkoutShippingAddressUpdate"]
        assert updated["errors"] == []
        assert updated["checkout"]["shippingAddress"] == {"countryArea": area, "city": city}


def test_what_is_required_is_required_by_a_checkout_too() -> None:
    checkout = gid("Checkout", a_checkout((a_variant(a_shop()), 1)).pk)
    whole = {"country": "VN", "countryArea": "Tỉnh Cao Bằng", "city": "Xã Đàm Thủy", "streetAddress1": "Thôn 1"}
    required = rules()["requiredFields"]

    for missing in required:
        address = {field: value for field, value in whole.items() if field != missing}
        errors = ask(UPDATE, id=checkout, address=address)["checkoutShippingAddressUpdate"]["errors"]
        assert [(error["field"], error["code"]) for error in errors] == [(missing, "REQUIRED")]
    elsewhere = {"country": "FR", "streetAddress1": "1 rue de Brest"}
    answer = ask(UPDATE, id=checkout, address=elsewhere)["checkoutShippingAddressUpdate"]
    assert answer["errors"] == []
