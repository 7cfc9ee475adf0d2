"""The files of QR stands that staff may print for the shops of their commune."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse
from django.utils.http import urlencode

from marketplace.core.actors import Actor
from marketplace.places.models import Commune
from payments.services.printing import STANDS_A_FILE_MAX, stands_by_site


@dataclass(frozen=True)
class StandFile:
    """One file of stands: from which stand to which of how many, at which market, and where it is."""

    site_name: str
    """Empty for all shops of the commune."""
    first: int
    last: int
    count: int
    url: str

    @property
    def is_all(self) -> bool:
        """Whether one file holds them all."""
        return self.last - self.first + 1 == self.count


def stand_files(*, actor: Actor, commune: Commune) -> list[StandFile]:
    """What may be printed for the commune's shops; two statements. Raises `NotFound` for staff of elsewhere."""
    files = []
    for site, count in stands_by_site(actor=actor, commune=commune):
        asked = {"commune": commune.pk} | ({"site": site.slug} if site else {})
        for number, first in enumerate(range(1, count + 1, STANDS_A_FILE_MAX), start=1):
            url = f"{reverse('commune_stands')}?{urlencode(asked | {'page': str(number)})}"
            last = min(first + STANDS_A_FILE_MAX - 1, count)
            files.append(StandFile(site.name if site else "", first, last, count, url))
    return files
