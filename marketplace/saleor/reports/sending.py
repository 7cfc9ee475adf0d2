"""Telling Saleors what they are owed: in order for each transaction, again until it is taken, and looked at after.

No row is locked while a Saleor is asked. Who sends takes the rows for `LEASE_S`; a sender that dies or is slower than
that leaves them to the next one, and a report that is sent twice is `alreadyProcessed`.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import Case, Exists, F, OuterRef, QuerySet, Sum, When
from django.utils.translation import gettext_lazy as _

from marketplace.core.secrets import UnreadableSecret
from marketplace.saleor.client import Saleor, SaleorAway, SaleorRefuses, TokenRefused
from marketplace.saleor.each import for_each
from marketplace.saleor.models import Installation, SaleorReport
from marketplace.saleor.reports.reading_back import CannotReadBack, read_back
from payments.apis.calling import Limits

BATCH_AT_MOST: Final = 20
LEASE_S: Final = 300
"""Longer than a batch takes of a Saleor that answers at once; one that takes seconds each time may be told twice."""
PAUSE_S: Final = 5
PAUSE_S_MAX: Final = 300
"""A Saleor that was away for hours is told at the latest so long after it is back."""
JITTER: Final = 0.3
"""By which part of itself a pause is longer or shorter at random."""
DENIED_MAX: Final = 3
"""After so many in one batch nothing more is asked with this token for a while."""
ONE_TRY: Final = Limits(tries=1)
"""Who waits for nobody comes back later by itself."""
STAYS: Final = frozenset({"ALREADY_EXISTS", "INCORRECT_DETAILS", "INVALID", "NOT_FOUND", "REQUIRED"})
"""Saleor's TransactionEventReportErrorCode: what it will say the next time too."""
TOKEN_PROBLEM: Final = _("Saleor không nhận mã của chợ")
_State = SaleorReport.State
OPEN: Final = (_State.WAITING, _State.SENT)

log = logging.getLogger("market.saleor")


def send_due(*, now: datetime, at_most: int = BATCH_AT_MOST) -> int:
    """Tell Saleors up to `at_most` reports that are due. Answers how many were tried.

    Never given up while a Saleor is away or does not take our token: the report waits, and the installation says why.
    """
    owed: dict[Installation, list[SaleorReport]] = {}
    for report in sorted(_claim(now=now, at_most=at_most), key=lambda one: (one.transaction.installation_id, one.pk)):
        owed.setdefault(report.transaction.installation, []).append(report)
    return for_each(owed, lambda one: _send_all(one, owed[one], now=now))


def _claim(*, now: datetime, at_most: int) -> list[SaleorReport]:
    """Reports that are due and have none before them that waits in their transaction, taken for `LEASE_S`."""
    with transaction.atomic():
        rows = _due(now)
        if connection.features.has_select_for_update_skip_locked:
            rows = rows.select_for_update(of=("self",), skip_locked=True)
        claimed = list(rows[:at_most])
        SaleorReport.objects.filter(pk__in=[report.pk for report in claimed]).update(
            not_before=now + timedelta(seconds=LEASE_S)
        )
    return claimed


def _due(now: datetime) -> QuerySet[SaleorReport]:
    before = SaleorReport.objects.filter(
        transaction=OuterRef("transaction"), state=_State.WAITING, pk__lt=OuterRef("pk")
    )
    due = SaleorReport.objects.filter(
        ~Exists(before),
        state__in=OPEN,
        not_before__lte=now,
        transaction__installation__state=Installation.State.INSTALLED,
    )
    # A token that cannot be read is its own Saleor's trouble, and is read when that is told.
    secret = ("transaction__installation__token", "transaction__installation__webhook_key")
    return due.select_related("transaction__installation").defer(*secret).order_by("not_before", "pk")


def _send_all(installation: Installation, reports: Sequence[SaleorReport], *, now: datetime) -> int:
    """Tell one Saleor; answers how many reports it was owed, tried or not.

    Any trouble that nobody foresaw is the one report's own, also where it comes of writing down another trouble.
    """
    denied: list[int] = []
    for report in reports:
        try:
            if not _try(installation, report, denied, now=now):
                break
        except (OperationalError, InterfaceError):
            raise  # busy is no fault of the report: its lease ends by itself
        except Exception as error:
            log.exception("report %s could not be told", report.pk)
            _put_off(report, problem=type(error).__name__, now=now)
    else:
        if not denied:
            _note_problem(installation, "")
    return len(reports)


def _try(installation: Installation, report: SaleorReport, denied: list[int], *, now: datetime) -> bool:
    """Tell one report; answers whether the next one may be told. One that its Saleor does not answer makes all wait.

    A token that it does not take may be one transaction's trouble alone (somebody else owns it there): the others are
    told all the same, until several in a row say that it is the token's.
    """
    try:
        with Saleor.of(installation, limits=ONE_TRY) as saleor:
            _send(saleor, report, now=now)
    except (SaleorAway, UnreadableSecret) as error:
        _put_off(report, problem=f"{_('Saleor không trả lời')}: {error}", now=now)
        _wait_all(installation, until=report.not_before, but=denied, now=now)
        return False
    except TokenRefused as error:
        _note_problem(installation, f"{TOKEN_PROBLEM}: {error}")
        _put_off(report, problem=str(error), now=now)
        denied.append(report.pk)
        if len(denied) == DENIED_MAX:
            _wait_all(installation, until=now + timedelta(seconds=PAUSE_S_MAX), but=denied, now=now)
            return False
    except CannotReadBack as error:
        log.warning("report %s cannot be read back: %s", report.pk, error)
        _put_off(report, problem=str(error), now=now)
    return True


def _send(saleor: Saleor, report: SaleorReport, *, now: datetime) -> None:
    """Report once, if it was not, and read back. Raises `CannotReadBack`, `SaleorAway`, `TokenRefused`."""
    try:
        if report.state == _State.WAITING:
            saleor.change("TransactionEventReport", _variables(report))
            _move(report, _State.SENT, problem="")
        read_back(saleor, report, now=now)
    except TokenRefused:
        raise
    except SaleorRefuses as error:
        # Of a report that was taken, only its repair can be refused.
        if error.code in STAYS and report.state == _State.WAITING:
            log.error("report %s is refused: %s %s", report.pk, error.code, error)
            _move(report, _State.REFUSED, problem=f"{error.code}: {error}")
            return
        _put_off(report, problem=f"{error.code}: {error}", now=now)


def _variables(report: SaleorReport) -> dict[str, Any]:
    return {
        "id": report.transaction.saleor_id,
        "type": report.type,
        "pspReference": report.psp_reference,
        "amount": report.amount_vnd,
        # The last of a refund's events by time is its state to Saleor: what ends one it asked for is timed there.
        "time": report.happened_at.isoformat() if report.event_id else None,
        "message": report.message,
        "availableActions": ["REFUND"] if _left_vnd(report) > 0 else [],
    }


def _left_vnd(report: SaleorReport) -> int:
    """What of the transaction's money is still there after this report, in đồng."""
    signed = Case(
        When(type="CHARGE_SUCCESS", then=F("amount_vnd")),
        When(type__in=["REFUND_SUCCESS", "CHARGE_BACK"], then=-F("amount_vnd")),
        default=0,
    )
    told = SaleorReport.objects.filter(transaction=report.transaction_id, pk__lte=report.pk)
    return int(told.exclude(state=_State.REFUSED).aggregate(left=Sum(signed))["left"] or 0)


def _move(report: SaleorReport, state: SaleorReport.State, *, problem: str) -> None:
    report.state = state
    report.problem = _short(problem)
    report.save(update_fields=["state", "problem"])


def _put_off(report: SaleorReport, *, problem: str, now: datetime) -> None:
    """Let one report wait, the longer the more often it was tried."""
    report.attempts += 1
    report.problem = _short(problem)
    report.not_before = now + pause_after(report.attempts)
    report.save(update_fields=["attempts", "problem", "not_before"])


def _wait_all(installation: Installation, *, until: datetime, but: Sequence[int], now: datetime) -> None:
    """Let all that this Saleor is owed wait: a thousand reports must not each find out that it is away."""
    SaleorReport.objects.exclude(pk__in=but).filter(
        transaction__installation=installation, state__in=OPEN, not_before__lt=now + timedelta(seconds=LEASE_S + 1)
    ).update(not_before=until)


def pause_after(attempts: int) -> timedelta:
    """How long to leave a Saleor alone after so many tries in vain."""
    pause_s = min(PAUSE_S * 2 ** min(attempts - 1, 16), PAUSE_S_MAX)
    return timedelta(seconds=pause_s * random.uniform(1 - JITTER, 1))  # noqa: S311 - spreads load, no secret


def _note_problem(installation: Installation, problem: str) -> None:
    """Keep what hinders the reports with the installation, or take away what we kept of it."""
    if problem != installation.problem and (problem or installation.problem.startswith(str(TOKEN_PROBLEM))):
        Installation.objects.filter(pk=installation.pk).update(problem=_short(problem))
        installation.problem = _short(problem)


def _short(problem: str) -> str:
    return problem[:300]
