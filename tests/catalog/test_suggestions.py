"""Names while somebody types, and what was meant when nothing is called so."""

from datetime import timedelta

import pytest

from catalog.search import did_you_mean, suggest_names
from catalog.search.suggestions import WORDS_CORRECTED_MAX
from tests.catalog.factories import NOW, Shop, a_product, a_shop, on_sale

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    return a_shop(alcohol_licence_number="12/GP-SCT")


def test_names_are_suggested_from_their_beginnings_the_very_marks_first(shop: Shop) -> None:
    on_sale(shop, "Mật ong bạc hà")
    on_sale(shop, "Mắt nai sấy", now=NOW + timedelta(minutes=1))
    on_sale(shop, "Bánh mật", now=NOW + timedelta(minutes=2))
    a_product(shop, "Mật nháp")

    assert suggest_names("mật", age_declared=False) == ["Mật ong bạc hà", "Bánh mật", "Mắt nai sấy"]
    assert suggest_names("mat o", age_declared=False) == ["Mật ong bạc hà"]
    assert suggest_names("mạt ong", age_declared=False) == ["Mật ong bạc hà"]
    assert suggest_names("★", age_declared=False) == []


def test_a_name_is_suggested_once_and_eight_at_most(shop: Shop) -> None:
    for number in range(10):
        on_sale(shop, f"Mật ong {number}")
    on_sale(a_shop("Khác"), "Mật ong 1")

    names = suggest_names("mat", age_declared=False)

    assert len(names) == len(set(names)) == 8


def test_alcohol_is_suggested_to_adults_only(shop: Shop) -> None:
    on_sale(shop, "Rượu ngô", ocop_set=14)

    assert suggest_names("ruou", age_declared=False) == []
    assert suggest_names("ruou", age_declared=True) == ["Rượu ngô"]
    assert did_you_mean("duou ngo", age_declared=False) is None
    assert did_you_mean("duou ngo", age_declared=True) == "rượu ngo"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("miem dong", "miến dong"),
        ("mieens dong", "miến dong"),
        ("miendong", "miến dong"),
        ("Miến dogn", "miến dong"),
        ("cao bnag", "cao bằng"),
        ("mien dong", None),
        ("iphone dong", None),
        ("★", None),
        ("miem " * (WORDS_CORRECTED_MAX + 1), None),
    ],
)
def test_words_that_no_product_has_are_replaced_as_they_are_usually_written(
    shop: Shop, typed: str, meant: str | None
) -> None:
    on_sale(shop, "Miến dong Án Lại")

    assert did_you_mean(typed, age_declared=False) == meant
