"""Feeds of bank notices, the notices themselves, transactions, refunds and what waits for a person."""

from payments.models.cards import (
    PAYMENT_INTENT_CHARACTERS_MAX,
    STRIPE_ID_CHARACTERS_MAX,
    CardAccount,
    CardDispute,
    CardEvent,
    CardRefund,
    CardSession,
)
from payments.models.feeds import Feed, FeedApi
from payments.models.links import ORDER_CODE_MAX, PaymentLink
from payments.models.notices import (
    ACCOUNT_CHARACTERS_MAX,
    BANK_REFERENCE_CHARACTERS_MAX,
    CODE_HINT_CHARACTERS_MAX,
    TX_ID_CHARACTERS_MAX,
    BankNotice,
    NoticeDelivery,
)
from payments.models.refunds import GrantedRefund
from payments.models.reviews import ReviewItem
from payments.models.stands import StandCode
from payments.models.statements import Statement, StatementFile, StatementLayout, StatementSource
from payments.models.transactions import (
    MONEY_IN,
    MONEY_MOVES,
    MONEY_OUT,
    Confirmation,
    TransactionEvent,
    TransactionItem,
)

__all__ = [
    "ACCOUNT_CHARACTERS_MAX",
    "BANK_REFERENCE_CHARACTERS_MAX",
    "CODE_HINT_CHARACTERS_MAX",
    "MONEY_IN",
    "MONEY_MOVES",
    "MONEY_OUT",
    "ORDER_CODE_MAX",
    "PAYMENT_INTENT_CHARACTERS_MAX",
    "STRIPE_ID_CHARACTERS_MAX",
    "TX_ID_CHARACTERS_MAX",
    "BankNotice",
    "CardAccount",
    "CardDispute",
    "CardEvent",
    "CardRefund",
    "CardSession",
    "Confirmation",
    "Feed",
    "FeedApi",
    "GrantedRefund",
    "NoticeDelivery",
    "PaymentLink",
    "ReviewItem",
    "StandCode",
    "Statement",
    "StatementFile",
    "StatementLayout",
    "StatementSource",
    "TransactionEvent",
    "TransactionItem",
]
