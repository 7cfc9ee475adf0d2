"""Which of the requests that a Saleor shows a refund's webhook stands for, and whose money its promise is then."""

from __future__ import annotations

import pytest

from marketplace.saleor.models import Installation
from payments.models import GrantedRefund
from tests.payments.factories import Shop
from tests.saleor.gateway.telling import a_line, gid, refund_requested
from tests.saleor.gateway.test_requests import paid, promises

LINE, OTHER_LINE = gid("OrderLine", "A"), gid("OrderLine", "B")


@pytest.fixture
def transaction(installed: Installation, shop: Shop, other: Shop) -> str:
    """Paid in full: 60,000 for the shop's line and 45,000 for the other's."""
    return paid(installed, shop, other, lines=[a_line(shop, line_id=LINE), a_line(other, line_id=OTHER_LINE)])


def promised() -> list[tuple[str, int]]:
    """Of every promise: the shop's name, and how much."""
    return list(GrantedRefund.objects.order_by("pk").values_list("order__vendor__name", "amount_vnd"))


@pytest.mark.parametrize("is_again", [False, True])
def test_a_request_that_never_reached_us_does_not_lend_its_lines_to_the_next(
    is_again: bool, installed: Installation, transaction: str, other: Shop
) -> None:
    # given that the market was down while staff asked for the first shop's line: Saleor wrote that off
    dead, event = gid("TransactionEvent"), gid("TransactionEvent")
    before = [(dead, "REFUND_REQUEST", ""), (gid("TransactionEvent"), "REFUND_FAILURE", "")]
    lines_before = {dead: [(LINE, 1)]}

    # when they ask as much for the other shop's line; and when that comes twice, in whatever words
    for _time in range(2 if is_again else 1):
        refund_requested(
            installed,
            transaction,
            45_000.0,
            event_id=event,
            lines=[(OTHER_LINE, 1)],
            before=before,
            lines_before=lines_before,
        )

    assert promised() == [(other.vendor.name, 45_000)]


@pytest.mark.parametrize(("seconds_apart", "is_newest_first"), [(1, True), (1, False), (0, True)])
def test_what_came_last_is_told_by_its_moment_and_in_one_moment_by_saleors_order(
    seconds_apart: int, is_newest_first: bool, installed: Installation, transaction: str, other: Shop
) -> None:
    dead = gid("TransactionEvent")

    refund_requested(
        installed,
        transaction,
        45_000.0,
        lines=[(OTHER_LINE, 1)],
        before=[(dead, "REFUND_REQUEST", ""), (gid("TransactionEvent"), "REFUND_FAILURE", "")],
        lines_before={dead: [(LINE, 1)]},
        seconds_apart=seconds_apart,
        is_newest_first=is_newest_first,
    )

    assert promised() == [(other.vendor.name, 45_000)]


def test_a_request_that_saleor_still_tries_to_tell_waits_beside_the_next(
    installed: Installation, transaction: str, shop: Shop, other: Shop
) -> None:
    first, second = gid("TransactionEvent"), gid("TransactionEvent")

    # the second overtakes the first, which comes later as it was made
    refund_requested(
        installed,
        transaction,
        45_000.0,
        event_id=second,
        lines=[(OTHER_LINE, 1)],
        before=[(first, "REFUND_REQUEST", "")],
        lines_before={first: [(LINE, 1)]},
    )
    refund_requested(installed, transaction, 45_000.0, event_id=first, lines=[(LINE, 1)])

    assert promised() == [(other.vendor.name, 45_000), (shop.vendor.name, 45_000)]


def test_two_that_are_asked_for_at_once_and_see_each_other_are_two_promises(
    installed: Installation, transaction: str, shop: Shop, other: Shop
) -> None:
    first, second = gid("TransactionEvent"), gid("TransactionEvent")

    answers = {
        refund_requested(
            installed,
            transaction,
            45_000.0,
            event_id=second,
            lines=[(OTHER_LINE, 1)],
            before=[(first, "REFUND_REQUEST", "")],
            lines_before={first: [(LINE, 1)]},
        )["pspReference"]
        for _body in range(2)
    }

    assert len(answers) == 2
    assert promised() == [(other.vendor.name, 45_000), (shop.vendor.name, 45_000)]


def test_a_promise_whose_answer_was_lost_is_not_taken_for_one_of_other_lines(
    installed: Installation, transaction: str, shop: Shop, other: Shop
) -> None:
    # given a promise for the first shop's line that Saleor does not know of and wrote off
    lost = gid("TransactionEvent")
    first = refund_requested(installed, transaction, 45_000.0, event_id=lost, lines=[(LINE, 1)])
    before = [(lost, "REFUND_REQUEST", ""), (gid("TransactionEvent"), "REFUND_FAILURE", "")]

    def asked(line_id: str) -> str:
        answer = refund_requested(
            installed,
            transaction,
            45_000.0,
            lines=[(line_id, 1)],
            before=before,
            lines_before={lost: [(LINE, 1)]},
        )
        return str(answer["pspReference"])

    # then asking for the other line is another promise, and asking for the same line the one that there is
    assert asked(OTHER_LINE) != first["pspReference"]
    assert asked(LINE) == first["pspReference"]
    assert promised() == [(shop.vendor.name, 45_000), (other.vendor.name, 45_000)]


def test_a_request_whose_answer_was_lost_is_the_next_ones_promise(installed: Installation, shop: Shop) -> None:
    # given that Saleor waited in vain for our answer, and wrote its request off without a reference
    transaction, lost, again = paid(installed, shop), gid("TransactionEvent"), gid("TransactionEvent")
    first = refund_requested(installed, transaction, 20_000.0, event_id=lost)
    written_off = [(lost, "REFUND_REQUEST", ""), (gid("TransactionEvent"), "REFUND_FAILURE", "")]

    # when staff ask again, however often that arrives
    for _time in range(2):
        assert refund_requested(installed, transaction, 20_000.0, event_id=again, before=written_off) == first
    assert promises() == [(20_000, "none")]

    # then one that they ask for after that is another
    reference = first["pspReference"]
    answered = [*written_off, (again, "REFUND_REQUEST", reference)]
    third = refund_requested(installed, transaction, 20_000.0, before=answered)
    assert third["pspReference"] != reference
    assert promises() == [(20_000, "none"), (20_000, "none")]


def test_as_many_promises_are_taken_over_as_requests_were_written_off(installed: Installation, shop: Shop) -> None:
    transaction, first, second = paid(installed, shop), gid("TransactionEvent"), gid("TransactionEvent")
    references = [
        refund_requested(installed, transaction, 20_000.0, event_id=first)["pspReference"],
        refund_requested(installed, transaction, 20_000.0, event_id=second, before=[(first, "REFUND_REQUEST", "")])[
            "pspReference"
        ],
    ]
    written_off = [
        (first, "REFUND_REQUEST", ""),
        (gid("TransactionEvent"), "REFUND_FAILURE", ""),
        (second, "REFUND_REQUEST", ""),
        (gid("TransactionEvent"), "REFUND_FAILURE", ""),
    ]

    third, event = gid("TransactionEvent"), refund_requested
    answer = event(installed, transaction, 20_000.0, event_id=third, before=written_off)
    answered = [*written_off, (third, "REFUND_REQUEST", answer["pspReference"])]
    fourth = event(installed, transaction, 20_000.0, before=answered)

    assert [answer["pspReference"], fourth["pspReference"]] == references
    assert promises() == [(20_000, "none"), (20_000, "none")]
