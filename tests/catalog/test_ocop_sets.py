"""The 26 product sets of the OCOP programme."""

from typing import Any

import pytest
from django.utils.translation import override

from catalog.models import ALCOHOL_SETS
from catalog.ocop_sets import UnknownOcopSet, all_sets, ocop_set


def test_there_are_26_sets_numbered_from_1() -> None:
    assert [one.no for one in all_sets()] == list(range(1, 27))


def test_the_sets_lie_in_six_groups_of_which_food_has_13_sets() -> None:
    groups = [one.group for one in all_sets()]

    assert len(set(groups)) == 6
    assert groups.count("Thực phẩm") == 13
    assert groups.count("Đồ uống") == 4


def test_sets_14_and_15_are_alcohol_and_the_database_knows_the_same_ones() -> None:
    assert tuple(one.no for one in all_sets() if one.alcohol) == (14, 15) == ALCOHOL_SETS
    assert ocop_set(14).name == "Rượu trắng"


def test_only_tourism_is_a_service() -> None:
    assert [one.no for one in all_sets() if one.service] == [26]


@pytest.mark.parametrize("wrong", [0, 27, -1, 10**30, "6", None, 6.5, [6]])
def test_another_number_is_refused(wrong: Any) -> None:
    with pytest.raises(UnknownOcopSet) as refusal:
        ocop_set(wrong)

    assert refusal.value.field == "ocop_set"


def test_every_set_and_group_has_its_english_name_and_is_shown_in_the_readers_language() -> None:
    assert all(one.english_name and one.english_group for one in all_sets())
    assert len({one.english_name for one in all_sets()}) == 26
    with override("en"):
        assert (ocop_set(14).shown_name, ocop_set(14).shown_group) == ("White spirits", "Drinks")
    with override("vi"):
        assert (ocop_set(14).shown_name, ocop_set(14).shown_group) == ("Rượu trắng", "Đồ uống")
