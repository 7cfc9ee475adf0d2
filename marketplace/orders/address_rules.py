"""What an address must and may say in a country, so that `services.addresses.read_address` takes it.

Vietnam has two levels since July 2025: the province is Saleor's `countryArea`, the commune its `city`, and nothing
stands between or below them. The market delivers in Vietnam only; an address elsewhere (of who pays) is a name, a
street and a postal code.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from marketplace.core.errors import InvalidInput
from marketplace.orders.services.addresses import VIETNAM
from marketplace.places.models import Commune, Province
from marketplace.places.selectors import communes_of, find_province, list_provinces

FIELDS_EVERYWHERE = ("name", "company_name", "street_address_1", "street_address_2", "postal_code")
PLACES_IN_VIETNAM = ("city", "country_area")
FORMAT_IN_VIETNAM = "%N%n%O%n%A%n%C%n%S"
"""Google's signs: name, company, street, city, area. People here know no postal codes, so that none is asked."""
FORMAT_ELSEWHERE = "%N%n%O%n%A%n%Z"


@dataclass(frozen=True)
class AddressRules:
    """The fields of an address in a country, and the names that its places have."""

    country: str
    format: str
    allowed_fields: tuple[str, ...]
    required_fields: tuple[str, ...]
    provinces: Sequence[Province] = ()
    communes: Sequence[Commune] = ()


def address_rules(*, country: str, country_area: str | None = None) -> AddressRules:
    """The rules of a country (two capitals); with the communes of the province that `country_area` names.

    A text that names no province, or several, has no communes. At most three statements.
    """
    if country != VIETNAM:
        return AddressRules(country, FORMAT_ELSEWHERE, FIELDS_EVERYWHERE, ("street_address_1",))
    return AddressRules(
        country,
        FORMAT_IN_VIETNAM,
        (*FIELDS_EVERYWHERE, *PLACES_IN_VIETNAM),
        ("street_address_1", *PLACES_IN_VIETNAM),
        provinces=list_provinces(),
        communes=_communes_of(country_area or ""),
    )


def _communes_of(country_area: str) -> Sequence[Commune]:
    try:
        return communes_of(find_province(country_area).code)
    except InvalidInput:
        return ()
