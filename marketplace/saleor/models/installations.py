from __future__ import annotations

import uuid
from datetime import datetime
from typing import ClassVar

from django.db import models
from django.db.models import Q

from marketplace.core.secrets import EncryptedTextField

API_URL_CHARACTERS_MAX = 300
SALEOR_ID_CHARACTERS_MAX = 120
"""Saleor's global ids: base64 of `Type:pk`, the longest with a UUID."""


class Installation(models.Model):
    """This market as an App of one Saleor. Its token is kept encrypted and shown nowhere; gone once it left."""

    class State(models.TextChoices):
        INSTALLED = "installed"
        LEFT = "left"

    id = models.BigAutoField(primary_key=True)
    api_url = models.CharField(max_length=API_URL_CHARACTERS_MAX, unique=True)
    """The Saleor's GraphQL address, as `SALEOR_API_URLS` lists it; also its `Saleor-Api-Url` header."""
    market = models.UUIDField(default=uuid.uuid4, editable=False)
    """What our goods are called by there beside their number, for as long as this database lives."""
    app_id = models.CharField(max_length=SALEOR_ID_CHARACTERS_MAX, blank=True)
    """Saleor's id of our App there (`App:…`); webhooks that name another recipient are not ours."""
    token = EncryptedTextField(blank=True)
    jwks = models.JSONField(default=dict, blank=True)
    """The public keys that the Saleor signs with, as its `/.well-known/jwks.json` gave them."""
    jwks_fetched_at = models.DateTimeField(null=True, blank=True)
    jwks_asked_at = models.DateTimeField(null=True, blank=True)
    """When the keys were last asked for, got or not: they are not asked for again for a minute."""
    webhook_key = EncryptedTextField(blank=True)
    """A secret that its webhooks of ours carry, so that those of another App there are not taken for them."""
    webhook_key_demanded_from = models.DateTimeField(null=True, blank=True)
    """From when on a webhook without it is refused; null until Saleor was given it."""
    webhooks_said = models.CharField(max_length=64, blank=True)
    """SHA-256, in hex, of the webhooks that its Saleor was last told to have for us."""
    saleor_version = models.CharField(max_length=40, blank=True)
    channel = models.CharField(max_length=120, blank=True)
    """The slug of its channel in đồng that our goods are sold in; empty until the first sync chose one."""
    state = models.CharField(max_length=10, choices=State.choices, default=State.INSTALLED)
    installed_at = models.DateTimeField()
    """When it was installed last: installing again, or with a new token, counts anew."""
    first_installed_at = models.DateTimeField(null=True, blank=True)
    """When it was installed for the first time; null where that is `installed_at`."""
    left_at = models.DateTimeField(null=True, blank=True)
    orders_seen_until = models.DateTimeField(null=True, blank=True)
    """Until when its orders' changes were all seen (catch-up), by its own clock: later ones are asked for again."""
    journal_seen_to = models.BigIntegerField(null=True, blank=True)
    """Up to which event of our journal it was looked whether ours were delivered (`reports.catching_up`)."""
    problem = models.CharField(max_length=300, blank=True)
    """What went wrong last, in words for the operator; empty while all is well. Never a secret."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                name="saleor_left_keeps_no_token",
                condition=Q(state="installed") & ~Q(token="") | Q(state="left", token="", left_at__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.api_url} ({self.state})"

    @property
    def is_installed(self) -> bool:
        """Whether the market is an App there now."""
        return self.state == self.State.INSTALLED

    @property
    def orders_begin_at(self) -> datetime:
        """Since when the Saleor's orders are followed: also those of a time between leaving and installing again."""
        return self.first_installed_at or self.installed_at
