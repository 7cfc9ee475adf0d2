"""Where the demo market's makers live: the place a source names, found in today's map, else one picked for them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from marketplace.core.text import fold
from marketplace.demo.catalogue import DemoProduct, number_from
from marketplace.places.models import Commune, FormerUnit

WARD_WORDS = re.compile(r"^(xa|phuong|thi tran) ")
DISTRICT_WORDS = re.compile(r"^(huyen|quan|tp|thanh pho|thi xa) ")


class DemoPlaces:
    """Finds communes of today for places as sources write them: "xã Hoàng Tung, huyện Hòa An"."""

    def __init__(self) -> None:
        self._units: dict[str, list[FormerUnit]] = {}

    def commune_of(self, product: DemoProduct) -> Commune:
        """The commune that the source's place lies in today; one of its district or province when it says no more."""
        units = self._units_of(product.province_old)
        parts = [fold(part) for part in (product.locality or "").split(",")]
        wards = [part for part in parts if WARD_WORDS.match(part)]
        districts = [DISTRICT_WORDS.sub("", part) for part in parts if part and part not in wards]
        near = [unit for unit in units if _same(unit.old_district, districts)] or units
        exact = [unit for unit in near if fold(unit.old_ward) in wards]
        return _pick(exact or near, key=product.maker).commune

    def _units_of(self, province: str) -> list[FormerUnit]:
        if province not in self._units:
            units = FormerUnit.objects.filter(old_province__endswith=province, is_default=True)
            self._units[province] = list(units.select_related("commune__province").order_by("pk"))
        return self._units[province]


def _same(district: str, wanted: Sequence[str]) -> bool:
    return DISTRICT_WORDS.sub("", fold(district)) in wanted


def _pick(units: Sequence[FormerUnit], *, key: str) -> FormerUnit:
    return units[number_from(f"place {key}", len(units))]
