"""Brings the tables of places in line with the files shipped in `data/` (see the README there)."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from django.db import models, transaction

from marketplace.core.text import fold, name_sort_key
from marketplace.places.models import Commune, FormerUnit, Province
from marketplace.places.names import split_name

DATA = Path(__file__).parent / "data"
ROWS_A_STATEMENT_MAX = 1000

Line = dict[str, str]
"""One line of a file, by its column names."""
Row = tuple[object, ...]
"""One row of a table, in the order of its columns below."""

PROVINCE_COLUMNS = ("code", "name", "type", "folded", "sort_key")
COMMUNE_COLUMNS = ("code", "name", "type", "province_id", "folded", "sort_key", "lat", "lon")
FORMER_UNIT_KEY = ("old_ward_code", "old_ward", "old_district", "old_province", "commune_id")
FORMER_UNIT_COLUMNS = (*FORMER_UNIT_KEY, "is_default", "is_divided", "folded")


@dataclass(frozen=True)
class LoadedPlaces:
    """How many rows the files hold, and how many of them were new or differed from the tables."""

    provinces: int
    communes: int
    former_units: int
    changed_rows: int


def load_places() -> LoadedPlaces:
    """Insert what is missing and update what differs, in one transaction. Deletes nothing, may run at any time.

    Runs after every migrate and in front of the tests; when nothing differs it only reads.
    """
    units = list(_lines("admin_units_2025.csv"))
    provinces = list(_provinces(units))
    communes = [_commune(line) for line in units]
    former_units = [_former_unit(line) for line in _lines("admin_old_to_new.csv")]
    with transaction.atomic():
        changed = _bring_in_line(Province, provinces, columns=PROVINCE_COLUMNS, key=("code",))
        changed += _bring_in_line(Commune, communes, columns=COMMUNE_COLUMNS, key=("code",))
        changed += _bring_in_line(FormerUnit, former_units, columns=FORMER_UNIT_COLUMNS, key=FORMER_UNIT_KEY)
    return LoadedPlaces(len(provinces), len(communes), len(former_units), changed)


def _lines(file_name: str) -> Iterator[Line]:
    with (DATA / file_name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _provinces(units: Iterable[Line]) -> Iterator[Row]:
    for code, name in sorted({(line["province_code"], line["province"]) for line in units}):
        unit_type, short_name = split_name(name)
        yield code, name, unit_type, fold(name), name_sort_key(short_name)


def _commune(line: Line) -> Row:
    name = line["ward"]
    unit_type, short_name = split_name(name)
    shadows = (fold(name), name_sort_key(short_name))
    return (
        line["ward_code"],
        name,
        unit_type,
        line["province_code"],
        *shadows,
        _degrees(line["lat"]),
        _degrees(line["lon"]),
    )


def _former_unit(line: Line) -> Row:
    return (
        line["old_ward_code"],
        line["old_ward"],
        line["old_district"],
        line["old_province"],
        line["new_ward_code"],
        line["is_default"] == "1",
        line["is_divided"] == "1",
        _fold_once(line["old_ward"] or line["old_district"]),
    )


@lru_cache(maxsize=16_384)
def _fold_once(name: str) -> str:
    """Old ward names repeat, and folding them is much of the work of a start at which nothing changed."""
    return fold(name)


def _degrees(text: str) -> Decimal | None:
    return Decimal(text) if text else None


def _bring_in_line(
    model: type[models.Model], wanted: Iterable[Row], *, columns: tuple[str, ...], key: tuple[str, ...]
) -> int:
    """Insert or update those of `wanted` that the table lacks or holds otherwise. Returns how many."""
    known = set(model._default_manager.order_by().values_list(*columns))
    changed = [row for row in wanted if row not in known]
    model._default_manager.bulk_create(
        (model(**dict(zip(columns, row, strict=True))) for row in changed),
        batch_size=ROWS_A_STATEMENT_MAX,
        update_conflicts=True,
        unique_fields=key,
        update_fields=[column for column in columns if column not in key],
    )
    return len(changed)
