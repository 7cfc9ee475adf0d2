"""Where goods go and whom a bill is made out to: read as people write it, kept once a checkout."""

from __future__ import annotations

import pytest

from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.phone import InvalidPhone
from marketplace.core.text import BadText
from marketplace.orders.models import Address
from marketplace.orders.services.checkouts import set_billing_address, set_shipping_address
from marketplace.places.selectors import UnknownPlace
from tests.orders.factories import NENH, NOW, THUC_PHAN, a_checkout, a_shop, a_variant, an_address

pytestmark = pytest.mark.django_db


def test_an_address_is_read_by_the_names_of_its_places() -> None:
    checkout = a_checkout((a_variant(a_shop()), 1))

    set_shipping_address(checkout_id=checkout.pk, address=an_address(city="thuc phan"), now=NOW)
    set_billing_address(checkout_id=checkout.pk, address=an_address(commune_code=NENH, city=""), now=NOW)

    checkout.refresh_from_db()
    shipping, billing = checkout.shipping_address, checkout.billing_address
    assert shipping is not None
    assert billing is not None
    assert (shipping.commune_id, shipping.phone, shipping.country) == (THUC_PHAN, "+84912345678", "VN")
    assert (shipping.last_name, shipping.street_address_1) == ("Nông Thị Mơ", "Tổ 5, đường Kim Đồng")
    assert billing.commune_id == NENH


def test_a_corrected_address_takes_the_place_of_the_first() -> None:
    checkout = a_checkout((a_variant(a_shop()), 1))

    for street in ("Số 1", "Số 2"):
        address = an_address(street_address_1=street)
        set_shipping_address(checkout_id=checkout.pk, address=address, now=NOW)
        set_billing_address(checkout_id=checkout.pk, address=address, now=NOW)

    assert [address.street_address_1 for address in Address.objects.all()] == ["Số 2", "Số 2"]


def test_an_address_abroad_has_no_commune() -> None:
    checkout = a_checkout((a_variant(a_shop()), 1))

    set_billing_address(
        checkout_id=checkout.pk, address=an_address(country="fr", city="Paris", country_area="", phone=""), now=NOW
    )

    assert Address.objects.values_list("country", "commune", "phone").get() == ("FR", None, "")


@pytest.mark.parametrize(
    ("changes", "error", "field"),
    [
        ({"street_address_1": " "}, BadText, "street_address_1"),
        ({"street_address_1": "a" * 201}, BadText, "street_address_1"),
        ({"first_name": "a\x00b"}, BadText, "first_name"),
        ({"country": "Việt Nam"}, InvalidInput, "country"),
        ({"country": "Đ1"}, InvalidInput, "country"),
        ({"phone": "12345"}, InvalidPhone, "phone"),
        ({"city": "Nam Kha"}, UnknownPlace, "city"),
        ({"country_area": "Tỉnh Hà Bắc"}, UnknownPlace, "country_area"),
        ({"city": ""}, InvalidInput, "city"),
        ({"commune_code": "99999"}, NotFound, None),
        ({"commune_code": "abc"}, NotFound, None),
    ],
)
def test_a_bad_address_is_refused_and_the_one_before_stays(
    changes: dict[str, str], error: type[InvalidInput], field: str | None
) -> None:
    checkout = a_checkout((a_variant(a_shop()), 1))
    set_shipping_address(checkout_id=checkout.pk, address=an_address(), now=NOW)

    with pytest.raises(error) as refusal:
        set_shipping_address(checkout_id=checkout.pk, address=an_address(**changes), now=NOW)

    assert refusal.value.field == field
    assert Address.objects.get().street_address_1 == "Tổ 5, đường Kim Đồng"
