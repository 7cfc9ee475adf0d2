"""What the operator may look at: feeds, notices and movements of money. Nothing here changes anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core import clock
from marketplace.core.looking import LookOnlyAdmin
from payments.health import FEED_SILENT_DAYS
from payments.models import (
    BankNotice,
    CardAccount,
    CardEvent,
    CardSession,
    Feed,
    FeedApi,
    ReviewItem,
    TransactionEvent,
)


@admin.register(Feed)
class FeedAdmin(LookOnlyAdmin):
    """Feeds without their secrets."""

    fields = ("id", "provider", "auth", "vendor", "market_site", "username", "is_active", "made_at", "last_notice_at")
    list_display = ("id", "health", "provider", "vendor", "market_site", "last_notice_at", "polled_at")
    list_filter = ("provider", "is_active")
    list_select_related = ("vendor", "market_site", "api")
    ordering = ("-made_at",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Feeds without reading their secrets, which a missing key would make impossible."""
        return super().get_queryset(request).defer("secret", "previous_secret", "api__api_key")

    @admin.display(description=_("tình trạng"))
    def health(self, feed: Feed) -> Promise | str:
        """Whether it tells of money, in a word."""
        api = _api_of(feed)
        if not feed.is_active:
            return _("Đã đóng")
        if api is not None and api.problem:
            return format_lazy("{words}: {problem}", words=_("Hỏi không được"), problem=api.problem)
        if feed.last_notice_at is None:
            return _("Chưa báo lần nào")
        silent = clock.now() - feed.last_notice_at > timedelta(days=FEED_SILENT_DAYS)
        return _("Im lặng lâu") if silent else _("Tốt")

    @admin.display(description=_("hỏi lần cuối"))
    def polled_at(self, feed: Feed) -> datetime | None:
        """When its provider was last asked for what it did not tell."""
        api = _api_of(feed)
        return api.polled_at if api is not None else None


def _api_of(feed: Feed) -> FeedApi | None:
    return getattr(feed, "api", None)


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
