"""A hypothesis state machine that buys, pays, mangles, repeats, cancels, refunds, reviews, imports and rebuilds.

Every rule goes through the real services on the real database; after each one every truth of `sales_model` holds.
Each run happens in a savepoint of the test's transaction that is taken back at its end.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from catalog.services import set_stock
from marketplace.core import journal
from marketplace.core.clock import VIETNAM
from marketplace.core.errors import MarketError
from marketplace.core.payment_codes import code_from_number
from marketplace.orders.models import Order, PaymentCode
from marketplace.orders.services.codes import reserve_checkout
from marketplace.orders.services.ending import (
    cancel_order,
    cancel_own_unpaid_order,
    expire_due_orders,
    release_due_reservations,
)
from marketplace.orders.services.fulfilling import fulfil_order
from marketplace.reporting import services as figures
from payments.manglings import MANGLINGS, mangle
from payments.matching import Direction, Transfer
from payments.models import BankNotice, Feed, ReviewItem
from payments.providers.base import Reported
from payments.services import booking
from payments.services.by_hand import mark_paid_by_hand, record_refund
from payments.services.keeping import take_in
from payments.services.notices import sweep_received
from payments.services.reviewing import book_from_review, link_to_first, refund_held, set_aside, take_up_again
from tests.faults.sales_model import FiguresWatch, Known, RealTransfer, everything_wrong, wrong_for_the_doctor
from tests.payments.factories import NOW, PRICE_VND, Shop, a_checkout, a_notice, an_order, send

SHELF = 12
ROWS = st.integers(min_value=0, max_value=1_000_000)
"""Which row: taken modulo how many there are, so that hypothesis may shrink it whatever there is."""
AMOUNTS = st.sampled_from(["exact", "part", "over", "odd"])
MANGLED = st.sampled_from(sorted(MANGLINGS))
WAYS_OF_TELLING = st.sampled_from(["same", "spelled", "none", "night", "day"])
"""As before; with the reference in another spelling; without one; dated the next day; dated by the day alone."""
STATEMENT = 2
UNKNOWN_CODE = code_from_number(78_310_985_280)


def one_of(rows: Any, number: int) -> Any:
    return rows[number % len(rows)]


class SalesMachine(RuleBasedStateMachine):
    """`shops` and `feeds` are made once, before the first run; `steps` counts the rules of all runs."""

    shops: ClassVar[list[Shop]]
    feeds: ClassVar[dict[int, list[Feed]]]
    steps: ClassVar[int] = 0
    done: ClassVar[dict[str, int]]
    drawn: ClassVar[Iterator[int]]
    """Where the next payment code comes from: the same codes in every run."""

    def __init__(self) -> None:
        super().__init__()
        self.now: datetime = NOW
        self.known = Known(self.shops, self.feeds)
        self.codes: list[tuple[Shop, str]] = []
        self.figures = FiguresWatch()
        self.wrong: list[str] = []
        type(self).drawn = count(1)
        self._run = transaction.atomic()
        # What TestCase does too: the market's own transactions may be durable inside this one.
        setattr(self._run, "_from_testcase", True)  # noqa: B010 - the attribute is Django's own
        self._run.__enter__()
        for shop in self.shops:
            self.known.stocked[shop.variant.pk] = SHELF

    def teardown(self) -> None:
        try:
            # Raised here, it would stand in front of what was found after a step.
            wrong = wrong_for_the_doctor() if not self.wrong else []
            assert not wrong, wrong
        finally:
            self._take_back()

    def _take_back(self) -> None:
        transaction.set_rollback(True)
        self._run.__exit__(None, None, None)

    def counted(self, name: str) -> None:
        type(self).steps += 1
        self.done[name] = self.done.get(name, 0) + 1
        self.now += timedelta(seconds=20)

    def acts(self, name: str, work: Callable[[], object]) -> None:
        """Do what the market may refuse; a refusal must leave every truth as it was."""
        self.counted(name)
        with suppress(MarketError):
            work()
            self.counted_done(name)

    def counted_done(self, name: str) -> None:
        self.done[f"{name}, done"] = self.done.get(f"{name}, done", 0) + 1

    # Buying

    @rule(shop=ROWS, quantity=st.integers(1, 4))
    def order(self, shop: int, quantity: int) -> None:
        bought_in = one_of(self.shops, shop)

        def work() -> None:
            made = an_order(bought_in, quantity=quantity, now=self.now)
            self.codes.append((bought_in, PaymentCode.objects.get(order=made).code))

        self.acts("order", work)

    @rule(shop=ROWS, quantity=st.integers(1, 3))
    def reserve(self, shop: int, quantity: int) -> None:
        bought_in = one_of(self.shops, shop)

        def work() -> None:
            checkout = a_checkout(bought_in, quantity=quantity, now=self.now)
            self.codes.append((bought_in, reserve_checkout(checkout_id=checkout, now=self.now).code))

        self.acts("reserve", work)

    @rule(shop=ROWS, more=st.integers(1, 6))
    def stock_up(self, shop: int, more: int) -> None:
        stocked = one_of(self.shops, shop)
        self.counted("stock up")
        stocked.stock.refresh_from_db()
        quantity = stocked.stock.quantity + more
        place = stocked.stock.warehouse
        set_stock(actor=stocked.owner, variant=stocked.variant, warehouse=place, quantity=quantity, now=self.now)
        self.known.stocked[stocked.variant.pk] += more

    # Paying

    @precondition(lambda self: self.codes)
    @rule(code=ROWS, amount=AMOUNTS, mangling=MANGLED, feed=st.integers(0, STATEMENT))
    def pay(self, code: int, amount: str, mangling: str, feed: int) -> None:
        shop, text = one_of(self.codes, code)
        content = mangle(mangling, text, seed=code)
        self._transfer("pay", shop, content, self._amount(text, amount), feed=feed)

    @precondition(lambda self: self.codes)
    @rule(code=ROWS, left=st.integers(0, 12), second=ROWS, feed=st.integers(0, STATEMENT))
    def pay_with_a_code_that_was_damaged(self, code: int, left: int, second: int, feed: int) -> None:
        shop, text = one_of(self.codes, code)
        content = f"mua hang {text[:left]}" if second % 3 else f"{text} {one_of(self.codes, second)[1]}"
        self._transfer("pay with a damaged code", shop, content, self._amount(text, "exact"), feed=feed)

    @rule(shop=ROWS, what=st.sampled_from(["no code", "unknown", "foreign", "out"]), feed=st.integers(0, 1))
    def money_that_is_no_sale_s(self, shop: int, what: str, feed: int) -> None:
        into = one_of(self.shops, shop)
        changes: dict[str, object] = {"foreign": {"accountNumber": "1"}, "out": {"transferType": "out"}}.get(what, {})
        content = UNKNOWN_CODE if what == "unknown" else "chuyen tien mua hang"
        self._transfer(what, into, content, PRICE_VND, feed=feed, changes=changes)

    @precondition(lambda self: self.codes)
    @rule(code=ROWS, feed=st.integers(0, 1))
    def pay_while_booking_is_broken(self, code: int, feed: int) -> None:
        shop, text = one_of(self.codes, code)
        with pytest.MonkeyPatch.context() as broken:
            broken.setattr(booking, "charge", lambda *_, **__: 1 / 0)
            self._transfer("pay while broken", shop, text, self._amount(text, "exact"), feed=feed)

    @precondition(lambda self: self.known.transfers)
    @rule(
        transfer=ROWS,
        feed=st.integers(0, STATEMENT),
        way=st.sampled_from(["same", "spelled", "none", "night", "day"]),
    )
    def tell_again(self, transfer: int, feed: int, way: str) -> None:
        """Any feed tells of a transfer that happened: the same feed with the same id, another with its own."""
        known = one_of(self.known.transfers, transfer)
        self.counted(f"tell again: {way}")
        reference, happened = known.reference, known.happened_at
        if way == "spelled":
            reference = f"mbvcb.{reference.lower()} "
        elif way == "none":
            reference = ""
        elif way == "night":
            happened = _midnight(happened) + timedelta(days=1, minutes=30)
        elif way == "day":
            happened = _midnight(happened)
        self._tell(known, feed, told=replace(known, reference=reference, happened_at=happened))

    @precondition(lambda self: self.known.transfers)
    @rule(shop=ROWS, lines=st.integers(1, 4), first=ROWS)
    def bring_a_statement(self, shop: int, lines: int, first: int) -> None:
        """A statement holds some of the shop's transfers, told before or not, in one file."""
        self.counted("bring a statement")
        place = shop % len(self.shops)
        own = [one for one in self.known.transfers if one.shop is self.shops[place] and not one.changes]
        listed = own[first % max(1, len(own)) :][:lines]
        feed = self.feeds[place][STATEMENT]
        if listed:
            reported = [_line(one) for one in listed]
            take_in(feed, raw=b"statement", reported=reported, now=self.now)
            for one, line in zip(listed, reported, strict=True):
                one.told[str(feed.pk)] = line.provider_tx_id

    @rule(at_most=st.integers(1, 3))
    def sweep(self, at_most: int) -> None:
        self.counted("sweep")
        sweep_received(now=self.now, at_most=at_most)

    # Ending

    @rule(minutes=st.sampled_from([1, 16, 31, 400, 1_500]))
    def time_passes(self, minutes: int) -> None:
        self.counted("time passes")
        self.now += timedelta(minutes=minutes)
        sweep_received(now=self.now)
        expire_due_orders(now=self.now, at_most=100)
        release_due_reservations(now=self.now, at_most=100)

    @precondition(lambda self: self.codes)
    @rule(number=ROWS, by_buyer=st.booleans())
    def cancel(self, number: int, by_buyer: bool) -> None:
        def by_shop(shop: Shop, order: Order) -> None:
            cancel_order(actor=shop.owner, order=order, reason="Hết hàng.", now=self.now)

        def by_who_bought(_shop: Shop, order: Order) -> None:
            cancel_own_unpaid_order(token=order.token, now=self.now)

        self._on_order("cancel", number, by_who_bought if by_buyer else by_shop)

    @precondition(lambda self: self.codes)
    @rule(number=ROWS)
    def fulfil(self, number: int) -> None:
        self._on_order(
            "fulfil", number, lambda shop, order: fulfil_order(actor=shop.owner, order=order, now=self.now)
        )

    @precondition(lambda self: self.codes)
    @rule(number=ROWS, amount=st.sampled_from([1_000, PRICE_VND, 2 * PRICE_VND]), cash=st.booleans())
    def mark_paid(self, number: int, amount: int, cash: bool) -> None:
        def work(shop: Shop, order: Order) -> None:
            way = "cash" if cash else "vendor"
            mark_paid_by_hand(actor=shop.seller, order=order, amount_vnd=amount, confirmation=way, now=self.now)

        self._on_order("mark paid", number, work)

    @precondition(lambda self: self.codes)
    @rule(number=ROWS, amount=st.sampled_from([1_000, PRICE_VND]), cash=st.booleans())
    def refund(self, number: int, amount: int, cash: bool) -> None:
        def work(shop: Shop, order: Order) -> None:
            way = "cash" if cash else "vendor"
            record_refund(actor=shop.owner, order=order, amount_vnd=amount, confirmation=way, now=self.now)

        self._on_order("refund", number, work)

    # Deciding

    @precondition(lambda self: self.known.transfers and self.codes)
    @rule(item=ROWS, order=ROWS, act=st.sampled_from(["book", "book", "aside", "refund", "again", "link"]))
    def review(self, item: int, order: int, act: str) -> None:
        items = list(ReviewItem.objects.select_related("vendor", "notice").order_by("pk"))
        orders = list(Order.objects.order_by("pk"))
        if not items or (act == "book" and not orders):
            return
        waits = one_of(items, item)
        actor = next(shop.seller for shop in self.shops if shop.vendor.pk == waits.vendor_id)
        asked: dict[str, Any] = {"actor": actor, "item": waits, "now": self.now}
        work: dict[str, Callable[[], object]] = {
            "book": lambda: book_from_review(order=one_of(orders, order), **asked),
            "aside": lambda: set_aside(resolution="tiền riêng", **asked),
            "refund": lambda: refund_held(method="cash", **asked),
            "again": lambda: take_up_again(**asked),
            "link": lambda: link_to_first(**asked),
        }
        # People see the account itself: they say that money came twice, or once, as it did.
        if act in {"book", "link"} and self._was_told_before(waits) is (act == "book"):
            return
        self.acts(f"review: {act}", work[act])

    @rule(rebuilt=st.booleans())
    def count_figures(self, rebuilt: bool) -> None:
        self.counted("count figures")
        journal.drain(now=self.now)
        if rebuilt:
            self.wrong += [f"figures_are_the_journal: {one}" for one in figures.rebuild(now=self.now)]
            assert not self.wrong, self.wrong

    @invariant()
    def every_truth_holds(self) -> None:
        self.wrong = everything_wrong(self.known) + self.figures.wrong(self.now)
        assert not self.wrong, self.wrong

    # Hands

    def _transfer(
        self,
        name: str,
        shop: Shop,
        content: str,
        amount: int,
        *,
        feed: int,
        changes: dict[str, object] | None = None,
    ) -> None:
        self.counted(name)
        number = len(self.known.transfers) + 1
        transfer = RealTransfer(
            number=number,
            shop=shop,
            amount_vnd=amount,
            content=content,
            reference=f"FT2632{number:08d}",
            happened_at=self.now,
            is_ours=not changes,
            changes=changes or {},
        )
        self.known.transfers.append(transfer)
        self._tell(transfer, feed, told=transfer)

    def _tell(self, transfer: RealTransfer, feed_number: int, *, told: RealTransfer) -> None:
        """Let a feed tell of a transfer in the words of `told`; a feed that knows it says what it said before."""
        feed = self.feeds[self.shops.index(transfer.shop)][feed_number]
        if feed_number == STATEMENT:
            if transfer.changes:
                return
            line = _line(told)
            take_in(feed, raw=b"statement", reported=[line], now=self.now)
            transfer.told[str(feed.pk)] = line.provider_tx_id
            return
        when = told.happened_at.astimezone(tz=VIETNAM).strftime("%Y-%m-%d %H:%M:%S")
        changes = {"referenceCode": told.reference, "transactionDate": when} | told.changes
        notice = a_notice(
            feed,
            transfer.shop.account,
            told.content,
            told.amount_vnd,
            notice_id=transfer.number,
            now=self.now,
            **changes,
        )
        answer = send(feed, notice, now=self.now)
        assert (answer.status, answer.content) == (200, {"success": True})
        transfer.told[str(feed.pk)] = str(transfer.number)

    def _amount(self, code: str, how: str) -> int:
        order = Order.objects.filter(payment_codes__code=code).first()
        exact = max(1, order.outstanding_vnd if order is not None else PRICE_VND)
        return {"exact": exact, "part": max(1, exact // 3), "over": exact + 10_000, "odd": 12_345}[how]

    def _on_order(self, name: str, number: int, work: Callable[[Shop, Order], object]) -> None:
        shop, code = one_of(self.codes, number)
        order = Order.objects.select_related("vendor__commune").filter(payment_codes__code=code).first()
        if order is not None:
            self.acts(name, lambda: work(shop, order))

    def _was_told_before(self, item: ReviewItem) -> bool:
        """Whether another notice stands for the very transfer that an item is about."""
        if item.notice is None:
            return False
        told = (str(item.notice.feed_id), item.notice.provider_tx_id)
        transfer = next(one for one in self.known.transfers if told in one.told.items())
        others = [notice for notice in self.known.notices_of(transfer) if notice.pk != item.notice_id]
        return any(
            other.state == BankNotice.State.BOOKED
            or (other.state == BankNotice.State.REVIEW and other.pk < item.notice.pk)
            for other in others
        )


def _midnight(moment: datetime) -> datetime:
    """When the day of a moment began in Vietnam."""
    return moment.astimezone(VIETNAM).replace(hour=0, minute=0, second=0, microsecond=0)


def _line(told: RealTransfer) -> Reported:
    return Reported(
        provider_tx_id=f"line {told.number}",
        transfer=Transfer(
            direction=Direction.IN, amount=told.amount_vnd, accounts=(told.shop.account,), content=told.content
        ),
        bank_reference=told.reference,
        happened_at=told.happened_at,
    )
