"""Addresses as people and programs give them, read into what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, TypeAlias

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import InvalidInput, MarketError, NotAllowed
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


FoundPlaces: TypeAlias = dict[tuple[str, str, str], Commune]
"""The communes of addresses that were read for one request, by what says them there: code, province, commune."""


class AddressRefused(MarketError):
    """An address as another refusal says, and `which` of two it is."""

    def __init__(self, refusal: MarketError, which: str) -> None:
        super().__init__(refusal.message, field=refusal.field, code=refusal.code, subjects=refusal.subjects)
        self.which = which


@contextmanager
def about_address(which: str) -> Iterator[None]:
    """Name whose address it is where one is refused: the `shipping` or the `billing` one. Raises `AddressRefused`."""
    try:
        yield
    except MarketError as refusal:
        if isinstance(refusal, NotAllowed) or refusal.field == "checkout_id":
            raise
        raise AddressRefused(refusal, which) from refusal


def read_address(
    given: AddressInput, *, onto: Address | None = None, partial: bool = False, found: FoundPlaces | None = None
) -> Address:
    """The address, checked, on the row `onto` or a new one; not saved. `found` spares looking up a place again.

    A `partial` one may be without street, and without place (a province alone is none); what is said must be right.
    Raises `BadText`, `InvalidPhone`, `InvalidInput` for a country, and what `places.selectors` raises for places;
    REQUIRED where the street or the commune is missing.
    """
    address = onto or Address()
    address.country = _country(given.country)
    address.street_address_1 = clean_line(
        given.street_address_1, characters_max=200, field="street_address_1", required=not partial
    )
    address.street_address_2 = clean_line(given.street_address_2, characters_max=200, field="street_address_2")
    address.first_name = clean_line(given.first_name, characters_max=120, field="first_name")
    address.last_name = clean_line(given.last_name, characters_max=120, field="last_name")
    address.company_name = clean_line(given.company_name, characters_max=160, field="company_name")
    address.postal_code = clean_line(given.postal_code, characters_max=20, field="postal_code")
    address.phone = phone_number(given.phone, field="phone") if given.phone.strip() else ""
    is_blank = partial and not (given.commune_code or given.country_area.strip() or given.city.strip())
    is_placed = address.country == VIETNAM and not is_blank
    address.commune = _commune(given, {} if found is None else found) if is_placed else None
    return address


def _country(text: str) -> str:
    code = text.strip().upper()
    if len(code) != COUNTRY_CHARACTERS or not (code.isascii() and code.isalpha()):
        raise InvalidInput(_("Mã nước gồm hai chữ cái, ví dụ VN."), field="country")
    return code


def _commune(given: AddressInput, found: FoundPlaces) -> Commune:
    key = (given.commune_code, given.country_area, given.city)
    if key not in found:
        by_code = get_commune(given.commune_code) if given.commune_code else None
        found[key] = by_code or resolve_address_place(given.country_area, given.city)
    return found[key]
