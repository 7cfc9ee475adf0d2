"""Card payments of buyers abroad: a shop's account at Stripe, payments begun there, and what Stripe tells of them.

Nothing here names a person or a card: Stripe keeps those.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from payments.models.reviews import ReviewItem
from payments.models.transactions import TransactionEvent, TransactionItem

STRIPE_ID_CHARACTERS_MAX = 255
"""Stripe's own promise about the length of its ids."""
PAYMENT_INTENT_CHARACTERS_MAX = 64
"""What a transaction's `psp_reference` holds; Stripe's have 27."""
CARD_URL_CHARACTERS_MAX = 2048


class CardAccount(models.Model):
    """One vendor's own account at Stripe. Buyers pay into it directly: the market holds no money and takes no fee."""

    class State(models.TextChoices):
        NEW = "new"
        """Asked for; Stripe has not answered yet."""
        ONBOARDING = "onboarding"
        """Stripe still wants to know something of the vendor."""
        ENABLED = "enabled"
        RESTRICTED = "restricted"
        """Everything was handed in, and Stripe lets nobody pay into it (any more)."""

    vendor = models.OneToOneField(
        "vendors.Vendor", on_delete=models.PROTECT, primary_key=True, related_name="card_account"
    )
    stripe_id = models.CharField(max_length=STRIPE_ID_CHARACTERS_MAX, blank=True)
    """Stripe's `acct_…`; empty only while `NEW`."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    charges_enabled = models.BooleanField(default=False)
    made_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True, blank=True)
    """As of when Stripe said so: what it said earlier and arrives later changes nothing."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["stripe_id"], name="card_account_once_at_stripe", condition=~Q(stripe_id="")
            ),
            models.CheckConstraint(
                name="card_account_enabled_is_known",
                condition=Q(charges_enabled=False) | (Q(state="enabled") & ~Q(stripe_id="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stripe_id or self.vendor_id} ({self.state})"


class CardSession(models.Model):
    """One card payment of one order, begun on Stripe's page. Its key is what Stripe is asked with, so that asking
    again is the same asking."""

    class State(models.TextChoices):
        NEW = "new"
        """Stripe was asked, and has not answered yet."""
        OPEN = "open"
        PROCESSING = "processing"
        """The buyer did their part; the money is not certain yet."""
        CLOSING = "closing"
        """Not wanted any more, and to be closed at Stripe."""
        EXPIRED = "expired"
        FAILED = "failed"
        PAID = "paid"
        HELD = "held"
        """Paid, but the order could not take the money: the vendor must give it back."""

    LIVE: ClassVar = (State.NEW, State.OPEN, State.PROCESSING)

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    order = models.ForeignKey("orders.Order", on_delete=models.PROTECT, related_name="card_sessions")
    account = models.ForeignKey(CardAccount, on_delete=models.PROTECT, related_name="sessions")
    transaction = models.OneToOneField(TransactionItem, on_delete=models.PROTECT, related_name="card_session")
    amount_vnd = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.NEW)
    stripe_id = models.CharField(max_length=STRIPE_ID_CHARACTERS_MAX, blank=True)
    """Stripe's `cs_…`, once it answered."""
    payment_intent = models.CharField(max_length=PAYMENT_INTENT_CHARACTERS_MAX, blank=True)
    """Stripe's `pi_…`, once it is paid; refunds and disputes name it."""
    url = models.CharField(max_length=CARD_URL_CHARACTERS_MAX, blank=True)
    """Where the buyer pays."""
    charge_event = models.OneToOneField(
        TransactionEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="card_charge"
    )
    """One payment is booked at most once: the database holds it."""
    held_vnd = models.BigIntegerField(default=0)
    """What came and is in no order's balance, less what was given back of it."""
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)
    """When the market last asked Stripe about it by itself."""

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["order"],
                name="one_live_card_session_an_order",
                condition=Q(state__in=["new", "open", "processing"]),
            ),
            models.UniqueConstraint(
                fields=["stripe_id"], name="card_session_once_at_stripe", condition=~Q(stripe_id="")
            ),
            models.UniqueConstraint(
                fields=["payment_intent"], name="card_payment_once", condition=~Q(payment_intent="")
            ),
            models.CheckConstraint(
                name="card_session_amounts_possible", condition=Q(amount_vnd__gt=0, held_vnd__gte=0)
            ),
            models.CheckConstraint(
                name="card_session_paid_is_booked",
                condition=Q(state="paid", charge_event__isnull=False)
                | (~Q(state="paid") & Q(charge_event__isnull=True)),
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["looked_at"],
                name="card_session_unfinished",
                condition=Q(state__in=["new", "open", "processing", "closing"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.amount_vnd} ({self.state})"


class CardEvent(models.Model):
    """One event that Stripe told us of, kept in the transaction of its effect: told again, it has none."""

    class State(models.TextChoices):
        WAITING = "waiting"
        """It speaks of a payment that is not booked yet; done when that is known."""
        DONE = "done"
        IGNORED = "ignored"

    id = models.BigAutoField(primary_key=True)
    stripe_event_id = models.CharField(max_length=STRIPE_ID_CHARACTERS_MAX, unique=True)
    kind = models.CharField(max_length=80)
    """Stripe's own type, for example `checkout.session.completed`."""
    account = models.CharField(max_length=STRIPE_ID_CHARACTERS_MAX, blank=True)
    livemode = models.BooleanField()
    payment_intent = models.CharField(max_length=PAYMENT_INTENT_CHARACTERS_MAX, blank=True)
    told = models.JSONField(default=dict)
    """What was read of it: ids, amounts in đồng, states. No name, no address, no card."""
    happened_at = models.DateTimeField()
    received_at = models.DateTimeField()
    state = models.CharField(max_length=8, choices=State.choices)
    why = models.CharField(max_length=40, blank=True)
    session = models.ForeignKey(
        CardSession, on_delete=models.PROTECT, null=True, blank=True, related_name="told_events"
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    tried_at = models.DateTimeField(null=True, blank=True)
    """When the market last tried by itself to do what waits."""

    class Meta:
        indexes: ClassVar = [
            models.Index(
                fields=["payment_intent", "received_at"], name="card_event_waiting", condition=Q(state="waiting")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.stripe_event_id} {self.kind} ({self.state})"


UNHEARD_PREFIX = "unheard:"


class CardRefund(models.Model):
    """Money that goes back to a card, asked by the vendor here or at Stripe. Counted when Stripe says it went."""

    class State(models.TextChoices):
        ASKED = "asked"
        """Stripe has not answered yet; the market asks again with the same key."""
        PENDING = "pending"
        SUCCEEDED = "succeeded"
        FAILED = "failed"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    session = models.ForeignKey(CardSession, on_delete=models.PROTECT, related_name="refunds")
    amount_vnd = models.BigIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.ASKED)
    stripe_id = models.CharField(max_length=STRIPE_ID_CHARACTERS_MAX, blank=True)
    """Stripe's `re_…`, once it is known. What was refused or never answered has a word of ours and our own key."""
    refund_event = models.OneToOneField(
        TransactionEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="card_refund"
    )
    returned_event = models.OneToOneField(
        TransactionEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="card_refund_returned"
    )
    """A refund can fail after it succeeded: then the money is the vendor's again."""
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    made_at = models.DateTimeField()
    looked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["stripe_id"], name="card_refund_once_at_stripe", condition=~Q(stripe_id="")
            ),
            models.CheckConstraint(name="card_refund_positive", condition=Q(amount_vnd__gt=0)),
            # What Stripe has an id for was heard: asking for it again would send the money twice.
            models.CheckConstraint(
                name="card_refund_asked_is_unheard", condition=~Q(state="asked") | Q(stripe_id="")
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["looked_at"], name="card_refund_unfinished", condition=Q(state__in=["asked", "pending"])
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.amount_vnd} ({self.state})"

    @property
    def may_have_gone(self) -> bool:
        """Whether Stripe was asked and never answered, so that only its own pages say if the money went."""
        return self.state == self.State.FAILED and self.stripe_id.startswith(UNHEARD_PREFIX)


class CardDispute(models.Model):
    """A card's holder says that they did not buy this; the card network may take the money back meanwhile."""

    class State(models.TextChoices):
        OPEN = "open"
        WON = "won"
        LOST = "lost"
        CLOSED = "closed"
        """It was only an inquiry, or it was taken back."""

    id = models.BigAutoField(primary_key=True)
    session = models.ForeignKey(CardSession, on_delete=models.PROTECT, related_name="disputes")
    stripe_id = models.CharField(max_length=STRIPE_ID_CHARACTERS_MAX, unique=True)
    amount_vnd = models.BigIntegerField()
    reason = models.CharField(max_length=40, blank=True)
    """Stripe's word, for example `fraudulent`."""
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    due_at = models.DateTimeField(null=True, blank=True)
    """Until when the vendor may answer at Stripe."""
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    """When the card network took the money; its event is empty where the payment itself was never booked."""
    withdrawn_event = models.OneToOneField(
        TransactionEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="card_withdrawn"
    )
    reinstated_at = models.DateTimeField(null=True, blank=True)
    reinstated_event = models.OneToOneField(
        TransactionEvent, on_delete=models.PROTECT, null=True, blank=True, related_name="card_reinstated"
    )
    review_item = models.ForeignKey(ReviewItem, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="card_dispute_positive", condition=Q(amount_vnd__gt=0)),
        ]

    def __str__(self) -> str:
        return f"{self.stripe_id} {self.amount_vnd} ({self.state})"
