"""What the database itself refuses about money, whoever writes: the invariants of design.md section 4.

What a row can say of itself is a CHECK of its table (`payments.models`, `orders.models`); here is what takes two
rows or a row's past. All of it is asked through indexes, by the key of what was written.
"""

from __future__ import annotations

from typing import Final

from marketplace.core.guards import AppendOnly, Guard, Promise, Refusal, Watch, WholeNumbers

EVENTS: Final = "payments_transactionevent"
ITEMS: Final = "payments_transactionitem"
NOTICES: Final = "payments_banknotice"
DELIVERIES: Final = "payments_noticedelivery"
REVIEWS: Final = "payments_reviewitem"
GRANTED: Final = "payments_grantedrefund"
ORDERS: Final = "orders_order"
CODES: Final = "orders_paymentcode"
FEEDS: Final = "payments_feed"
STATEMENTS: Final = "payments_statement"

_MOVES: Final = "NEW.type IN ('charge_success', 'refund_success', 'charge_back')"

KEPT_ROWS: Final = (
    AppendOnly(model="payments.TransactionEvent"),
    AppendOnly(
        model="payments.TransactionItem",
        may_change=("order", "checkout", "psp_reference", "idempotency_key", "metadata", "private_metadata"),
    ),
    AppendOnly(model="payments.NoticeDelivery", may_change=("raw_body",)),
    AppendOnly(model="payments.BankNotice", may_change=("state", "why", "order", "decided_at", "vendor", "same_as")),
    AppendOnly(model="payments.CardEvent", may_change=("state", "why", "session", "decided_at", "tried_at")),
    AppendOnly(model="payments.ReviewItem", fixed=("vendor", "kind", "notice", "opened_at")),
    AppendOnly(model="payments.GrantedRefund", fixed=("order", "granted_at", "granted_by")),
    # Where a buyer's money goes and whose it is, as it was told to them.
    AppendOnly(model="orders.PaymentCode", may_change=("checkout", "order", "is_live")),
)

WHOLE_DONG: Final = tuple(
    WholeNumbers(model=model)
    for model in ("orders.Order", "orders.OrderLine", "payments.BankNotice", "payments.TransactionEvent",
                  "payments.ReviewItem", "payments.GrantedRefund", "payments.Statement", "payments.CardSession",
                  "payments.CardRefund", "payments.CardDispute", "payments.PaymentLink")
)  # fmt: skip

_PAID_STATES: Final = "NEW.status IN ('unfulfilled', 'partially_fulfilled', 'fulfilled')"
_FIGURES: Final = ("lines_count", "in_vnd", "out_vnd", "gap_vnd", "new_count", "booked_count", "booked_vnd",
                   "review_count", "review_vnd", "ignored_count", "ignored_vnd")  # fmt: skip

OF_ORDERS: Final = (
    *(
        Refusal(
            name=f"only_paid_orders_are_handed_over_{what}",
            table=ORDERS,
            on=on,
            when=f"{_PAID_STATES} AND NEW.fully_charged_at IS NULL",
            message="goods are handed over for an order that was paid in full once",
        )
        for what, on in (("at_first", "INSERT"), ("later", "UPDATE OF status, fully_charged_at"))
    ),
    *(
        Refusal(
            name=f"paid_in_full_had_the_money_{what}",
            table=ORDERS,
            on=on,
            when=f"{first}NEW.fully_charged_at IS NOT NULL AND NEW.charge_status NOT IN ('full', 'overcharged')",
            message="an order is called paid in full on the day on which it is",
        )
        for what, on, first in (
            ("at_first", "INSERT", ""),
            ("later", "UPDATE OF fully_charged_at", "OLD.fully_charged_at IS NULL AND "),
        )
    ),
    Refusal(
        name="paid_in_full_stays",
        table=ORDERS,
        on="UPDATE OF fully_charged_at",
        when="OLD.fully_charged_at IS NOT NULL"
        " AND (NEW.fully_charged_at IS NULL OR NEW.fully_charged_at <> OLD.fully_charged_at)",
        message="when an order was first paid in full is never taken back",
    ),
    Refusal(
        name="order_ends_rightly",
        table=ORDERS,
        on="UPDATE OF status",
        when="(NEW.status = 'expired' AND NEW.charged_vnd > 0) OR (NEW.status = 'canceled' AND NEW.ended_at IS NULL)"
        " OR (NEW.status IN ('expired', 'canceled') AND OLD.status IN ('partially_fulfilled', 'fulfilled'))",
        message="an order with money in it does not expire, and one whose goods are gone does not end",
    ),
    Refusal(
        name="code_keeps_its_sale",
        table=CODES,
        on="UPDATE OF order_id, checkout_id",
        when="(OLD.order_id IS NOT NULL AND COALESCE(NEW.order_id, 0) <> OLD.order_id)"
        " OR (NEW.checkout_id IS NOT NULL AND (OLD.checkout_id IS NULL OR NEW.checkout_id <> OLD.checkout_id))",
        message="a payment code leads to one sale for good",
    ),
    Refusal(
        name="code_goes_with_its_checkout",
        table=CODES,
        on="UPDATE OF order_id",
        only="OLD.order_id IS NULL AND NEW.order_id IS NOT NULL",
        when="NOT EXISTS (SELECT 1 FROM orders_order WHERE id = NEW.order_id AND vendor_id = NEW.vendor_id"
        " AND checkout_id = OLD.checkout_id)",
        message="a payment code goes from a checkout to the order that was made of it",
    ),
)

REFUSALS: Final = (
    *OF_ORDERS,
    Refusal(
        name="feed_keeps_its_owner",
        table=FEEDS,
        on="UPDATE OF vendor_id, market_site_id",
        only="COALESCE(NEW.vendor_id, 0) <> COALESCE(OLD.vendor_id, 0)"
        " OR COALESCE(NEW.market_site_id, 0) <> COALESCE(OLD.market_site_id, 0)",
        when="EXISTS (SELECT 1 FROM payments_banknotice WHERE feed_id = NEW.id)",
        message="a feed that told of money speaks for its owner for good",
    ),
    Refusal(
        name="held_notice_lies_once_it_was_reviewed",
        table=NOTICES,
        on="UPDATE OF state",
        only="OLD.state = 'review' AND NEW.state = 'ignored'",
        when="EXISTS (SELECT 1 FROM payments_reviewitem WHERE notice_id = NEW.id AND closed_at IS NULL)",
        message="a notice that waits for a person is let lie by that person only",
    ),
    Refusal(
        name="closed_review_stays",
        table=REVIEWS,
        on="UPDATE OF amount_vnd, outcome, refund_method, closed_at",
        when="(OLD.closed_at IS NOT NULL AND NEW.closed_at IS NOT NULL AND (NEW.amount_vnd <> OLD.amount_vnd"
        " OR NEW.outcome <> OLD.outcome OR NEW.refund_method <> OLD.refund_method OR NEW.closed_at <> OLD.closed_at))"
        " OR (OLD.outcome = 'booked' AND NEW.outcome <> OLD.outcome)"
        " OR (OLD.notice_id IS NOT NULL AND NEW.amount_vnd <> OLD.amount_vnd)",
        message="how a review ended stays as it is, and what it is about",
    ),
    Refusal(
        name="done_statement_stays",
        table=STATEMENTS,
        on=f"UPDATE OF state, {', '.join(_FIGURES)}",
        when="OLD.state = 'done'",
        message="what became of a statement stays as it was added up",
    ),
    Refusal(
        name="raw_body_only_goes",
        table=DELIVERIES,
        on="UPDATE OF raw_body",
        when="NEW.raw_body IS NOT NULL AND (OLD.raw_body IS NULL OR NEW.raw_body <> OLD.raw_body)",
        message="the bytes of a delivery are erased, never written again",
    ),
    Refusal(
        name="notice_state_moves_on",
        table=NOTICES,
        on="UPDATE OF state",
        when="NEW.state <> OLD.state AND OLD.state <> 'received'"
        " AND NOT (OLD.state = 'review' AND NEW.state IN ('booked', 'ignored'))"
        # A person who linked it to an earlier telling may find that it was another transfer after all.
        " AND NOT (OLD.state = 'ignored' AND NEW.state = 'review' AND OLD.same_as_id IS NOT NULL"
        " AND EXISTS (SELECT 1 FROM payments_reviewitem WHERE notice_id = OLD.id))",
        message="a notice that was settled stays settled",
    ),
    Refusal(
        name="settled_notice_stays",
        table=NOTICES,
        on="UPDATE OF order_id, vendor_id, same_as_id",
        when="OLD.state IN ('booked', 'ignored') AND (COALESCE(NEW.order_id, 0) <> COALESCE(OLD.order_id, 0)"
        " OR COALESCE(NEW.vendor_id, 0) <> COALESCE(OLD.vendor_id, 0)"
        " OR (COALESCE(NEW.same_as_id, 0) <> COALESCE(OLD.same_as_id, 0) AND NEW.state <> 'review'))",
        message="what a settled notice is about does not change",
    ),
    Refusal(
        name="item_keeps_its_order",
        table=ITEMS,
        on="UPDATE OF order_id",
        when="OLD.order_id IS NOT NULL AND COALESCE(NEW.order_id, 0) <> OLD.order_id",
        message="a transaction belongs to one order for good",
    ),
    Refusal(
        name="event_is_of_its_order",
        table=EVENTS,
        on="INSERT",
        only="NEW.order_id IS NOT NULL",
        when="NOT EXISTS (SELECT 1 FROM payments_transactionitem item JOIN orders_order sale"
        " ON sale.id = item.order_id WHERE item.id = NEW.transaction_id AND sale.id = NEW.order_id"
        " AND sale.vendor_id = NEW.vendor_id AND sale.channel = NEW.channel)",
        message="an event has the order of its transaction, and the vendor and channel of its order",
    ),
    Refusal(
        name="hand_money_has_its_own_item",
        table=EVENTS,
        on="INSERT",
        only="NEW.type = 'charge_success'",
        when="NOT EXISTS (SELECT 1 FROM payments_transactionitem item"
        " WHERE item.id = NEW.transaction_id AND (NEW.confirmation = 'cash') = (item.gateway = 'market40.cash')"
        " AND (NEW.confirmation = 'vendor') = (item.gateway = 'market40.vendor'))",
        message="what is marked by hand is never in one transaction with what a bank or the card network said",
    ),
    Refusal(
        name="no_more_goes_back_than_came",
        table=EVENTS,
        on="INSERT",
        # The card network says what it did, also where part of it was written down by hand before.
        only="NEW.type = 'refund_success' AND NEW.confirmation <> 'card'",
        when="NEW.amount_vnd > (SELECT COALESCE(SUM(CASE type WHEN 'charge_success' THEN amount_vnd"
        " WHEN 'refund_success' THEN -amount_vnd WHEN 'charge_back' THEN -amount_vnd ELSE 0 END), 0)"
        " FROM payments_transactionevent WHERE transaction_id = NEW.transaction_id)",
        message="no more goes back out of a transaction than came into it",
    ),
    Refusal(
        name="granted_refund_stays",
        table=GRANTED,
        on="UPDATE OF amount_vnd, status",
        when="OLD.status IN ('success', 'failure') AND"
        " (NEW.status <> OLD.status OR NEW.amount_vnd <> OLD.amount_vnd)",
        message="a granted refund that came to its end stays as it is",
    ),
    *(
        Refusal(
            name=f"granted_no_more_than_charged_{what}",
            table=GRANTED,
            on=on,
            only=only,
            when="NEW.amount_vnd + (SELECT COALESCE(SUM(amount_vnd), 0) FROM payments_grantedrefund"
            " WHERE order_id = NEW.order_id AND status = 'none' AND id <> NEW.id)"
            " > (SELECT charged_vnd FROM orders_order WHERE id = NEW.order_id)",
            message="no more is promised back than an order was charged",
        )
        for what, on, only in (
            ("at_first", "INSERT", "NEW.status = 'none'"),
            ("later", "UPDATE OF amount_vnd", "NEW.amount_vnd > OLD.amount_vnd"),
        )
    ),
)

PROMISES: Final = (
    Promise(
        name="order_balance",
        holds="(SELECT charged_vnd FROM orders_order WHERE id = {key})"
        " = (SELECT COALESCE(SUM(CASE type WHEN 'charge_success' THEN amount_vnd"
        " WHEN 'refund_success' THEN -amount_vnd WHEN 'charge_back' THEN -amount_vnd ELSE 0 END), 0)"
        " FROM payments_transactionevent WHERE order_id = {key})",
        watches=(
            Watch(table=EVENTS, on="INSERT", subject="order_id", when=_MOVES),
            Watch(
                table=ORDERS,
                on="UPDATE OF charged_vnd",
                subject="id",
                when="NEW.charged_vnd <> OLD.charged_vnd",
            ),
            Watch(table=ORDERS, on="INSERT", subject="id", when="NEW.charged_vnd <> 0"),
        ),
        message="an order has been charged the sum of its events",
    ),
    Promise(
        name="notice_booking",
        holds="EXISTS (SELECT 1 FROM payments_banknotice notice"
        " JOIN payments_transactionevent event ON event.notice_id = notice.id"
        " WHERE notice.id = {key} AND notice.state = 'booked' AND event.amount_vnd = notice.amount_vnd"
        " AND event.order_id = notice.order_id AND event.vendor_id = notice.vendor_id"
        " AND event.bank_date = notice.bank_date AND event.type ="
        " CASE WHEN notice.is_incoming THEN 'charge_success' ELSE 'refund_success' END)",
        watches=(
            Watch(table=EVENTS, on="INSERT", subject="notice_id", when="NEW.notice_id IS NOT NULL"),
            Watch(table=NOTICES, on="UPDATE OF state", subject="id", when="NEW.state = 'booked'"),
            Watch(table=NOTICES, on="INSERT", subject="id", when="NEW.state = 'booked'"),
        ),
        message="a notice is booked by one event of its amount, day, order and vendor, or by none",
    ),
    Promise(
        name="held_notice_is_listed",
        holds="NOT EXISTS (SELECT 1 FROM payments_banknotice WHERE id = {key} AND state = 'review')"
        " OR EXISTS (SELECT 1 FROM payments_reviewitem WHERE notice_id = {key})",
        watches=(
            Watch(table=NOTICES, on="UPDATE OF state", subject="id", when="NEW.state = 'review'"),
            Watch(table=NOTICES, on="INSERT", subject="id", when="NEW.state = 'review'"),
            Watch(
                table=REVIEWS,
                on="INSERT",
                subject="notice_id",
                when="NEW.notice_id IS NOT NULL",
                can_only_mend=True,
            ),
        ),
        message="a notice that is held is in its vendor's review list",
    ),
    Promise(
        name="granted_refund_is_kept",
        holds="EXISTS (SELECT 1 FROM payments_grantedrefund granted WHERE granted.id = {key}"
        " AND (granted.status = 'success') = (granted.amount_vnd = (SELECT COALESCE(SUM(amount_vnd), 0)"
        " FROM payments_transactionevent event WHERE event.related_granted_refund_id = granted.id"
        " AND event.type = 'refund_success' AND event.order_id = granted.order_id)))",
        watches=(
            Watch(
                table=EVENTS,
                on="INSERT",
                subject="related_granted_refund_id",
                when="NEW.related_granted_refund_id IS NOT NULL",
            ),
            Watch(table=GRANTED, on="UPDATE OF status, amount_vnd", subject="id"),
            Watch(table=GRANTED, on="INSERT", subject="id"),
        ),
        message="a granted refund has succeeded when its order's refunds for it add up to its amount",
    ),
)

MONEY_GUARDS: Final[tuple[Guard, ...]] = (*KEPT_ROWS, *REFUSALS, *PROMISES)
