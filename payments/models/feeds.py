"""Feeds of bank notices, and how the market asks their providers for what it did not hear."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.core.secrets import EncryptedTextField


class Feed(models.Model):
    """Where notices about one vendor's (or one market site's shared) accounts come from, and their secret.

    A secret that is being replaced stays valid until `previous_secret_until`.
    """

    class Provider(models.TextChoices):
        SEPAY = "sepay"
        CASSO = "casso"
        PAYOS = "payos"
        VIETQRVN = "vietqrvn"
        STATEMENT = "statement"
        """The vendor's own bank statements, imported by a person: no address, nothing to prove."""

    class Auth(models.TextChoices):
        HMAC = "hmac"
        API_KEY = "api_key"
        BASIC = "basic"
        """A user name and password that buy a short-lived token (VietQR.vn)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    provider = models.CharField(max_length=10, choices=Provider.choices)
    auth = models.CharField(max_length=8, choices=Auth.choices, default=Auth.HMAC)
    vendor = models.ForeignKey(
        "vendors.Vendor", on_delete=models.PROTECT, null=True, blank=True, related_name="feeds"
    )
    market_site = models.ForeignKey(
        "places.MarketSite", on_delete=models.PROTECT, null=True, blank=True, related_name="feeds"
    )
    username = models.CharField(max_length=64, blank=True)
    """Only with `Auth.BASIC`; the secret is its password."""
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(blank=True, default="")
    previous_secret_until = models.DateTimeField(null=True, blank=True)
    is_active = models.BooleanField(default=True)
    made_at = models.DateTimeField()
    last_notice_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="feed_belongs_to_one",
                condition=Q(vendor__isnull=False, market_site__isnull=True)
                | Q(vendor__isnull=True, market_site__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.pk}"


class FeedApi(models.Model):
    """How the market itself asks a feed's provider: for transactions it was not told of, and for payment links."""

    feed = models.OneToOneField(Feed, on_delete=models.CASCADE, primary_key=True, related_name="api")
    client_id = models.CharField(max_length=100, blank=True)
    """payOS's x-client-id; the others have none."""
    api_key = EncryptedTextField()
    """SePay's API token, Casso's and payOS's API key."""
    is_polled = models.BooleanField(default=True)
    cursor = models.CharField(max_length=200, blank=True)
    """How far the provider's list was read: the provider's adapter alone knows what it means."""
    next_poll_at = models.DateTimeField()
    polled_at = models.DateTimeField(null=True, blank=True)
    problem = models.CharField(max_length=200, blank=True)
    """Why the last poll failed, in a word for programs; empty after one that worked."""

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["next_poll_at"], name="feed_api_due", condition=Q(is_polled=True)),
        ]

    def __str__(self) -> str:
        return f"api of {self.feed_id}"
