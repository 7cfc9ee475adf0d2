"""What a transfer is taken to mean: booked on one sale, put before a person, or let lie."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from marketplace.core.payment_codes import code_from_number
from payments import matching
from payments.likeness import EARLIER_COMPARED_MAX, Telling
from payments.matching import (
    BOOKED_DONG_MAX,
    REVIVED_DAYS_MAX,
    Book,
    CodeFacts,
    Decision,
    Direction,
    Ignore,
    IgnoreReason,
    Kind,
    MatchingFacts,
    Review,
    ReviewReason,
    SaleState,
    Transfer,
    codes_in,
)

CODE, SECOND, THIRD = (code_from_number(number) for number in (40_000_000_000, 12_345, 23))
ACCOUNT = "CHO40DEMO0001"
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

TRANSFER = Transfer(
    direction=Direction.IN,
    amount=150_000,
    accounts=(ACCOUNT,),
    content=f"MBVCB.2452601815.174242.{CODE}.CT tu 1090830166 toi {ACCOUNT}",
)
LIVE = CodeFacts(code=CODE, sale="order-1", belongs_to_this_vendor=True, state=SaleState.LIVE, outstanding=150_000)
FOREIGN = replace(LIVE, code=SECOND, sale="order-9", belongs_to_this_vendor=False)
OTHER = replace(LIVE, code=SECOND, sale="order-2")


TELLING = Telling(
    key=2,
    told_by=frozenset({"second feed"}),
    is_incoming=True,
    amount=150_000,
    accounts=(ACCOUNT,),
    bank_date=date(2026, 11, 22),
    happened_at=NOW,
    reference="FT26326000001",
    content=TRANSFER.content,
    codes=(CODE,),
)
UNSURE = replace(TELLING, reference="")
EARLIER = replace(TELLING, key=1, told_by=frozenset({"first feed"}))


def decide(transfer: Transfer, known: MatchingFacts) -> Decision:
    return matching.decide(transfer, known, now=NOW)


def facts(*codes: CodeFacts) -> MatchingFacts:
    return MatchingFacts(accounts=frozenset({ACCOUNT}), codes=codes)


def paying(content: str) -> Transfer:
    return replace(TRANSFER, content=content)


def booked(amount: int, *, outstanding: int = 0, refund_due: int = 0, revives: bool = False) -> Book:
    return Book(
        code=CODE,
        sale="order-1",
        amount=amount,
        outstanding=outstanding,
        refund_due=refund_due,
        revives=revives,
    )


def test_the_exact_amount_pays_the_order_in_full() -> None:
    decision = decide(TRANSFER, facts(LIVE))
    assert decision == booked(150_000)
    assert isinstance(decision, Book)
    assert decision.is_full


def test_too_little_is_booked_and_leaves_a_rest() -> None:
    decision = decide(replace(TRANSFER, amount=100_000), facts(LIVE))
    assert decision == booked(100_000, outstanding=50_000)
    assert isinstance(decision, Book)
    assert not decision.is_full


def test_the_rest_of_an_order_partly_paid_completes_it() -> None:
    assert decide(replace(TRANSFER, amount=50_000), facts(replace(LIVE, outstanding=50_000))) == booked(50_000)


def test_too_much_is_booked_whole_and_the_surplus_is_due_back() -> None:
    assert decide(replace(TRANSFER, amount=200_000), facts(LIVE)) == booked(200_000, refund_due=50_000)


def test_an_expired_order_comes_back_to_life_when_its_goods_are_there() -> None:
    expired = replace(LIVE, state=SaleState.EXPIRED)
    assert decide(TRANSFER, facts(expired)) == booked(150_000, revives=True)


def test_an_expired_order_without_goods_goes_to_review() -> None:
    expired = replace(LIVE, state=SaleState.EXPIRED, stock_available=False)
    assert decide(TRANSFER, facts(expired)) == Review(reason=ReviewReason.ORDER_EXPIRED_WITHOUT_STOCK, codes=(CODE,))


@pytest.mark.parametrize(
    ("sale", "reason"),
    [
        (replace(LIVE, state=SaleState.CANCELLED), ReviewReason.ORDER_CANCELLED),
        (replace(LIVE, state=SaleState.CANCELLED, outstanding=0), ReviewReason.ORDER_CANCELLED),
        (replace(LIVE, state=SaleState.PAID, outstanding=0), ReviewReason.ORDER_ALREADY_PAID),
        (replace(LIVE, outstanding=0), ReviewReason.ORDER_ALREADY_PAID),
        (replace(LIVE, outstanding=-50_000), ReviewReason.ORDER_ALREADY_PAID),
        (replace(LIVE, belongs_to_this_vendor=False), ReviewReason.OTHER_VENDORS_CODE),
    ],
)
def test_a_sale_that_takes_no_money_sends_it_to_review(sale: CodeFacts, reason: ReviewReason) -> None:
    assert decide(TRANSFER, facts(sale)) == Review(reason=reason, codes=(CODE,))


def test_the_right_amount_without_a_code_is_never_booked() -> None:
    assert decide(paying("NGUOI MUA CHUYEN TIEN-Ma GD ACSP/ A3817592"), facts(LIVE)) == Review(
        reason=ReviewReason.NO_CODE
    )


def test_a_mistyped_code_is_no_code() -> None:
    mistyped = CODE[:-1] + ("2" if CODE[-1] != "2" else "3")
    assert decide(paying(mistyped), facts(LIVE)) == Review(reason=ReviewReason.NO_CODE)


def test_a_code_that_was_never_issued_goes_to_review() -> None:
    assert decide(paying(THIRD), facts()) == Review(reason=ReviewReason.UNKNOWN_CODE, codes=(THIRD,))


def test_two_codes_of_two_orders_go_to_review() -> None:
    assert decide(paying(f"{CODE} {SECOND}"), facts(LIVE, OTHER)) == Review(
        reason=ReviewReason.SEVERAL_CODES, codes=(CODE, SECOND)
    )


def test_two_codes_of_one_order_count_as_one() -> None:
    old = replace(LIVE, code=SECOND)
    assert decide(paying(f"{CODE} {SECOND}"), facts(old, LIVE)) == booked(150_000)


def test_one_code_twice_is_one_code() -> None:
    assert decide(paying(f"{CODE} {CODE.lower()}"), facts(LIVE)) == booked(150_000)


def test_an_own_code_beside_an_unknown_or_another_vendors_goes_to_review() -> None:
    for second in ((), (FOREIGN,)):
        assert decide(paying(f"{CODE} {SECOND}"), facts(LIVE, *second)) == Review(
            reason=ReviewReason.SEVERAL_CODES, codes=(CODE, SECOND)
        )


def test_one_order_claimed_by_two_vendors_is_never_booked() -> None:
    contradiction = replace(LIVE, code=SECOND, belongs_to_this_vendor=False)
    assert decide(paying(f"{CODE} {SECOND}"), facts(LIVE, contradiction)) == Review(
        reason=ReviewReason.SEVERAL_CODES, codes=(CODE, SECOND)
    )


def test_another_vendors_code_stays_in_review_whatever_unknown_one_stands_beside_it() -> None:
    assert decide(paying(f"{SECOND} {THIRD}"), facts(FOREIGN)) == Review(
        reason=ReviewReason.OTHER_VENDORS_CODE, codes=(SECOND, THIRD)
    )


def test_the_code_the_provider_read_is_enough() -> None:
    transfer = replace(TRANSFER, content="chuyen tien", provider_codes=(CODE.lower(),))
    assert codes_in(transfer) == (CODE,)
    assert decide(transfer, facts(LIVE)) == booked(150_000)


def test_a_provider_that_reads_another_code_than_the_content_sends_the_money_to_review() -> None:
    transfer = replace(TRANSFER, provider_codes=(SECOND,))
    assert decide(transfer, facts(LIVE, OTHER)) == Review(reason=ReviewReason.SEVERAL_CODES, codes=(CODE, SECOND))


def test_what_the_provider_read_is_checked_like_the_content() -> None:
    assert codes_in(replace(TRANSFER, provider_codes=("DH0102", CODE[:-1], ""))) == (CODE,)


def test_codes_do_not_arise_where_two_texts_meet() -> None:
    assert codes_in(replace(TRANSFER, content=CODE[:6], provider_codes=(CODE[6:],))) == ()


@pytest.mark.parametrize(
    ("transfer", "reason"),
    [
        (replace(TRANSFER, is_test=True), IgnoreReason.TEST_EVENT),
        (replace(TRANSFER, direction=Direction.OUT), IgnoreReason.OUTGOING),
        (replace(TRANSFER, amount=0), IgnoreReason.NOT_POSITIVE),
        (replace(TRANSFER, amount=-150_000), IgnoreReason.NOT_POSITIVE),
        (replace(TRANSFER, accounts=("CHO40DEMO0002",)), IgnoreReason.FOREIGN_ACCOUNT),
        (replace(TRANSFER, accounts=("", "-")), IgnoreReason.FOREIGN_ACCOUNT),
        (replace(TRANSFER, accounts=()), IgnoreReason.FOREIGN_ACCOUNT),
    ],
)
def test_what_is_not_money_for_this_vendor_is_ignored_even_with_a_live_code(
    transfer: Transfer, reason: IgnoreReason
) -> None:
    assert decide(transfer, facts(LIVE)) == Ignore(reason=reason)


def test_control_the_same_transfer_to_the_own_account_is_booked() -> None:
    assert decide(TRANSFER, facts(LIVE)) == booked(150_000)


@pytest.mark.parametrize("account", ["cho40demo0001", "CHO40 DEMO 0001", "CHO40-DEMO-0001"])
def test_an_account_is_known_however_the_provider_groups_it(account: str) -> None:
    assert decide(replace(TRANSFER, accounts=(account,)), facts(LIVE)) == booked(150_000)


def test_money_to_the_virtual_account_is_the_vendors() -> None:
    transfer = replace(TRANSFER, accounts=("0123499999", "VA001"))
    known = MatchingFacts(accounts=frozenset({ACCOUNT, "VA001"}), codes=(LIVE,))
    assert decide(transfer, known) == booked(150_000)


def test_an_account_without_letters_and_digits_is_nobodys() -> None:
    known = MatchingFacts(accounts=frozenset({"-", ""}), codes=(LIVE,))
    assert decide(replace(TRANSFER, accounts=("", "--")), known) == Ignore(reason=IgnoreReason.FOREIGN_ACCOUNT)


def test_an_amount_no_purchase_has_goes_to_review() -> None:
    largest = replace(TRANSFER, amount=BOOKED_DONG_MAX)
    assert isinstance(decide(largest, facts(LIVE)), Book)
    assert decide(replace(largest, amount=BOOKED_DONG_MAX + 1), facts(LIVE)) == Review(
        reason=ReviewReason.TOO_LARGE, codes=(CODE,)
    )


def test_only_one_own_sale_that_waits_for_money_is_ever_booked() -> None:
    for state, own, stock, outstanding in product(SaleState, (True, False), (True, False), (0, 1)):
        sale = replace(LIVE, state=state, belongs_to_this_vendor=own, stock_available=stock, outstanding=outstanding)
        waits = state in (SaleState.LIVE, SaleState.EXPIRED) and outstanding > 0
        assert isinstance(decide(TRANSFER, facts(sale)), Book) is (waits and own and stock)


@settings(deadline=None, derandomize=True)
@given(st.integers(min_value=1, max_value=BOOKED_DONG_MAX), st.integers(min_value=1, max_value=BOOKED_DONG_MAX))
def test_no_dong_is_lost_or_made(amount: int, outstanding: int) -> None:
    decision = decide(replace(TRANSFER, amount=amount), facts(replace(LIVE, outstanding=outstanding)))
    assert isinstance(decision, Book)
    assert decision.amount == amount
    assert outstanding - amount == decision.outstanding - decision.refund_due
    assert min(decision.outstanding, decision.refund_due) == 0


def test_an_order_that_expired_long_ago_is_not_brought_back_by_itself() -> None:
    days = timedelta(days=REVIVED_DAYS_MAX)
    expired = replace(LIVE, state=SaleState.EXPIRED, ended_at=NOW - days)
    assert decide(TRANSFER, facts(expired)) == booked(150_000, revives=True)
    older = replace(expired, ended_at=NOW - days - timedelta(seconds=1))
    assert decide(TRANSFER, facts(older)) == Review(reason=ReviewReason.ORDER_EXPIRED_LONG_AGO, codes=(CODE,))


@pytest.mark.parametrize("content", [CODE[:9], f"CUSTOMER QR {CODE[:9]}   Ma giao dich  Trace783586 Trace 78358"])
def test_a_cut_code_goes_to_review_as_such_and_is_never_guessed(content: str) -> None:
    assert decide(paying(content), facts(LIVE)) == Review(reason=ReviewReason.CUT_CODE)


def test_a_code_that_the_provider_read_cut_says_so_too() -> None:
    transfer = replace(TRANSFER, content="", provider_codes=(CODE[:8],))
    assert decide(transfer, facts(LIVE)) == Review(reason=ReviewReason.CUT_CODE)


def test_a_cut_code_beside_a_whole_one_does_no_harm() -> None:
    assert decide(paying(f"{CODE} {SECOND[:9]}"), facts(LIVE)) == booked(150_000)


def test_the_code_on_the_stand_names_no_sale_and_is_not_an_unknown_one() -> None:
    known = replace(facts(), stand_codes=frozenset({THIRD}))
    assert decide(paying(THIRD), known) == Review(reason=ReviewReason.STAND_CODE, codes=(THIRD,))


def test_an_order_s_code_beside_the_stand_s_is_booked_on_the_order() -> None:
    known = replace(facts(LIVE), stand_codes=frozenset({THIRD}))
    assert decide(paying(f"{THIRD} {CODE}"), known) == booked(150_000)


def test_a_transfer_that_another_feed_told_of_is_linked_and_not_booked_again() -> None:
    known = replace(facts(LIVE), telling=TELLING, earlier=(EARLIER,))
    assert decide(TRANSFER, known) == Ignore(reason=IgnoreReason.SAME_TRANSFER, first=1)


def test_control_the_same_transfer_that_nobody_told_of_is_booked() -> None:
    assert decide(TRANSFER, replace(facts(LIVE), telling=TELLING)) == booked(150_000)


def test_what_others_told_says_nothing_where_there_is_nothing_to_compare() -> None:
    assert decide(TRANSFER, replace(facts(LIVE), earlier=(EARLIER,))) == booked(150_000)


def test_what_may_be_told_again_is_held_whatever_else_speaks_for_or_against_it() -> None:
    for sale in (LIVE, replace(LIVE, state=SaleState.CANCELLED)):
        known = replace(facts(sale), telling=UNSURE, earlier=(EARLIER,))
        assert decide(TRANSFER, known) == Review(reason=ReviewReason.MAY_BE_REPEAT, codes=(CODE,))


def test_what_is_like_none_of_too_many_tellings_is_held() -> None:
    others = tuple(
        replace(EARLIER, key=key, reference=f"FT2632600{key:04}") for key in range(EARLIER_COMPARED_MAX + 1)
    )
    transfer = replace(TELLING, reference="FT263269999")

    known = replace(facts(LIVE), telling=transfer, earlier=others)
    assert decide(TRANSFER, known) == Review(reason=ReviewReason.MAY_BE_REPEAT, codes=(CODE,))

    control = replace(known, earlier=others[:-1])
    assert decide(TRANSFER, control) == booked(150_000)


def test_money_of_nobody_here_is_no_repeat() -> None:
    known = replace(facts(LIVE), telling=TELLING, earlier=(EARLIER,))
    assert decide(replace(TRANSFER, direction=Direction.OUT), known) == Ignore(reason=IgnoreReason.OUTGOING)


@pytest.mark.parametrize(
    ("transfer", "known", "kind"),
    [
        (TRANSFER, facts(LIVE), Kind.BOOK),
        (replace(TRANSFER, amount=1), facts(LIVE), Kind.PARTIAL),
        (replace(TRANSFER, amount=150_001), facts(LIVE), Kind.OVER),
        (replace(TRANSFER, amount=1), facts(replace(LIVE, state=SaleState.EXPIRED)), Kind.LATE_REVIVE),
        (TRANSFER, facts(replace(LIVE, state=SaleState.PAID)), Kind.LATE_REVIEW),
        (TRANSFER, replace(facts(LIVE), telling=UNSURE, earlier=(EARLIER,)), Kind.DUPLICATE_SUSPECT),
        (paying(f"{CODE} {SECOND}"), facts(LIVE, OTHER), Kind.TWO_CODES),
        (paying(CODE[:7]), facts(LIVE), Kind.CUT_CODE),
        (paying("mua hang"), facts(LIVE), Kind.NO_CODE),
        (paying(THIRD), facts(), Kind.NO_CODE),
        (TRANSFER, replace(facts(LIVE), accounts=frozenset({"1"})), Kind.FOREIGN_ACCOUNT),
        (replace(TRANSFER, direction=Direction.OUT), facts(LIVE), Kind.OUTGOING),
        (replace(TRANSFER, amount=0), facts(LIVE), Kind.OUTGOING),
        (TRANSFER, replace(facts(LIVE), telling=TELLING, earlier=(EARLIER,)), Kind.REPEAT),
        (replace(TRANSFER, amount=BOOKED_DONG_MAX + 1), facts(LIVE), Kind.ODD_AMOUNT),
        (replace(TRANSFER, is_test=True), facts(LIVE), Kind.TEST),
    ],
)  # fmt: skip
def test_every_decision_says_what_it_comes_to(transfer: Transfer, known: MatchingFacts, kind: Kind) -> None:
    assert decide(transfer, known).kind is kind


def test_every_reason_belongs_to_a_kind() -> None:
    kinds = {Ignore(reason=reason).kind for reason in IgnoreReason} | {
        Review(reason=reason).kind for reason in ReviewReason
    }
    booked_kinds = {Kind.BOOK, Kind.PARTIAL, Kind.OVER, Kind.LATE_REVIVE}
    assert kinds | booked_kinds == set(Kind)
    assert kinds & booked_kinds == set()
