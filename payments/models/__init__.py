"""Feeds of bank notices, the notices themselves, transactions and what waits for a person."""

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
from payments.models.reviews import ReviewItem
from payments.models.stands import StandCode
from payments.models.statements import Statement, StatementFile, StatementLayout, StatementSource
from payments.models.transactions import Confirmation, TransactionEvent, TransactionItem

__all__ = [
    "ACCOUNT_CHARACTERS_MAX",
    "BANK_REFERENCE_CHARACTERS_MAX",
    "CODE_HINT_CHARACTERS_MAX",
    "ORDER_CODE_MAX",
    "TX_ID_CHARACTERS_MAX",
    "BankNotice",
    "Confirmation",
    "Feed",
    "FeedApi",
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
