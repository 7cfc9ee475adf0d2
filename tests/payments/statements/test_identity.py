"""A line keeps its id in any order and in any file; honest equal transfers keep two."""

from __future__ import annotations

import random
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from payments.models import TX_ID_CHARACTERS_MAX
from payments.statements.identity import identify, ids_of, key_of
from payments.statements.lines import StatementLine, as_text, pack, unpack
from tests.payments.statements.samples import a_line

ACCOUNT = "CHO40TEST00001"
LINES = st.lists(
    st.builds(
        a_line,
        st.sampled_from([20_000, 60_000, -5_000]),
        st.sampled_from(["chuyen tien", "tra tien"]),
        st.sampled_from(["", "", "FT1"]),
        day=st.sampled_from(["2026-11-20", "2026-11-21", "2026-11-20 08:15:30"]),
    ),
    max_size=12,
)


def taken(*files: list[StatementLine]) -> set[str]:
    """The ids that are kept after these files were imported one after another."""
    known: set[str] = set()
    for lines in files:
        known |= {one.tx_id for one in identify(ACCOUNT, lines, known=known)}
    return known


@settings(deadline=None)
@given(LINES, st.randoms())
def test_shuffling_a_file_changes_no_id(lines: list[StatementLine], chance: random.Random) -> None:
    shuffled = chance.sample(lines, len(lines))
    assert taken(lines) == taken(shuffled) == taken(lines, shuffled, lines)
    assert len(taken(lines)) == len(lines)


@settings(deadline=None)
@given(LINES, LINES)
def test_files_that_grow_keep_exactly_the_lines_there_are(
    lines: list[StatementLine], more: list[StatementLine]
) -> None:
    """The noon export, then the evening's: the evening's lines are kept, neither fewer nor more."""
    assert len(taken(lines, lines + more)) == len(lines + more)


@settings(deadline=None)
@given(LINES, LINES)
def test_overlapping_files_keep_each_line_as_often_as_the_one_that_has_it_most(
    one: list[StatementLine], other: list[StatementLine]
) -> None:
    def counted(lines: list[StatementLine]) -> Counter[str]:
        return Counter(key_of(tx_id) for tx_id in ids_of(ACCOUNT, lines))

    assert len(taken(one, other)) == sum((counted(one) | counted(other)).values())


def test_everything_that_tells_lines_apart_counts() -> None:
    line = a_line()
    others = [
        a_line(60_001), a_line(-60_000), a_line(content="chuyen tien 2"), a_line(reference="FT1"),
        a_line(day="2026-11-21"), a_line(day="2026-11-20 00:00:00"),
    ]  # fmt: skip
    ids = {ids_of(ACCOUNT, [one])[0] for one in [line, *others]} | set(ids_of("ANOTHER", [line]))
    assert len(ids) == 8
    assert max(map(len, ids)) <= TX_ID_CHARACTERS_MAX


def test_blanks_capitals_and_the_row_do_not_count() -> None:
    assert ids_of(ACCOUNT, [a_line(content="Chuyen  tien", reference="ft 1", row=9)]) == ids_of(
        ACCOUNT, [a_line(content="CHUYENTIEN", reference="FT1")]
    )


def test_a_balance_tells_equal_lines_apart_only_where_there_is_no_reference() -> None:
    one, other = a_line(balance_vnd=100), a_line(balance_vnd=200)
    assert ids_of(ACCOUNT, [one]) != ids_of(ACCOUNT, [other])
    assert [key_of(tx_id) for tx_id in ids_of(ACCOUNT, [one])] == [key_of(ids_of(ACCOUNT, [other])[0])]
    referred = [a_line(reference="FT1", balance_vnd=balance) for balance in (100, 200)]
    assert ids_of(ACCOUNT, referred[:1]) == ids_of(ACCOUNT, referred[1:])


def test_an_equal_line_with_another_balance_is_for_a_person_unless_its_file_shows_both() -> None:
    first, second = a_line(balance_vnd=100), a_line(balance_vnd=200)
    known = set(ids_of(ACCOUNT, [first]))

    (alone,) = identify(ACCOUNT, [second], known=known)
    both = identify(ACCOUNT, [second, first], known=known)
    again = identify(ACCOUNT, [second, first], known=list(known | {alone.tx_id}))

    assert (alone.is_known, alone.may_be_known) == (False, True)
    assert [(one.is_known, one.may_be_known) for one in both] == [(False, False), (True, False)]
    assert [(one.is_known, one.may_be_known) for one in again] == [(True, False), (True, False)]


def test_the_limit_that_is_known_two_files_with_one_each_of_two_equal_lines_without_balance_look_like_one() -> None:
    """Decision 0011: nothing in the files tells this from the same line exported twice."""
    assert len(taken([a_line()], [a_line()])) == 1
    assert len(taken([a_line()], [a_line(), a_line()])) == 2


@settings(max_examples=25, deadline=None)
@given(LINES)
def test_lines_are_unpacked_as_they_were_packed(lines: list[StatementLine]) -> None:
    assert unpack(pack(tuple(lines))) == tuple(lines)


def test_a_line_as_text() -> None:
    assert as_text(a_line(row=3, reference="FT1")) == "3\t2026-11-20\t60000\tFT1\tchuyen tien"
