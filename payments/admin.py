"""What the operator may look at: feeds, notices and movements of money. Nothing here changes anything."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest

from marketplace.core.looking import LookOnlyAdmin
from payments.models import BankNotice, CardAccount, CardEvent, CardSession, Feed, ReviewItem, TransactionEvent


@admin.register(Feed)
class FeedAdmin(LookOnlyAdmin):
    """Feeds without their secrets."""

    fields = ("id", "provider", "auth", "vendor", "market_site", "username", "is_active", "made_at", "last_notice_at")
    list_display = ("id", "provider", "auth", "vendor", "market_site", "is_active", "last_notice_at")
    list_filter = ("provider", "is_active")
    list_select_related = ("vendor", "market_site")
    ordering = ("-made_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Feeds without reading their secrets, which a missing key would make impossible."""
        return super().get_queryset(request).defer("secret", "previous_secret")


@admin.register(BankNotice)
class BankNoticeAdmin(LookOnlyAdmin):
    """Notices as they were read, without what the payer wrote: the vendor's list shows that."""

    fields = (
        "feed",
        "provider_tx_id",
        "vendor",
        "amount_vnd",
        "is_incoming",
        "is_test",
        "bank_reference",
        "happened_at",
        "bank_date",
        "received_at",
        "state",
        "why",
        "order",
        "decided_at",
    )
    list_display = ("id", "provider_tx_id", "vendor", "amount_vnd", "state", "why", "happened_at", "received_at")
    list_filter = ("state", "why")
    list_select_related = ("vendor",)
    search_fields = ("=provider_tx_id", "=bank_reference")
    ordering = ("-id",)


@admin.register(TransactionEvent)
class TransactionEventAdmin(LookOnlyAdmin):
    """Every movement of money."""

    fields = (
        "transaction",
        "order",
        "vendor",
        "type",
        "amount_vnd",
        "psp_reference",
        "confirmation",
        "notice",
        "happened_at",
        "bank_date",
        "commune",
        "channel",
    )
    list_display = ("id", "type", "amount_vnd", "confirmation", "vendor", "order", "bank_date")
    list_filter = ("type", "confirmation")
    list_select_related = ("vendor", "order")
    ordering = ("-id",)


@admin.register(ReviewItem)
class ReviewItemAdmin(LookOnlyAdmin):
    """What waits for a vendor, and how it ended."""

    list_display = ("id", "kind", "vendor", "amount_vnd", "opened_at", "closed_at")
    list_filter = ("kind",)
    list_select_related = ("vendor",)
    ordering = ("-id",)


@admin.register(CardAccount)
class CardAccountAdmin(LookOnlyAdmin):
    """Which shops take cards."""

    list_display = ("vendor", "stripe_id", "state", "charges_enabled", "made_at", "told_at")
    list_filter = ("state",)
    list_select_related = ("vendor",)
    ordering = ("-made_at",)


@admin.register(CardSession)
class CardSessionAdmin(LookOnlyAdmin):
    """Card payments, without the addresses that they are paid at."""

    fields = (
        "order",
        "account",
        "amount_vnd",
        "state",
        "stripe_id",
        "payment_intent",
        "held_vnd",
        "made_at",
        "expires_at",
    )
    list_display = ("order", "amount_vnd", "state", "payment_intent", "held_vnd", "made_at")
    list_filter = ("state",)
    list_select_related = ("order",)
    search_fields = ("=payment_intent", "=stripe_id")
    ordering = ("-made_at",)


@admin.register(CardEvent)
class CardEventAdmin(LookOnlyAdmin):
    """What Stripe told, and what came of it."""

    list_display = (
        "stripe_event_id",
        "kind",
        "account",
        "payment_intent",
        "state",
        "why",
        "happened_at",
        "received_at",
    )
    list_filter = ("state", "why", "kind")
    search_fields = ("=stripe_event_id", "=payment_intent")
    ordering = ("-id",)
