"""Whether two feeds tell of one transfer: certain, perhaps, or no."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from marketplace.core.clock import VIETNAM
from marketplace.core.payment_codes import code_from_number
from payments.likeness import (
    Likeness,
    Repeat,
    Telling,
    Word,
    compare_references,
    is_counted_on,
    is_day_only,
    likeness,
    repeat_of,
)

CODE, SECOND = code_from_number(40_000_000_000), code_from_number(12_345)
SAME, ALIKE, OTHER = Likeness.SAME, Likeness.ALIKE, Likeness.OTHER


def vietnam(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=VIETNAM)


FIRST = Telling(
    key=1,
    told_by=frozenset({"shop"}),
    is_incoming=True,
    amount=60_000,
    accounts=("0011002233",),
    bank_date=date(2026, 11, 22),
    happened_at=vietnam("2026-11-22 10:00:00"),
    reference="FT26326000001",
    content=f"MBVCB.2452601815.{CODE}.CT tu 1090830166",
    codes=(CODE,),
)
AGAIN = replace(FIRST, key=2, told_by=frozenset({"site"}))


def dated(telling: Telling, moment: str) -> Telling:
    happened = vietnam(moment)
    return replace(telling, happened_at=happened, bank_date=happened.date())


def test_the_same_account_reference_amount_and_day_is_the_same_transfer() -> None:
    assert likeness(FIRST, AGAIN) is SAME


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": 60_001},
        {"is_incoming": False},
        {"told_by": frozenset({"shop"})},
        {"bank_date": date(2026, 11, 23)},
        {"reference": "FT26326000002"},
    ],
)
def test_another_amount_direction_day_or_reference_or_the_same_feed_is_another_transfer(
    changes: dict[str, object],
) -> None:
    assert likeness(FIRST, replace(AGAIN, **changes)) is OTHER  # type: ignore[arg-type]  # any field of it


def test_the_hour_and_the_words_do_not_matter_where_the_reference_is_the_same() -> None:
    assert likeness(FIRST, dated(replace(AGAIN, content="", codes=()), "2026-11-22 00:00:00")) is SAME


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        ("FT26326000001", "FT26326000001", SAME),
        ("FT26326000001", "ft 26326-000001", SAME),
        ("MBVCB.3278907687", "3278907687", SAME),
        ("MBVCB.3278907687.047334", "3278907687", SAME),
        ("FT25632122330792", "25632122330792/01", ALIKE),
        ("FT25632122330792", "DD4500.FT25632122330792.01", SAME),
        ("FT2563 2122330792", "FT25632122330792", SAME),
        ("FT25632122330792", "FT2563212233", ALIKE),
        ("", "FT26326000001", ALIKE),
        ("FT26326000001", "", ALIKE),
        ("--", "FT26326000001", ALIKE),
        ("FT26326000001", "MBVCB.3278907687", ALIKE),
        ("3278907687", "92704", ALIKE),
        ("FT26326000001", "FT26326000002", OTHER),
        ("FT9", "FT10", OTHER),
        ("3278907687", "3278907688", OTHER),
        ("MBVCB.3278907687", "MBVCB.3278907688", OTHER),
        ("THU1", "THU12", OTHER),
        ("12345678", "FT12345678", SAME),
        ("A1234567", "FA1234567", ALIKE),
        ("ABCDEFGH", "XABCDEFGH", ALIKE),
    ],
)
def test_references_are_compared_as_feeds_write_them(one: str, other: str, found: Likeness) -> None:
    assert compare_references(one, other) is found
    assert compare_references(other, one) is found


def test_the_same_reference_at_another_account_of_the_vendor_is_for_a_person() -> None:
    assert likeness(FIRST, replace(AGAIN, accounts=("VA001",))) is ALIKE


def test_the_virtual_account_is_the_account_too() -> None:
    assert likeness(FIRST, replace(AGAIN, accounts=("999", "0011002233"))) is SAME


@pytest.mark.parametrize(
    ("first", "again", "found"),
    [
        ("2026-11-22 23:50:00", "2026-11-23 10:00:00", ALIKE),
        ("2026-11-22 23:50:00", "2026-11-23 00:00:00", ALIKE),
        ("2026-11-22 22:00:00", "2026-11-23 00:00:00", ALIKE),
        ("2026-11-22 09:00:00", "2026-11-23 04:59:59", ALIKE),
        ("2026-11-22 00:00:00", "2026-11-23 00:00:00", ALIKE),
        ("2026-11-22 21:59:59", "2026-11-23 05:00:00", OTHER),
        ("2026-11-22 10:00:00", "2026-11-23 00:00:00", OTHER),
        ("2026-11-22 23:50:00", "2026-11-24 00:10:00", OTHER),
    ],
)
def test_days_may_differ_by_one_at_night_and_then_a_person_looks(first: str, again: str, found: Likeness) -> None:
    assert likeness(dated(FIRST, first), dated(AGAIN, again)) is found
    assert likeness(dated(AGAIN, again), dated(FIRST, first)) is found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, ALIKE),
        ({"content": f"lan 2 {CODE}"}, ALIKE),
        ({"codes": (SECOND, CODE)}, ALIKE),
        ({"codes": (SECOND,)}, OTHER),
        ({"content": "", "codes": ()}, ALIKE),
        ({"content": "CT tu 1090830166", "codes": ()}, ALIKE),
        ({"content": "CT tu", "codes": ()}, OTHER),
        ({"content": "tien rau", "codes": ()}, OTHER),
    ],
)
@pytest.mark.parametrize("reference", ["", "MBVCB.3278907687"])
def test_without_a_reference_to_compare_the_words_decide_whether_a_person_looks(
    reference: str, changes: dict[str, object], found: Likeness
) -> None:
    again = replace(AGAIN, reference=reference, **changes)  # type: ignore[arg-type]  # any field of it
    assert likeness(FIRST, again) is found


def test_equal_words_without_a_code_are_alike_and_marks_do_not_count() -> None:
    first = replace(FIRST, content="Mua hàng", codes=(), reference="")
    assert likeness(first, replace(AGAIN, content="MUA-HANG", codes=(), reference="")) is ALIKE
    assert likeness(first, replace(AGAIN, content="mua rau", codes=(), reference="")) is OTHER


def test_a_certain_repeat_comes_before_a_possible_one_and_the_first_told_before_later_ones() -> None:
    possible = replace(FIRST, key=1, reference="")
    certain = [replace(FIRST, key=key) for key in (5, 3)]
    assert repeat_of(AGAIN, [possible, *certain]) == Repeat(3, is_certain=True)
    assert repeat_of(AGAIN, [possible]) == Repeat(1, is_certain=False)


def test_a_transfer_like_no_other_is_new() -> None:
    assert repeat_of(AGAIN, []) is None
    assert repeat_of(AGAIN, [replace(FIRST, amount=1)]) is None


def test_a_feed_that_told_of_it_twice_tells_of_two() -> None:
    """Within one feed ids decide: what was linked to the first already is not linked to it again."""
    linked = replace(FIRST, told_by=frozenset({"shop", "site"}))
    other = replace(FIRST, key=4)
    assert repeat_of(AGAIN, [linked]) is None
    assert repeat_of(AGAIN, [linked, other]) == Repeat(4, is_certain=True)


def test_midnight_in_vietnam_is_a_day_without_an_hour() -> None:
    assert is_day_only(vietnam("2026-11-22 00:00:00"))
    assert not is_day_only(vietnam("2026-11-22 00:00:00") + timedelta(seconds=1))


@pytest.mark.parametrize(("content", "found"), [("muahang1", ALIKE), ("muahang", OTHER)])
def test_words_of_eight_letters_within_the_others_may_be_the_same_cut_off(content: str, found: Likeness) -> None:
    first = replace(FIRST, content="CT tu 1090 muahang1 A Chau", codes=(), reference="")
    again = replace(AGAIN, content=content, codes=(), reference="")
    assert likeness(first, again) is likeness(again, first) is found


@pytest.mark.usefixtures("machine_in_new_york")
def test_day_and_night_are_vietnams_wherever_the_machine_stands() -> None:
    late, early = dated(FIRST, "2026-11-22 23:50:00"), dated(AGAIN, "2026-11-23 10:00:00")
    assert likeness(late, early) is ALIKE
    assert likeness(dated(FIRST, "2026-11-22 10:00:00"), early) is OTHER
    assert is_day_only(vietnam("2026-11-22 00:00:00"))
    assert not is_day_only(vietnam("2026-11-22 12:00:00"))


@pytest.mark.parametrize(
    ("said", "is_counted"),
    [
        ([Word(amount=60_000, reference="ft 26326000001")], True),
        ([Word(amount=20_000, reference="FT26326000001")], True),
        ([Word(amount=60_000, reference="")], True),
        ([Word(amount=60_000, reference="Ví 7")], True),
        ([Word(amount=59_999, reference="")], False),
        ([Word(amount=60_000, reference="FT26326000002")], False),
        ([Word(amount=1, reference=""), Word(amount=60_000, reference="")], True),
        ([], False),
    ],
)
def test_a_transfer_may_be_counted_on_a_word_by_its_reference_or_for_want_of_one_by_its_amount(
    said: list[Word], is_counted: bool
) -> None:
    assert is_counted_on(said, FIRST) is is_counted
