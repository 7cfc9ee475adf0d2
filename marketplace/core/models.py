"""What every feature stands on: the journal, its deliveries, client-made ids, leases; and two mixins of Saleor's."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.db import models
from django.db.models import Q


class WithMetadata(models.Model):
    """Saleor's metadata: small texts by key, public and private."""

    metadata = models.JSONField(default=dict, blank=True)
    private_metadata = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True


class WithTranslations(models.Model):
    """Texts in other languages: `{"en": {"name": "Honey"}}`. Vietnamese stands in the columns themselves."""

    translations = models.JSONField(default=dict, blank=True)

    class Meta:
        abstract = True

    def translated(self, field: str, language_code: str) -> str:
        """The text of `field` in a language, or the Vietnamese one where there is no translation."""
        texts = self.translations.get(language_code.lower()[:2], {})
        return str(texts.get(field) or getattr(self, field))


class JournalEvent(models.Model):
    """One business event: who did what to which thing, and the numbers of it. Never changed, never deleted.

    Holds ids and numbers, no personal data. A trigger refuses UPDATE and DELETE.
    """

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=64)
    """For example `order.charged`."""
    aggregate_type = models.CharField(max_length=32)
    aggregate_id = models.CharField(max_length=64)
    """Deliveries keep their order within one aggregate; writers of one aggregate hold its row lock."""
    actor_id = models.BigIntegerField(null=True)
    on_behalf_of_id = models.BigIntegerField(null=True)
    happened_at = models.DateTimeField()
    day = models.DateField(null=True)
    """The day in Vietnam that figures count the event under (`bank_date` or `day` of its data), if any: a day
    of ten million orders is counted anew without reading the whole journal."""
    data = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["aggregate_type", "aggregate_id", "id"], name="journal_by_aggregate"),
            models.Index(fields=["kind", "id"], name="journal_by_kind"),
            models.Index(fields=["day", "id"], name="journal_by_day", condition=Q(day__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.aggregate_type}:{self.aggregate_id}"


class JournalDelivery(models.Model):
    """One event waiting for, or taken by, one subscriber. Written in the transaction of its event."""

    class State(models.TextChoices):
        WAITING = "waiting"
        DONE = "done"
        FAILED = "failed"
        """Tried `DELIVERY_ATTEMPTS_MAX` times; holds up later events of its aggregate until a person looks."""

    id = models.BigAutoField(primary_key=True)
    event = models.ForeignKey(JournalEvent, on_delete=models.PROTECT, related_name="deliveries")
    subscriber = models.CharField(max_length=64)
    aggregate = models.CharField(max_length=100)
    """`type:id` of the event, copied so that order within an aggregate is one index away."""
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    not_before = models.DateTimeField()
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event", "subscriber"], name="delivery_once_a_subscriber"),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["subscriber", "aggregate", "event"],
                name="delivery_in_order",
                condition=~Q(state="done"),
            ),
            models.Index(fields=["state", "event", "id"], name="delivery_by_state"),
        ]

    def __str__(self) -> str:
        return f"{self.event_id} -> {self.subscriber} ({self.state})"


class ClientRequest(models.Model):
    """A write with a client-made id and what it answered, so that the same write again answers the same.

    Browsers re-send a POST by themselves when a connection dies. Written in the transaction of the effect:
    a worker killed in the middle leaves neither.
    """

    id = models.BigAutoField(primary_key=True)
    action = models.CharField(max_length=64)
    client_id = models.UUIDField()
    owner = models.CharField(max_length=80)
    """Who asked (`user:7`, `basket:<uuid>`): one person's id never answers another's.

    All guests without a basket are `anonymous`, whom nothing tells apart: there an id answers whoever brings it with
    the same content. So it must be random, and be told to nobody else."""
    answer = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    """SHA-256 of what was asked: the same id with another content is refused."""
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["action", "owner", "client_id"], name="client_request_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["made_at"], name="client_request_by_age")]

    def __str__(self) -> str:
        return f"{self.action} {self.client_id}"


class Generation(models.Model):
    """A number that triggers raise with every write to the tables it watches (`marketplace.core.generations`).

    Spread over several rows, so that writers do not wait for one another; the generation is their sum.
    """

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=32)
    shard = models.PositiveSmallIntegerField()
    number = models.PositiveBigIntegerField(default=0)
    raised_by = models.BigIntegerField(default=0)
    """PostgreSQL's number of the last transaction that raised it: each raises it once."""

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["name", "shard"], name="generation_once_a_shard")]

    def __str__(self) -> str:
        return f"{self.name} {self.shard}: {self.number}"


class Lease(models.Model):
    """The right to be the only one doing a thing until `expires_at`, renewed by its holder."""

    name = models.CharField(max_length=64, primary_key=True)
    holder = models.UUIDField(default=uuid.uuid4)
    expires_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} until {self.expires_at:%H:%M:%S}"


class SecurityCounter(models.Model):
    """How often a security event happened on a day at one place; nothing of what was sent is kept."""

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=40)
    subject = models.CharField(max_length=80)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "subject", "day"], name="security_counter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.day}: {self.count}"
