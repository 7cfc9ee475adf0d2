from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.saleor.models.installations import SALEOR_ID_CHARACTERS_MAX, Installation

PSP_REFERENCE_CHARACTERS_MAX = 120


class SaleorTransaction(models.Model):
    """A Saleor TransactionItem of our gateway: one asking for money for one of its checkouts or orders."""

    class Source(models.TextChoices):
        CHECKOUT = "checkout"
        ORDER = "order"

    id = models.BigAutoField(primary_key=True)
    installation = models.ForeignKey(Installation, on_delete=models.PROTECT, related_name="transactions")
    saleor_id = models.CharField(max_length=SALEOR_ID_CHARACTERS_MAX)
    """`TransactionItem:<uuid>`, as base64."""
    source = models.CharField(max_length=8, choices=Source.choices)
    source_id = models.CharField(max_length=SALEOR_ID_CHARACTERS_MAX, db_index=True)
    """The Checkout or Order that it was begun for."""
    saleor_order_id = models.CharField(max_length=SALEOR_ID_CHARACTERS_MAX, blank=True, db_index=True)
    """The Order that it pays; empty while it is a checkout."""
    saleor_order_number = models.CharField(max_length=40, blank=True)
    amount_vnd = models.BigIntegerField()
    made_at = models.DateTimeField()
    read_back_at = models.DateTimeField(null=True, blank=True)
    """When Saleor's own sums last agreed with what was reported."""
    charged_there_vnd = models.BigIntegerField(null=True, blank=True)
    """Saleor's `chargedAmount` when it was last read back."""
    problem = models.CharField(max_length=300, blank=True)
    """In which way the sums disagree, or what Saleor refused; empty while all is well."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["installation", "saleor_id"], name="saleor_transaction_once"),
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="saleor_transaction_positive"),
        ]

    def __str__(self) -> str:
        return self.saleor_id


class SaleorPart(models.Model):
    """One vendor's part of a sale at Saleor: an order of ours with the prices that Saleor computed.

    A sale that was paid by our gateway has its parts from the moment the code was shown; one that was paid
    otherwise gets them with its ORDER_* events, and has no transaction of ours.
    """

    id = models.BigAutoField(primary_key=True)
    installation = models.ForeignKey(Installation, on_delete=models.PROTECT, related_name="parts")
    transaction = models.ForeignKey(
        SaleorTransaction, on_delete=models.PROTECT, null=True, blank=True, related_name="parts"
    )
    order = models.OneToOneField("orders.Order", on_delete=models.PROTECT, related_name="saleor_part")
    saleor_order_id = models.CharField(max_length=SALEOR_ID_CHARACTERS_MAX, blank=True, db_index=True)
    """The Saleor Order it is a part of; empty while that is a checkout."""
    lines = models.JSONField(default=dict)
    """Our order line's id -> the Saleor line's id (a CheckoutLine's until there is an order, then an OrderLine's)."""
    is_replaced = models.BooleanField(default=False)
    """The checkout was changed and paid for anew: this part is wanted no more, unless money comes for it."""

    def __str__(self) -> str:
        return f"{self.order_id} of {self.saleor_order_id or self.transaction_id}"


class SaleorRefundRequest(models.Model):
    """A refund that Saleor's staff asked of us: a promise to the buyer that each part's vendor has to keep."""

    id = models.BigAutoField(primary_key=True)
    transaction = models.ForeignKey(SaleorTransaction, on_delete=models.PROTECT, related_name="refund_requests")
    psp_reference = models.CharField(max_length=PSP_REFERENCE_CHARACTERS_MAX, unique=True)
    """Ours, one a promise; the first of a request's is what Saleor was answered."""
    answered_reference = models.CharField(max_length=PSP_REFERENCE_CHARACTERS_MAX, db_index=True)
    """What Saleor was answered for the whole request, and what its end is reported under: Saleor sums by it."""
    granted_refund = models.OneToOneField(
        "payments.GrantedRefund", on_delete=models.PROTECT, related_name="saleor_refund_request"
    )
    amount_vnd = models.BigIntegerField()
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(amount_vnd__gt=0), name="saleor_refund_request_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.psp_reference} {self.amount_vnd}"


class SaleorReport(models.Model):
    """One `transactionEventReport` that Saleor is owed: the outbox. Sent in order of its id for each transaction."""

    class State(models.TextChoices):
        WAITING = "waiting"
        SENT = "sent"
        """Saleor took it, and was not read back yet."""
        DONE = "done"
        """Saleor's own sums contain it."""
        REFUSED = "refused"
        """Saleor says no, and will every time: a person must look."""

    id = models.BigAutoField(primary_key=True)
    transaction = models.ForeignKey(SaleorTransaction, on_delete=models.PROTECT, related_name="reports")
    event = models.OneToOneField(
        "payments.TransactionEvent", on_delete=models.PROTECT, null=True, blank=True, related_name="saleor_report"
    )
    """The movement of money that it tells of: each is told once. Null for what moved none (a cancelation)."""
    type = models.CharField(max_length=24)
    """Saleor's TransactionEventTypeEnum, for example CHARGE_SUCCESS, REFUND_SUCCESS or CANCEL_SUCCESS."""
    psp_reference = models.CharField(max_length=PSP_REFERENCE_CHARACTERS_MAX)
    amount_vnd = models.BigIntegerField()
    message = models.CharField(max_length=300, blank=True)
    happened_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField()
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["transaction", "type", "psp_reference"], name="saleor_report_once"),
            models.CheckConstraint(condition=Q(amount_vnd__gte=0), name="saleor_report_not_negative"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["not_before"], name="saleor_report_due", condition=Q(state__in=["waiting", "sent"])),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.amount_vnd} ({self.state})"
