"""Importing a confirmed statement: line by line through the same door as every notice, in bounded batches.

Every batch is a transaction of its own, so nobody waits long and a kill loses nothing: importing again goes on. The
lines that were taken before are found in bulk and skipped; the unique key of notices decides all the same.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from typing import Final

from django.db import transaction
from django.db.models import Count, Q, Sum

from marketplace.core import journal
from marketplace.core.actors import Actor
from payments.matching import Direction, ReviewReason, Transfer
from payments.models import BankNotice, Feed, Statement, StatementFile
from payments.providers.base import Reported
from payments.reasons import HeldReason
from payments.services.keeping import NotKept, take_in
from payments.services.notices import sweep_received
from payments.services.statements import NotReady, bring_statement, confirm_statement, discard_draft
from payments.statements.identity import Identified, identify
from payments.statements.lines import StatementLine, as_text, unpack
from vendors.models import Vendor

BATCH_LINES: Final = 25
"""Lines a transaction: some tenths of a second of SQLite's only writer."""
SLICE_LINES_MAX: Final = 250
"""New lines a turn of the worker: some seconds, so that the next statement's turn comes too."""
STATEMENTS_A_TURN_MAX: Final = 5
IDS_ASKED_MAX: Final = 500

Progress = Callable[[int, int], None]
"""Told how many lines of how many were gone through."""

log = logging.getLogger("market.payments")


@dataclass(frozen=True, slots=True)
class _Batch:
    """The lines `start` to `end` of a statement, and what is kept of them as raw bytes."""

    start: int
    lines: tuple[Identified, ...]
    statement_id: str

    @property
    def end(self) -> int:
        return self.start + len(self.lines)

    @property
    def raw(self) -> bytes:
        """Names the statement, so that what a batch brought is found again whoever brought what at once."""
        head = f"statement {self.statement_id} lines {self.start} to {self.end}"
        return "\n".join([head, *(as_text(one.line) for one in self.lines)]).encode()

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.raw).hexdigest()


def import_statement(
    *,
    actor: Actor,
    vendor: Vendor,
    content: bytes,
    now: datetime,
    account_number: str = "",
    kind: str = "",
    progress: Progress | None = None,
) -> Statement:
    """Read, confirm and import a file to its end. Owner only. The same file again changes nothing.

    Must not run inside a transaction. After a kill, importing again goes on where it ended. Raises what
    `bring_statement` and `confirm_statement` raise, and `NotKept` when the database stays busy.
    """
    draft = bring_statement(
        actor=actor, vendor=vendor, content=content, account_number=account_number, kind=kind, now=now
    )
    try:
        statement = confirm_statement(actor=actor, statement=draft, now=now)
    except NotReady:
        discard_draft(actor=actor, statement=draft)
        raise
    if statement.state == Statement.State.RUNNING:
        advance(statement, now=now, new_lines_max=None, progress=progress)
        # Lines that could not be settled at once get a second chance here, and then from the worker.
        sweep_received(now=now)
        finish(statement, now=now)
        statement.refresh_from_db()
    return statement


def continue_statements(*, now: datetime) -> int:
    """Bring running statements on by some lines each, the oldest first. Returns how many were worked on.

    Safe beside itself and beside `import_statement`: what two of them try, one does.
    """
    running = Statement.objects.filter(state=Statement.State.RUNNING).order_by("confirmed_at", "pk")
    worked = 0
    for statement in running[:STATEMENTS_A_TURN_MAX]:
        try:
            advance(statement, now=now, new_lines_max=SLICE_LINES_MAX)
            finish(statement, now=now)
        except NotKept:
            log.warning("statement %s waits for the database", statement.pk)
            break
        worked += 1
    return worked


def advance(
    statement: Statement, *, now: datetime, new_lines_max: int | None, progress: Progress | None = None
) -> None:
    """Take the next lines in, at most `new_lines_max` new ones (rounded up to a batch). Raises `NotKept`."""
    plan = plan_of(statement)
    new = 0
    for batch in islice(batches(statement, plan), statement.next_line // BATCH_LINES, None):
        fresh = [one for one in batch.lines if not one.is_known]
        if fresh:
            reported = [reported_of(statement.account_number, one) for one in fresh]
            take_in(_feed(statement), raw=batch.raw, reported=reported, now=now)
            new += len(fresh)
            _note_progress(statement, batch.end)
        if progress is not None:
            progress(batch.end, len(plan))
        if new_lines_max is not None and new >= new_lines_max:
            return
    _note_progress(statement, len(plan))


def finish(statement: Statement, *, now: datetime) -> bool:
    """Close a statement whose lines are all taken in and settled, with what became of them. Answers whether it is.

    The journal hears of it once.
    """
    # Added up before the lock: a line that is settled stays settled, and is counted once.
    sums = _sums(statement)
    settled = sums["booked_count"] + sums["review_count"] + sums["ignored_count"]
    with transaction.atomic():
        locked = Statement.objects.select_for_update(no_key=True).get(pk=statement.pk)
        if locked.state == Statement.State.DONE:
            return True
        if settled < locked.lines_count or locked.next_line < locked.lines_count:
            return False
        for name, value in sums.items():
            setattr(locked, name, value)
        locked.state = Statement.State.DONE
        locked.finished_at = now
        locked.save()
        _journal(locked, now=now)
    return True


def lines_of(statement: Statement) -> tuple[StatementLine, ...]:
    """The lines as they were read; none once the file was erased, or before its columns were said."""
    file = StatementFile.objects.filter(pk=statement.pk).only("packed_lines").first()
    packed = file.packed_lines if file is not None else None
    return unpack(bytes(packed)) if packed is not None else ()


def plan_of(statement: Statement) -> tuple[Identified, ...]:
    """The lines in the order in which they are taken in, with their ids, and which were told of before.

    By time, then by id, whatever the order of the file: an earlier transfer comes first, and two imports at once
    wait for each other in turn and never in a ring. A line that this very statement brought is known, but says
    nothing about the doubts of those beside it.
    """
    lines = lines_of(statement)
    kept = _kept(statement, lines)
    own = {batch.sha256 for batch in batches(statement, _in_order(identify(statement.account_number, lines)))}
    before = {tx_id for tx_id, digest in kept.items() if digest not in own}
    identified = identify(statement.account_number, lines, known=before)
    return _in_order(replace(one, is_known=one.tx_id in kept) for one in identified)


def _in_order(identified: Iterable[Identified]) -> tuple[Identified, ...]:
    return tuple(sorted(identified, key=lambda one: (one.line.happened_at, one.tx_id)))


def batches(statement: Statement, plan: Sequence[Identified]) -> Iterator[_Batch]:
    """The lines of a plan in their fixed batches: the same ones at every try."""
    for start in range(0, len(plan), BATCH_LINES):
        yield _Batch(start, tuple(plan[start : start + BATCH_LINES]), str(statement.pk))


def reported_of(account_number: str, one: Identified) -> Reported:
    """A line as any source reports a transfer."""
    line = one.line
    doubt = ReviewReason.MAY_BE_REPEAT if one.may_be_known else ""
    return Reported(
        provider_tx_id=one.tx_id,
        transfer=Transfer(
            direction=Direction.IN if line.amount_vnd >= 0 else Direction.OUT,
            amount=abs(line.amount_vnd),
            accounts=(account_number,),
            content=line.content,
        ),
        bank_reference=line.bank_reference,
        happened_at=line.happened_at.astimezone(UTC),
        doubt=doubt if line.is_whole else HeldReason.AMOUNT_NOT_WHOLE,
    )


def _kept(statement: Statement, lines: Sequence[StatementLine]) -> dict[str, str]:
    """The ids that this kind of file told of, on the days of these lines, and the digest of what brought each."""
    if statement.feed_id is None or not lines:
        return {}
    days = [line.happened_at.date() for line in lines]
    notices = BankNotice.objects.filter(
        feed_id=statement.feed_id, account_number=statement.account_number, bank_date__range=(min(days), max(days))
    )
    return dict(notices.values_list("provider_tx_id", "delivery__body_sha256"))


def _sums(statement: Statement) -> dict[str, int]:
    """What became of every line of the statement, whoever brought it first, and how many it brought itself."""
    plan = _in_order(identify(statement.account_number, lines_of(statement)))
    sums = {f"{state}_{what}": 0 for state in ("booked", "review", "ignored") for what in ("count", "vnd")}
    came_in = Sum("amount_vnd", filter=Q(is_incoming=True), default=0)
    for ids in _parts([one.tx_id for one in plan]):
        notices = BankNotice.objects.filter(feed=_feed(statement), provider_tx_id__in=ids)
        settled = notices.exclude(state=BankNotice.State.RECEIVED).order_by().values("state")
        for row in settled.annotate(count=Count("pk"), vnd=came_in):
            sums[f"{row['state']}_count"] += row["count"]
            sums[f"{row['state']}_vnd"] += row["vnd"]
    digests = [batch.sha256 for batch in batches(statement, plan)]
    return sums | {"new_count": sum(_brought(statement, part) for part in _parts(digests))}


def _parts(texts: list[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), IDS_ASKED_MAX):
        yield texts[start : start + IDS_ASKED_MAX]


def _brought(statement: Statement, digests: list[str]) -> int:
    return BankNotice.objects.filter(feed=_feed(statement), delivery__body_sha256__in=digests).count()


def _note_progress(statement: Statement, line: int) -> None:
    """Remember how far it is; never backwards, since two may be at it."""
    with transaction.atomic():
        behind = Statement.objects.filter(pk=statement.pk, state=Statement.State.RUNNING, next_line__lt=line)
        behind.update(next_line=line)


def _journal(statement: Statement, *, now: datetime) -> None:
    journal.record(
        kind="statement.imported",
        aggregate_type="statement",
        aggregate_id=statement.pk,
        actor=Actor(user_id=statement.actor_id),
        now=now,
        data={
            "statement": str(statement.pk),
            "vendor": statement.vendor_id,
            "feed": str(statement.feed_id),
            "lines": statement.lines_count,
            "new": statement.new_count,
            "in_vnd": statement.in_vnd,
            "out_vnd": statement.out_vnd,
            "booked_vnd": statement.booked_vnd,
            "review_vnd": statement.review_vnd,
            "ignored_vnd": statement.ignored_vnd,
        },
    )


def _feed(statement: Statement) -> Feed:
    if statement.feed is None:
        raise ValueError("a draft is never imported")
    return statement.feed
