"""Places are found by name, code, fold and old name; what may mean two places is asked back, never guessed."""

from __future__ import annotations

from itertools import pairwise

import pytest

from marketplace.core.errors import NotFound
from marketplace.core.text import BadText, name_sort_key
from marketplace.places.models import Commune, Province
from marketplace.places.selectors import (
    FORMER_UNITS_FOUND_MAX,
    PLACE_TEXT_CHARACTERS_MAX,
    PLACES_FOUND_MAX,
    AmbiguousPlace,
    UnknownPlace,
    communes_of,
    find_commune,
    find_former,
    find_province,
    get_commune,
    get_province,
    list_provinces,
    resolve_address_place,
    search_places,
)
from tests.places.conftest import QueryCounter

pytestmark = pytest.mark.django_db

NO_CODES = ["", "4", "004", "0a", "99999", "\x00\x00", "٠٤", "04\n", "' OR 1=1", "9" * 1_000]


def test_provinces_stand_in_vietnamese_order_by_their_short_names() -> None:
    names = [province.short_name for province in list_provinces()]

    assert len(names) == 34
    assert names[:8] == ["An Giang", "Bắc Ninh", "Cà Mau", "Cao Bằng", "Cần Thơ", "Đà Nẵng", "Đắk Lắk", "Điện Biên"]
    assert all(name_sort_key(one) < name_sort_key(next_one) for one, next_one in pairwise(names))


def test_communes_of_a_province_stand_in_vietnamese_order() -> None:
    communes = communes_of("04")

    assert len(communes) == 56
    assert communes[0].name == "Xã Bạch Đằng"
    assert all(name_sort_key(one.short_name) <= name_sort_key(other.short_name) for one, other in pairwise(communes))


@pytest.mark.parametrize("code", [*NO_CODES, "05"], ids=lambda code: ascii(code)[:12])
def test_an_unknown_province_has_no_communes(code: str) -> None:
    assert communes_of(code) == []


def test_a_province_and_a_commune_are_got_by_their_codes() -> None:
    assert get_province("04").name == "Tỉnh Cao Bằng"
    assert get_commune("07795").label == "Phường Nếnh, Bắc Ninh"


@pytest.mark.parametrize("code", NO_CODES, ids=lambda code: ascii(code)[:12])
def test_a_wrong_code_is_not_found(code: str) -> None:
    with pytest.raises(NotFound):
        get_province(code)
    with pytest.raises(NotFound):
        get_commune(code)


@pytest.mark.parametrize(
    "typed",
    ["Tỉnh Cao Bằng", "Cao Bằng", "cao bằng", "CAO BANG", "tinh cao bang", "T. Cao Bằng", "  Cao   Bằng ", "04"],
)
def test_a_province_is_found_however_it_is_written(typed: str) -> None:
    assert find_province(typed).code == "04"


@pytest.mark.parametrize("typed", ["Thành phố Hồ Chí Minh", "TP. Hồ Chí Minh", "tp ho chi minh", "ho chi minh", "79"])
def test_a_city_is_found_however_it_is_written(typed: str) -> None:
    assert find_province(typed).code == "79"


@pytest.mark.parametrize("typed", ["Bắc Giang", "Thành phố Cao Bằng", "Cao", "99", "★"])
def test_a_province_that_is_none_any_more_is_refused(typed: str) -> None:
    with pytest.raises(UnknownPlace) as refusal:
        find_province(typed, field="country_area")
    assert (refusal.value.code, refusal.value.field) == ("INVALID", "country_area")
    assert typed in str(refusal.value)


@pytest.mark.parametrize("typed", ["", "  ", "Cao\x00Bằng", "a" * (PLACE_TEXT_CHARACTERS_MAX + 1)], ids=ascii)
def test_text_that_is_no_name_at_all_is_refused(typed: str, cao_bang: Province) -> None:
    with pytest.raises(BadText):
        find_province(typed)
    with pytest.raises(BadText):
        find_commune(typed, province=cao_bang)
    with pytest.raises(BadText):
        find_former(typed)


@pytest.mark.parametrize(
    "typed", ["Xã Nguyễn Huệ", "Nguyễn Huệ", "xa nguyen hue", "X. Nguyen Hue", "NGUYEN HUE", "01699"]
)
def test_a_commune_is_found_in_its_province_however_it_is_written(typed: str, cao_bang: Province) -> None:
    assert find_commune(typed, province=cao_bang).code == "01699"


def test_a_commune_is_not_found_in_another_province(cao_bang: Province) -> None:
    for typed in ("Phường Nếnh", "07795", "Phường Nguyễn Huệ"):
        with pytest.raises(UnknownPlace):
            find_commune(typed, province=cao_bang)


AMBIGUOUS_WITH_TYPE = [
    ("xa van lang", "Xã Văn Lang", "Xã Văn Lăng"),
    ("xa cam giang", "Xã Cẩm Giang", "Xã Cẩm Giàng"),
    ("xa son ha", "Xã Sơn Hà", "Xã Sơn Hạ"),
    ("xa ba to", "Xã Ba Tơ", "Xã Ba Tô"),
    ("xa loc thanh", "Xã Lộc Thạnh", "Xã Lộc Thành"),
    ("xa thanh an", "Xã Thanh An", "Xã Thạnh An"),
]
AMBIGUOUS_WITHOUT_TYPE = [
    ("dong tien", "Xã Đồng Tiến", "Phường Đông Tiến"),
    ("my tho", "Phường Mỹ Tho", "Xã Mỹ Thọ"),
]


def _province_of(one: str, other: str) -> Province:
    return Province.objects.filter(communes__name=one).get(
        code__in=Province.objects.filter(communes__name=other).values("code")
    )


@pytest.mark.parametrize(("typed", "one", "other"), AMBIGUOUS_WITH_TYPE + AMBIGUOUS_WITHOUT_TYPE)
def test_a_name_that_may_mean_two_communes_is_refused_naming_both(typed: str, one: str, other: str) -> None:
    province = _province_of(one, other)

    for spelling in (typed, typed.removeprefix("xa ")):
        with pytest.raises(AmbiguousPlace) as refusal:
            find_commune(spelling, province=province, field="city")
        assert one in str(refusal.value)
        assert other in str(refusal.value)
        assert (refusal.value.code, refusal.value.field) == ("INVALID", "city")
        found = Commune.objects.filter(code__in=refusal.value.subjects)
        assert {commune.name for commune in found} == {one, other}


@pytest.mark.parametrize(("typed", "one", "other"), AMBIGUOUS_WITH_TYPE + AMBIGUOUS_WITHOUT_TYPE)
def test_the_exact_name_of_either_is_never_ambiguous(typed: str, one: str, other: str) -> None:
    province = _province_of(one, other)

    assert find_commune(one, province=province).name == one
    assert find_commune(other, province=province).name == other


@pytest.mark.parametrize(("typed", "one", "other"), AMBIGUOUS_WITHOUT_TYPE)
def test_the_type_tells_two_communes_apart(typed: str, one: str, other: str) -> None:
    province = _province_of(one, other)

    for meant in (one, other):
        unit_type = meant.split()[0].lower()
        assert find_commune(f"{unit_type} {typed}", province=province).name == meant


def test_every_commune_is_found_by_its_own_name_and_code_in_its_province() -> None:
    for province in list_provinces():
        for commune in communes_of(province.code)[::40]:
            assert find_commune(commune.name, province=province) == commune
            assert find_commune(commune.code, province=province) == commune


@pytest.mark.parametrize(
    ("country_area", "city"),
    [
        ("Tỉnh Bắc Ninh", "Phường Nếnh"),
        ("bac ninh", "nenh"),
        ("24", "07795"),
        ("", "07795"),
        (" ", " 07795 "),
    ],
)
def test_an_address_leads_to_its_commune(country_area: str, city: str) -> None:
    commune = resolve_address_place(country_area, city)

    assert commune.code == "07795"
    assert commune.province.name == "Tỉnh Bắc Ninh"


@pytest.mark.parametrize(
    ("country_area", "city", "code", "field"),
    [
        ("", "", "REQUIRED", "city"),
        ("Tỉnh Bắc Ninh", "", "REQUIRED", "city"),
        ("", "Phường Nếnh", "REQUIRED", "country_area"),
        ("Bắc Giang", "Phường Nếnh", "INVALID", "country_area"),
        ("Tỉnh Cao Bằng", "07795", "INVALID", "city"),
        ("", "99999", "INVALID", "city"),
        ("Quảng Ngãi", "son ha", "INVALID", "city"),
        ("Bắc\x00Ninh", "Phường Nếnh", "INVALID", "country_area"),
    ],
    ids=ascii,
)
def test_an_address_that_leads_nowhere_names_the_field_at_fault(
    country_area: str, city: str, code: str, field: str
) -> None:
    with pytest.raises((BadText, UnknownPlace, AmbiguousPlace)) as refusal:
        resolve_address_place(country_area, city)
    assert (refusal.value.code, refusal.value.field) == (code, field)


@pytest.mark.parametrize(
    ("typed", "province", "district", "commune_code"),
    [
        ("Xã Nghĩa Hưng", "Bắc Giang", None, "07381"),
        ("nghia hung", "tinh bac giang", "lang giang", "07381"),
        ("Xã Vị Thắng", None, None, "31441"),
        ("Lý Sơn", None, None, "21548"),
        ("31150", None, None, "31150"),
    ],
)
def test_an_old_unit_leads_to_the_commune_of_today(
    typed: str, province: str | None, district: str | None, commune_code: str
) -> None:
    units = find_former(typed, province=province, district=district)

    assert [unit.commune_id for unit in units] == [commune_code]
    assert not units[0].is_divided


def test_a_divided_unit_leads_to_all_its_communes_the_default_first() -> None:
    units = find_former("Đại Mỗ", province="Hà Nội")

    assert all(unit.is_divided for unit in units)
    assert [(unit.commune.name, unit.is_default) for unit in units] == [
        ("Phường Đại Mỗ", True),
        ("Phường Xuân Phương", False),
        ("Phường Tây Mỗ", False),
        ("Phường Hà Đông", False),
        ("Phường Dương Nội", False),
    ]


def test_an_old_name_that_repeats_gives_every_unit_of_that_name() -> None:
    units = find_former("Nghĩa Hưng")

    assert [unit.old_province for unit in units] == [
        "Tỉnh Bắc Giang",
        "Tỉnh Gia Lai",
        "Tỉnh Nghệ An",
        "Tỉnh Vĩnh Phúc",
    ]
    assert len(find_former("tan thanh")) == 58 <= FORMER_UNITS_FOUND_MAX
    assert find_former("Xã Không Có Đâu") == []


def test_what_is_typed_is_found_by_beginnings_of_words() -> None:
    assert [place.commune.label for place in search_places("nguy hu cao b", 5)] == ["Xã Nguyễn Huệ, Cao Bằng"]
    assert search_places("NẾNH", 5)[0].commune.code == "07795"
    assert search_places("01699", 5)[0].commune.code == "01699"


def test_the_whole_name_comes_before_names_that_only_hold_it() -> None:
    names = [place.commune.short_name for place in search_places("tan an", 20)]

    whole = names.count("Tân An")
    assert whole > 1
    assert names[:whole] == ["Tân An"] * whole


def test_a_commune_is_found_by_the_name_of_what_it_swallowed() -> None:
    found = search_places("vi thang", 5)[0]

    assert found.commune.name == "Xã Vị Thủy"
    assert found.former is not None
    assert found.former.old_ward == "Xã Vị Thắng"


def test_a_search_lists_each_commune_once_and_no_more_than_asked() -> None:
    found = search_places("tan", 1_000)

    assert len(found) == PLACES_FOUND_MAX
    assert len({place.commune.code for place in found}) == PLACES_FOUND_MAX
    assert len(search_places("tan", 3)) == 3
    assert search_places("tan", 0) == search_places("tan", -1) == []


@pytest.mark.parametrize("typed", ["", "★ ()", "%", "_", "' OR 1=1 --"])
def test_a_search_for_no_letters_or_for_signs_finds_nothing(typed: str) -> None:
    assert search_places(typed, 10) == []


def test_a_search_refuses_what_is_no_text() -> None:
    for typed in ("a\x00b", "a" * (PLACE_TEXT_CHARACTERS_MAX + 1)):
        with pytest.raises(BadText):
            search_places(typed, 10)


def test_every_question_takes_a_bounded_number_of_statements(count_queries: QueryCounter, cao_bang: Province) -> None:
    questions = [
        (1, lambda: [province.short_name for province in list_provinces()]),
        (1, lambda: [commune.label for commune in communes_of("04")]),
        (1, lambda: get_commune("01699").label),
        (1, lambda: find_province("cao bang")),
        (1, lambda: find_commune("nguyen hue", province=cao_bang).label),
        (2, lambda: resolve_address_place("cao bang", "nguyen hue").label),
        (1, lambda: resolve_address_place("", "01699").label),
        (1, lambda: [unit.commune.label for unit in find_former("tan thanh")]),
        (2, lambda: [(place.commune.label, place.former) for place in search_places("vi", 50)]),
    ]
    for statements, ask in questions:
        with count_queries() as queries:
            ask()
        assert len(queries) <= statements, [query["sql"] for query in queries.captured_queries]
