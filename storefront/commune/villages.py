"""A commune's villages as its staff see them: how many shops are in each, and how many of those sold this month."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from marketplace.core.actors import Actor
from marketplace.places.models import Commune, Village
from marketplace.places.villages import get_village
from marketplace.reporting.selectors import VillagePart, village_parts
from vendors.access import require_commune_staff

VILLAGES_A_PAGE = 50
NONE_NOTED = "none"
"""In an address: the shops of which no village is noted."""
SORTS: dict[str, Callable[[VillagePart], int]] = {
    "name": lambda _row: 0,
    "shops": lambda row: -row.registered,
    "active": lambda row: -row.shops,
}


@dataclass(frozen=True)
class VillageList:
    """A page of a commune's villages; how many there are, and how many shops are in none."""

    rows: list[VillagePart]
    count: int
    pages: int
    without: int


def village_list(*, actor: Actor, commune: Commune, month: date, sort: str, page: int) -> VillageList:
    """The villages in use in the order of a column of `SORTS`; three statements. Raises `NotFound` for strangers."""
    require_commune_staff(actor, commune.pk)
    parts = village_parts(actor=actor, commune=commune, month=month)
    villages = sorted((part for part in parts if part.key), key=SORTS[sort])
    start = (page - 1) * VILLAGES_A_PAGE
    return VillageList(
        rows=villages[start : start + VILLAGES_A_PAGE],
        count=len(villages),
        pages=max(1, -(-len(villages) // VILLAGES_A_PAGE)),
        without=sum(part.registered for part in parts if not part.key),
    )


def village_asked(text: str, *, actor: Actor, commune: Commune) -> Village | None:
    """The village of the commune that `?village=` names; None for any other text. One statement at most."""
    number = int(text) if text.isascii() and text.isdigit() and len(text) < len(str(2**63)) else 0
    if not number:
        return None
    village = get_village(actor=actor, village_id=number)
    return village if village.commune_id == commune.pk else None
