"""Whether two feeds tell of one transfer. Pure: the tellings are given, nothing is looked up.

Within one feed the provider's ids decide: two equal transfers are two. Between feeds (a shop's own and its market's,
a provider's list, a statement) the bank's reference does. Providers write it differently, days may differ by one
around midnight, and some give none: what only looks alike is for a person to judge, and is not booked meanwhile.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Final

from marketplace.core.clock import VIETNAM
from marketplace.core.payment_codes import letters_and_digits

REFERENCE_DIGITS_MIN: Final = 8
"""A number this long, the same in both references, is the bank's own: "FT25632122330792", "25632122330792/01"."""
PART_CHARACTERS_MIN: Final = 8
"""A reference or content this long within the other one may be the same, cut off; a shorter one says nothing."""
EARLIER_COMPARED_MAX: Final = 200
"""As many earlier tellings of one amount about one day are compared: with this very reference, with these very words
on this day, of this day, then the newest. Where there are more, and none of these is alike, nobody knows."""
NIGHT_STARTS: Final = time(22)
NIGHT_ENDS: Final = time(5)
"""Transfers between these hours of Vietnam may be dated the next day (payOS, questions and answers)."""

_DIGITS = re.compile("[0-9]+")


class Likeness(StrEnum):
    """What two tellings, or what two references, have to do with each other."""

    SAME = "same"
    ALIKE = "alike"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What one feed says of a transfer to one vendor."""

    key: int
    """Tells tellings apart."""
    told_by: frozenset[str]
    """The feed, and every other feed whose telling was linked to this one."""
    is_incoming: bool
    amount: int
    """Whole đồng."""
    accounts: tuple[str, ...]
    """The account, and the virtual one that the money came through."""
    bank_date: date
    happened_at: datetime
    """A telling that names only the day has midnight in Vietnam."""
    reference: str
    """As this feed writes the bank's reference; "" where it gives none."""
    content: str
    codes: tuple[str, ...] = ()
    """The payment codes that were found in it."""
    names_others_sale: bool = False
    """Held by its vendor since its code is another vendor's: nobody counts it there."""


@dataclass(frozen=True, slots=True)
class Repeat:
    """An earlier telling of, perhaps, the same transfer."""

    first: int
    """The key of the earlier one."""
    is_certain: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """Money of a sale that was counted on somebody's word, before any bank told of it."""

    amount: int
    """Whole đồng."""
    reference: str
    """The bank's, as they wrote it; "" where they gave none."""


def is_counted_on(words: Iterable[Word], telling: Telling) -> bool:
    """Whether a transfer is, or may be, one that was counted on somebody's word.

    By its reference, whatever amount they said; where references cannot be compared, by its amount.
    """
    likenesses = [(compare_references(telling.reference, word.reference), word) for word in words]
    return any(
        one is Likeness.SAME or (one is Likeness.ALIKE and word.amount == telling.amount) for one, word in likenesses
    )


def may_be_among_more(earlier: Sequence[Telling]) -> bool:
    """Whether more was told than is compared: what is like none of these may still be a repeat."""
    return len(earlier) > EARLIER_COMPARED_MAX


def repeat_of(telling: Telling, earlier: Iterable[Telling]) -> Repeat | None:
    """The earlier telling of the same transfer, certain ones before possible ones; None when it is a new transfer."""
    compared = sorted((_RANK[likeness(telling, one)], one.key) for one in earlier)
    if not compared or compared[0][0] == _RANK[Likeness.OTHER]:
        return None
    rank, first = compared[0]
    return Repeat(first, is_certain=rank == _RANK[Likeness.SAME])


def is_told_of(telling: Telling, elsewhere: Iterable[Telling]) -> bool:
    """Whether one of the tellings to other vendors at the same account is, or may be, of the same transfer."""
    return any(likeness(telling, one) is not Likeness.OTHER for one in elsewhere if not one.names_others_sale)


def likeness(one: Telling, other: Telling) -> Likeness:
    """How sure it is that two feeds tell of one transfer.

    Certain: amount, direction, day, account and the bank's reference are the same. Alike: the reference is the same
    but the day (by one, at night) or the vendor's account is not; or the references cannot be compared and the words
    do not speak against it.
    """
    if one.told_by & other.told_by or (one.amount, one.is_incoming) != (other.amount, other.is_incoming):
        return Likeness.OTHER
    if one.bank_date != other.bank_date and not _may_be_dated_apart(one, other):
        return Likeness.OTHER
    references = compare_references(one.reference, other.reference)
    if references is Likeness.SAME:
        same = one.bank_date == other.bank_date and bool(set(one.accounts) & set(other.accounts))
        return Likeness.SAME if same else Likeness.ALIKE
    is_alike = references is Likeness.ALIKE and _words_agree(one, other)
    return Likeness.ALIKE if is_alike else Likeness.OTHER


def compare_references(one: str, other: str) -> Likeness:
    """Whether two references are one, as two feeds may write it.

    Case, blanks and marks do not count. The same: equal, or one within the other around the same number of at least
    `REFERENCE_DIGITS_MIN` digits ("MBVCB.3278907687" and "3278907687"). Other: different numbers in one way of
    numbering. Alike, that is open: one is missing, one is part of the other, or they are numbered in different ways.
    """
    plain, other_plain = letters_and_digits(one), letters_and_digits(other)
    if not plain or not other_plain:
        return Likeness.ALIKE
    if plain == other_plain:
        return Likeness.SAME
    short, long = sorted((plain, other_plain), key=len)
    if short in long and len(short) >= PART_CHARACTERS_MIN:
        return Likeness.SAME if _has_same_number(one, other) else Likeness.ALIKE
    return Likeness.OTHER if _numbering(plain) == _numbering(other_plain) else Likeness.ALIKE


def is_day_only(moment: datetime) -> bool:
    """Whether a telling names the day and no hour."""
    return moment.astimezone(VIETNAM).time() == time(0)


_RANK: Final = {Likeness.SAME: 0, Likeness.ALIKE: 1, Likeness.OTHER: 2}


def _has_same_number(one: str, other: str) -> bool:
    number = _longest_number(one)
    return len(number) >= REFERENCE_DIGITS_MIN and number == _longest_number(other)


def _longest_number(reference: str) -> str:
    return max(_DIGITS.findall(reference), key=len, default="")


def _numbering(plain: str) -> str:
    """How a reference is numbered: its letters with a 0 for every number; bare digits by their count."""
    return str(len(plain)) if plain.isdigit() else _DIGITS.sub("0", plain)


def _may_be_dated_apart(one: Telling, other: Telling) -> bool:
    """Whether two days may be one transfer's: a day apart, and told of at night, or without any hour."""
    if abs((one.bank_date - other.bank_date).days) != 1:
        return False
    timed = [telling.happened_at for telling in (one, other) if not is_day_only(telling.happened_at)]
    return not timed or any(_is_at_night(moment) for moment in timed)


def _is_at_night(moment: datetime) -> bool:
    here = moment.astimezone(VIETNAM).time()
    return here >= NIGHT_STARTS or here < NIGHT_ENDS


def _words_agree(one: Telling, other: Telling) -> bool:
    """Whether the words may be one payer's: a code in common, or one content within the other where a code lacks."""
    if one.codes and other.codes:
        return bool(set(one.codes) & set(other.codes))
    short, long = sorted((letters_and_digits(one.content), letters_and_digits(other.content)), key=len)
    return short == long or not short or (len(short) >= PART_CHARACTERS_MIN and short in long)
