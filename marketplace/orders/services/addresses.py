"""Addresses as people and programs give them, read into what is kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput
from marketplace.core.text import clean_line
from marketplace.orders.checks import phone_number
from marketplace.orders.models import Address
from marketplace.places.models import Commune
from marketplace.places.selectors import get_commune, resolve_address_place

VIETNAM: Final = "VN"
COUNTRY_CHARACTERS: Final = 2


@dataclass(frozen=True)
class AddressInput:
    """An address with Saleor's fields. `country_area` is the province, `city` the commune.

    `commune_code`, where given, says the commune by itself.
    """

    first_name: str = ""
    last_name: str = ""
    company_name: str = ""
    street_address_1: str = ""
    street_address_2: str = ""
    city: str = ""
    country_area: str = ""
    postal_code: str = ""
    country: str = VIETNAM
    phone: str = ""
    commune_code: str = ""


def read_address(given: AddressInput, *, onto: Address | None = None) -> Address:
    """The address, checked, on the row `onto` or a new one; not saved.

    Raises `BadText`, `InvalidPhone`, `InvalidInput` for a country, and what `places.selectors` raises for places;
    REQUIRED where the street or the commune is missing.
    """
    address = onto or Address()
    address.country = _country(given.country)
    address.street_address_1 = clean_line(
        given.street_address_1, characters_max=200, field="street_address_1", required=True
    )
    address.street_address_2 = clean_line(given.street_address_2, characters_max=200, field="street_address_2")
    address.first_name = clean_line(given.first_name, characters_max=120, field="first_name")
    address.last_name = clean_line(given.last_name, characters_max=120, field="last_name")
    address.company_name = clean_line(given.company_name, characters_max=160, field="company_name")
    address.postal_code = clean_line(given.postal_code, characters_max=20, field="postal_code")
    address.phone = phone_number(given.phone, field="phone") if given.phone.strip() else ""
    address.commune = _commune(given) if address.country == VIETNAM else None
    return address


def _country(text: str) -> str:
    code = text.strip().upper()
    if len(code) != COUNTRY_CHARACTERS or not (code.isascii() and code.isalpha()):
        raise InvalidInput(_("Mã nước gồm hai chữ cái, ví dụ VN."), field="country")
    return code


def _commune(given: AddressInput) -> Commune:
    if given.commune_code:
        return get_commune(given.commune_code)
    return resolve_address_place(given.country_area, given.city)
