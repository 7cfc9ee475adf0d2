"""Who buys at a Saleor, and where the goods go, as far as it fits our rows; a buyer is never refused over it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from marketplace.core.errors import MarketError
from marketplace.core.phone import InvalidPhone, parse_phone
from marketplace.core.text import clean_line
from marketplace.orders.models import Address
from marketplace.orders.services.addresses import AddressInput, read_address
from marketplace.orders.services.agreed import AgreedContact
from marketplace.saleor.sources import SourceSale

EMAIL_CHARACTERS_MAX: Final = 254
NOTE_CHARACTERS_MAX: Final = 500
DELIVERY_NAME_CHARACTERS_MAX: Final = 160
NAME_CHARACTERS_MAX: Final = 120
STREET_CHARACTERS_MAX: Final = 200


def keep_contact(sale: SourceSale) -> AgreedContact:
    """The contact of one order of ours, its addresses written as rows of its own. Inside the caller's transaction."""
    told = sale.told
    shipping, billing = told.get("shippingAddress"), told.get("billingAddress")
    email = str(told.get("email") or told.get("userEmail") or "")
    return AgreedContact(
        email=email if len(email) <= EMAIL_CHARACTERS_MAX else "",
        phone=_phone(shipping) or _phone(billing),
        shipping_address=_kept(shipping),
        billing_address=_kept(billing),
        delivery_name=line_of(_delivery_name(told), DELIVERY_NAME_CHARACTERS_MAX),
        note=line_of(told.get("customerNote"), NOTE_CHARACTERS_MAX),
        language_code=sale.language,
    )


def line_of(told: object, characters_max: int) -> str:
    """A text of a Saleor as one line of ours: cut where it is too long, "" where it holds what no text has."""
    try:
        return clean_line(str(told or "")[:characters_max], characters_max=characters_max)
    except MarketError:
        return ""


def _delivery_name(told: Mapping[str, Any]) -> object:
    method = told.get("deliveryMethod") or {}
    return method.get("name") or told.get("shippingMethodName") or told.get("collectionPointName")


def _phone(told: Mapping[str, Any] | None) -> str:
    try:
        return parse_phone(str((told or {}).get("phone") or ""))
    except InvalidPhone:
        return ""


def _kept(told: Mapping[str, Any] | None) -> Address | None:
    if not told:
        return None
    address = _read(told)
    address.save(force_insert=True)
    return address


def _read(told: Mapping[str, Any]) -> Address:
    """The address with its commune; where Saleor's words name none of ours, they stand in the second line."""
    country = str((told.get("country") or {}).get("code") or "VN")
    city, area = (
        line_of(told.get("city"), STREET_CHARACTERS_MAX),
        line_of(told.get("countryArea"), STREET_CHARACTERS_MAX),
    )
    given = AddressInput(
        first_name=line_of(told.get("firstName"), NAME_CHARACTERS_MAX),
        last_name=line_of(told.get("lastName"), NAME_CHARACTERS_MAX),
        company_name=line_of(told.get("companyName"), DELIVERY_NAME_CHARACTERS_MAX),
        street_address_1=line_of(told.get("streetAddress1"), STREET_CHARACTERS_MAX),
        street_address_2=line_of(told.get("streetAddress2"), STREET_CHARACTERS_MAX),
        city=city,
        country_area=area,
        postal_code=line_of(told.get("postalCode"), 20),
        country=country,
        phone=_phone(told),
    )
    try:
        return read_address(given, partial=True)
    except MarketError:
        words = ", ".join(filter(None, (given.street_address_2, city, area)))
        bare = replace(given, city="", country_area="", street_address_2=words[:STREET_CHARACTERS_MAX])
        return read_address(bare, partial=True)
