"""The files of QR stands that staff may print for a market."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from marketplace.core.actors import Actor
from marketplace.places.models import Commune
from payments.services.printing import STANDS_A_FILE_MAX, sites_with_stands


@dataclass(frozen=True)
class StandFile:
    """One file of stands: of which market, from which stand to which, and where it is."""

    site_name: str
    first: int
    last: int
    url: str


def stand_files(*, actor: Actor, commune: Commune) -> list[StandFile]:
    """What may be printed for the commune's markets; two statements. Raises `NotFound` for staff of elsewhere."""
    return [
        StandFile(
            site.name,
            first,
            min(first + STANDS_A_FILE_MAX - 1, count),
            f"{reverse('commune_stands')}?{urlencode({'site': site.slug, 'page': str(number)})}",
        )
        for site, count in sites_with_stands(actor=actor, commune=commune)
        for number, first in enumerate(range(1, count + 1, STANDS_A_FILE_MAX), start=1)
    ]
