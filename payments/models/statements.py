"""Bank statements that a person brought: the file, how it was read, how far it is, what became of its lines.

The lines themselves become `BankNotice`s of a feed of the vendor's own, like the notices of any other source.
"""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from payments.models.feeds import Feed
from payments.models.notices import ACCOUNT_CHARACTERS_MAX

KIND_CHARACTERS_MAX = 40
SOURCE_KEY_CHARACTERS_MAX = 80


class StatementSource(models.Model):
    """The feed that the lines of one kind of file belong to; its feed has no address and is never active.

    One for each way of describing a line (bank's layout and the columns that were there), so that the same line out
    of an Excel file and out of MT940 is told by two feeds and compared as between any two.
    """

    feed = models.OneToOneField(Feed, on_delete=models.PROTECT, primary_key=True, related_name="statement_source")
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="statement_sources")
    source_key = models.CharField(max_length=SOURCE_KEY_CHARACTERS_MAX)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vendor", "source_key"], name="statement_source_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source_key} of {self.vendor_id}"


class Statement(models.Model):
    """One file. A draft until its owner has seen what it would do, then running, then done."""

    class State(models.TextChoices):
        DRAFT = "draft"
        RUNNING = "running"
        DONE = "done"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.PROTECT, related_name="statements")
    feed = models.ForeignKey(Feed, on_delete=models.PROTECT, null=True, blank=True, related_name="statements")
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    state = models.CharField(max_length=7, choices=State.choices, default=State.DRAFT)
    made_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    file_sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=KIND_CHARACTERS_MAX, blank=True)
    """Which layout it was read by; empty while a person has to say what its columns mean."""
    source_key = models.CharField(max_length=SOURCE_KEY_CHARACTERS_MAX, blank=True)
    account_number = models.CharField(max_length=ACCOUNT_CHARACTERS_MAX, blank=True)
    """As accounts are compared; empty while a person has to say which it is."""
    first_day = models.DateField(null=True, blank=True)
    last_day = models.DateField(null=True, blank=True)
    lines_count = models.PositiveIntegerField(default=0)
    next_line = models.PositiveIntegerField(default=0)
    """How many lines were gone through; going through some again changes nothing."""
    in_vnd = models.BigIntegerField(default=0)
    out_vnd = models.BigIntegerField(default=0)
    gap_vnd = models.BigIntegerField(null=True, blank=True)
    """How far its balances are from its lines; null when it does not give both balances."""
    new_count = models.PositiveIntegerField(default=0)
    """Lines that nobody had told of in this way before."""
    booked_count = models.PositiveIntegerField(default=0)
    review_count = models.PositiveIntegerField(default=0)
    ignored_count = models.PositiveIntegerField(default=0)
    booked_vnd = models.BigIntegerField(default=0)
    review_vnd = models.BigIntegerField(default=0)
    ignored_vnd = models.BigIntegerField(default=0)
    """Of what came in; what left is `out_vnd` and always ignored. The counts and sums are of all lines, new and
    known, at the moment when the import ended."""

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(name="statement_not_beyond_its_end", condition=Q(next_line__lte=F("lines_count"))),
            models.CheckConstraint(
                name="statement_running_has_feed",
                condition=Q(state="draft") | Q(feed__isnull=False, confirmed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="statement_done_adds_up",
                condition=~Q(state="done")
                | Q(
                    finished_at__isnull=False,
                    next_line=F("lines_count"),
                    lines_count=F("booked_count") + F("review_count") + F("ignored_count"),
                    in_vnd=F("booked_vnd") + F("review_vnd") + F("ignored_vnd"),
                ),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["vendor", "-made_at"], name="statement_by_vendor"),
            models.Index(fields=["confirmed_at"], name="statement_running", condition=Q(state="running")),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.lines_count} lines ({self.state})"


class StatementFile(models.Model):
    """The bytes of a statement and its lines as they were read; erased after the retention period.

    Apart from `Statement`, since SQLite writes a row anew as a whole whenever its progress changes.
    """

    statement = models.OneToOneField(Statement, on_delete=models.CASCADE, primary_key=True, related_name="file")
    content = models.BinaryField()
    packed_lines = models.BinaryField(null=True)
    kept_at = models.DateTimeField()

    class Meta:
        indexes: ClassVar = [models.Index(fields=["kept_at"], name="statement_file_by_age")]

    def __str__(self) -> str:
        return f"file of {self.statement_id}"


class StatementLayout(models.Model):
    """What the columns of a file mean that the market does not know by itself, as a vendor once said it."""

    id = models.BigAutoField(primary_key=True)
    vendor = models.ForeignKey("vendors.Vendor", on_delete=models.CASCADE, related_name="statement_layouts")
    signature = models.CharField(max_length=64)
    """Of the header's texts: the next file with the same header is read without asking."""
    heads = models.JSONField()
    """The head of each column by what it means (`payments.statements.layouts.Column`)."""
    made_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["vendor", "signature"], name="statement_layout_once"),
        ]

    def __str__(self) -> str:
        return f"layout {self.pk} of {self.vendor_id}"
