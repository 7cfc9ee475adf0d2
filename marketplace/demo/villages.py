"""Villages of the demo's commune, with its shops spread over them: figures by village are seen at once."""

from __future__ import annotations

from datetime import datetime

from marketplace.core.actors import SYSTEM
from marketplace.demo.catalogue import number_from
from marketplace.demo.persons import owners_shop
from marketplace.places.models import Village
from marketplace.places.villages import add_villages, villages_of
from vendors.models import Vendor
from vendors.villages import set_village

VILLAGES = ("Xóm Đồng Tâm", "Xóm Hòa Bình", "Xóm Tân Lập", "Xóm Đoàn Kết", "Tổ dân phố 1", "Tổ dân phố 2")
"""Invented, as are the places of the shops in them."""
LEFT_OPEN_ONE_IN = 5
"""One shop in so many has no village noted, as it is where a commune begins."""


def settle_in_villages(*, now: datetime) -> None:
    """Give the commune of the demo's staff a list of villages, and most of its shops a place in it; once."""
    commune = owners_shop().commune
    if Village.objects.filter(commune=commune).exists():
        return
    add_villages(actor=SYSTEM, commune=commune, names="\n".join(VILLAGES), kind=Village.Kind.XOM, now=now)
    villages = villages_of([commune.pk])
    for number, shop in enumerate(Vendor.objects.filter(commune=commune, village=None).order_by("pk")):
        if number % LEFT_OPEN_ONE_IN != LEFT_OPEN_ONE_IN - 1:
            village = villages[number_from(f"village {shop.slug}", len(villages))]
            set_village(actor=SYSTEM, vendor=shop, village=str(village.pk), now=now)
