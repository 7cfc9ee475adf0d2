"""The shipped tables of provinces, communes and former units get into the database, once and unharmed."""

from __future__ import annotations

import csv
import unicodedata
from decimal import Decimal

import pytest
from django.db.models import Count
from django.test.utils import CaptureQueriesContext

from marketplace.core.text import fold, name_sort_key
from marketplace.places.loading import DATA, LoadedPlaces, load_places
from marketplace.places.models import Commune, FormerUnit, Province
from marketplace.places.names import UNIT_TYPES, split_name
from tests.places.conftest import QueryCounter

pytestmark = pytest.mark.django_db


def test_the_whole_country_is_there() -> None:
    assert Province.objects.count() == 34
    assert Commune.objects.count() == 3_321
    assert FormerUnit.objects.count() == 10_602
    by_type = dict(Commune.objects.order_by().values_list("type").annotate(Count("code")))
    assert by_type == {"Xã": 2_621, "Phường": 687, "Đặc khu": 13}
    assert Province.objects.filter(type="Thành phố").count() == 6


@pytest.mark.parametrize(("province_code", "communes"), [("04", 56), ("24", 99), ("44", 78), ("48", 94), ("92", 103)])
def test_each_province_has_its_communes(province_code: str, communes: int) -> None:
    assert Commune.objects.filter(province_id=province_code).count() == communes


@pytest.mark.parametrize(
    ("code", "name", "unit_type"),
    [
        ("10543", "Phường Việt Hòa", "Phường"),
        ("11848", "Xã Vĩnh Hòa", "Xã"),
        ("31213", "Phường Tân Lộc", "Phường"),
        ("31299", "Xã Phong Điền", "Xã"),
    ],
)
def test_a_type_is_read_from_the_name_where_the_source_contradicts_itself(
    code: str, name: str, unit_type: str
) -> None:
    commune = Commune.objects.get(code=code)

    assert (commune.name, commune.type) == (name, unit_type)


def test_a_commune_is_kept_with_its_place_its_fold_and_its_key() -> None:
    commune = Commune.objects.select_related("province").get(code="01699")

    assert commune.name == "Xã Nguyễn Huệ"
    assert commune.short_name == "Nguyễn Huệ"
    assert commune.label == "Xã Nguyễn Huệ, Cao Bằng"
    assert commune.folded == "xa nguyen hue"
    assert commune.sort_key == name_sort_key("Nguyễn Huệ")
    assert isinstance(commune.lat, Decimal)
    assert Province.objects.get(code="01").short_name == "Hà Nội"


def test_the_shadows_are_those_of_the_one_fold() -> None:
    for name, folded in Commune.objects.values_list("name", "folded"):
        assert folded == fold(name)


def test_an_island_district_without_wards_is_found_by_its_own_name() -> None:
    islands = FormerUnit.objects.filter(old_ward_code="").order_by("commune_id")

    assert [(unit.name, unit.commune_id) for unit in islands] == [
        ("Huyện Bạch Long Vĩ", "11948"),
        ("Huyện Cồn Cỏ", "19742"),
        ("Huyện Hoàng Sa", "20333"),
        ("Huyện Lý Sơn", "21548"),
        ("Huyện Côn Đảo", "26732"),
    ]
    assert str(islands[3]) == "Huyện Lý Sơn, Tỉnh Quảng Ngãi"


def test_every_old_unit_has_exactly_one_default() -> None:
    unit = ("old_ward_code", "old_ward", "old_district", "old_province")
    units = FormerUnit.objects.order_by().values(*unit).distinct().count()
    defaults = FormerUnit.objects.filter(is_default=True).order_by().values(*unit).distinct().count()

    assert units == defaults == FormerUnit.objects.filter(is_default=True).count() == 10_040


def test_loading_again_changes_nothing_and_writes_nothing(count_queries: QueryCounter) -> None:
    with count_queries() as queries:
        loaded = load_places()

    assert loaded == LoadedPlaces(provinces=34, communes=3_321, former_units=10_602, changed_rows=0)
    assert _writes(queries) == []


def test_loading_repairs_rows_that_differ_and_deletes_none() -> None:
    Commune.objects.filter(code="01699").update(name="Xã Sai", folded="xa sai", lat=None)
    FormerUnit.objects.filter(old_ward_code="31150").update(is_divided=True)
    former_ids = set(FormerUnit.objects.values_list("pk", flat=True))
    Province.objects.create(code="99", name="Tỉnh Mới", type="Tỉnh", folded="tinh moi", sort_key="1")

    loaded = load_places()

    assert loaded.changed_rows == 2
    commune = Commune.objects.get(code="01699")
    assert (commune.name, commune.folded) == ("Xã Nguyễn Huệ", "xa nguyen hue")
    assert commune.lat is not None
    assert not FormerUnit.objects.get(old_ward_code="31150").is_divided
    assert set(FormerUnit.objects.values_list("pk", flat=True)) == former_ids
    assert Province.objects.filter(code="99").exists()


def test_loading_brings_back_a_row_that_is_missing() -> None:
    FormerUnit.objects.filter(old_ward_code="31150").delete()

    assert load_places().changed_rows == 1
    assert FormerUnit.objects.get(old_ward_code="31150").commune_id == "31150"


@pytest.mark.parametrize("file_name", ["admin_units_2025.csv", "admin_old_to_new.csv"])
def test_the_shipped_text_is_composed_and_tidy(file_name: str) -> None:
    with (DATA / file_name).open(encoding="utf-8", newline="") as file:
        values = {value for line in csv.DictReader(file) for value in line.values()}

    assert [value for value in values if not unicodedata.is_normalized("NFC", value)] == []
    assert [value for value in values if value != " ".join(value.split())] == []


def test_every_unit_begins_with_a_type_that_is_known() -> None:
    names = set(Commune.objects.values_list("name", flat=True)) | set(Province.objects.values_list("name", flat=True))
    for columns in FormerUnit.objects.values_list("old_ward", "old_district", "old_province"):
        names.update(filter(None, columns))

    assert {split_name(name)[0] for name in names} == set(UNIT_TYPES)


def _writes(queries: CaptureQueriesContext) -> list[str]:
    statements = [query["sql"] for query in queries.captured_queries]
    return [sql for sql in statements if sql.split()[0] in {"INSERT", "UPDATE", "DELETE"}]
