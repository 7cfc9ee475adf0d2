"""What a person who runs a market wants to know when something seems wrong."""

from __future__ import annotations

import stat
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from marketplace.core.models import JournalDelivery
from marketplace.core.secrets import UnreadableSecret
from marketplace.core.triggers import missing_triggers, rows_owed
from marketplace.places.models import Commune
from marketplace.saleor.models import Installation
from marketplace.saleor.places import is_switched_on, listed_urls
from marketplace.saleor.status import problems, reach
from payments.cards.configuration import cards_are_live, cards_are_on
from payments.health import half_done_notices, polled_feeds, troubled_polls
from payments.invariants import violations
from payments.models import CardAccount, CardRefund, Feed

COMMUNES_EXPECTED = 3321
WAITING_MINUTES_MAX = 5


@dataclass(frozen=True)
class Finding:
    """One thing looked at: what, whether it is well, and what to do if not."""

    subject: str
    well: bool
    sentence: str


def examine(*, now: datetime) -> list[Finding]:
    """Look at everything; never raises for what it finds."""
    findings = [_home(), _database()]
    if findings[-1].well:
        checks: tuple[Callable[[], Finding], ...] = (
            _tables,
            _triggers,
            _places,
            _feeds,
            _cards,
            lambda: _journal(now),
            lambda: _notices(now),
            _money,
        )
        findings += [_asked(check) for check in checks]
        findings += _polls()
        findings += _saleors()
    return [*findings, _cache()]


def _asked(check: Callable[[], Finding]) -> Finding:
    try:
        return check()
    except DatabaseError as error:
        return Finding("tables", False, f"cannot be read ({error}): run `market serve`, which brings them up to date")


def _home() -> Finding:
    home = Path(settings.MARKET_HOME)
    loose = [
        path.name
        for path in (home / "keys").iterdir()
        if path.is_file() and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    if loose:
        return Finding("MARKET_HOME", False, f"{', '.join(loose)} can be read by others: chmod 600 them")
    return Finding("MARKET_HOME", True, str(home))


def _database() -> Finding:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return Finding("database", False, f"cannot be reached ({type(error).__name__}): check DATABASE_URL")
    return Finding("database", True, connection.vendor)


def _tables() -> Finding:
    executor = MigrationExecutor(connection)
    missing = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if missing:
        return Finding("tables", False, f"{len(missing)} migrations are missing: run `market serve` or migrate")
    return Finding("tables", True, "up to date")


def _triggers() -> Finding:
    missing = missing_triggers()
    if missing:
        return Finding("guards in the database", False, f"missing {', '.join(missing)}: run `market serve`")
    owed = rows_owed()
    if owed:
        tables = ", ".join(f"{table} ({count})" for table, count in owed.items())
        return Finding("guards in the database", False, f"promises that were broken with foreign keys off: {tables}")
    return Finding("guards in the database", True, "all there")


def _places() -> Finding:
    count = Commune.objects.count()
    return Finding("places", count == COMMUNES_EXPECTED, f"{count} communes of {COMMUNES_EXPECTED}")


def _feeds() -> Finding:
    try:
        feeds = list(Feed.objects.filter(is_active=True))
    except UnreadableSecret as error:
        return Finding("feeds", False, str(error))
    return Finding("feeds", True, f"{len(feeds)} active, all secrets readable")


def _cards() -> Finding:
    if not cards_are_on():
        return Finding("cards", True, "off (no MARKET_STRIPE_SECRET_KEY)")
    secrets = len(settings.MARKET_STRIPE_WEBHOOK_SECRETS)
    mode = "real money" if cards_are_live() else "Stripe's test money"
    shops = CardAccount.objects.filter(charges_enabled=True).count()
    waiting = CardRefund.objects.filter(state=CardRefund.State.ASKED).count()
    said = f"{mode}, {secrets} webhook secrets, {shops} shops take them"
    if waiting:
        return Finding("cards", False, f"{said}; {waiting} refunds reach no Stripe: is it reachable from here?")
    return Finding("cards", True, said)


@dataclass(frozen=True)
class Deliveries:
    """How many of the journal's deliveries could not be made, and how many should have been made by now."""

    failed: int
    late: int


def waiting_deliveries(*, now: datetime) -> Deliveries:
    """What of the journal was not handed on; two statements."""
    late_since = now - timedelta(minutes=WAITING_MINUTES_MAX)
    waiting = JournalDelivery.objects.filter(state=JournalDelivery.State.WAITING, not_before__lt=late_since)
    return Deliveries(
        failed=JournalDelivery.objects.filter(state=JournalDelivery.State.FAILED).count(), late=waiting.count()
    )


def _journal(now: datetime) -> Finding:
    found = waiting_deliveries(now=now)
    if found.failed or found.late:
        said = f"{found.failed} deliveries failed, {found.late} are late: is a worker running?"
        return Finding("journal", False, said)
    return Finding("journal", True, "nothing failed, nothing late")


def _notices(now: datetime) -> Finding:
    stuck = half_done_notices(now=now)
    if stuck:
        return Finding("bank notices", False, f"{stuck} were received and not finished: is a worker running?")
    return Finding("bank notices", True, "none left half done")


def _polls() -> list[Finding]:
    """One line for every feed whose provider could not be asked; one that all is well where there is none."""
    try:
        troubled = troubled_polls().values_list("pk", "problem", "polled_at")
        found = [
            Finding(f"poll of feed {pk}", False, f"{problem}, last well {at or 'never'}: {_advice(problem)}")
            for pk, problem, at in troubled
        ]
        return found or [
            Finding("polls", True, f"{polled_feeds().count()} feeds are asked for what was missed, no problem")
        ]
    except DatabaseError:
        return []  # the tables' own finding says so


def _advice(problem: str) -> str:
    """What a person can do about a poll's problem (`payments.services.polling`)."""
    if "refused" in problem or "rejected" in problem:
        return "put in the provider's key anew"
    if problem == "unreadable_secret":
        return "put the missing key back into MARKET_FIELD_KEYS"
    return "is the provider reachable from here? It is asked again by itself"


def _saleors() -> list[Finding]:
    """One line for every Saleor of the list: whether the market is an App of it and it answers to our token."""
    if not is_switched_on():
        return [Finding("saleor", True, "off (no SALEOR_API_URLS)")]
    try:
        rows = {row.api_url: row for row in Installation.objects.defer("token", "webhook_key")}
        return [_saleor(url, rows.get(url)) for url in listed_urls()]
    except DatabaseError:
        return []  # the tables' own finding says so


def _saleor(url: str, row: Installation | None) -> Finding:
    subject = f"saleor {url}"
    if row is None or not row.is_installed:
        return Finding(subject, True, f"not installed: `market saleor install {url}` says how")
    reached = reach(row)
    if reached.problem:
        return Finding(subject, False, reached.problem)
    if found := problems(row):
        more = f" (and {len(found) - 1} more: `market saleor status`)" if len(found) > 1 else ""
        return Finding(subject, False, f"{found[0]}{more}")
    return Finding(subject, True, f"answers, version {reached.version or 'unknown'}")


def _money() -> Finding:
    wrong = violations()
    if wrong:
        return Finding("money", False, f"{len(wrong)} violations, the first: {wrong[0]}")
    return Finding("money", True, "every order's charged amount is the sum of its events")


def _cache() -> Finding:
    try:
        cache.set("doctor", "well", 5)
        well = cache.get("doctor") == "well"
    except Exception as error:
        return Finding("cache", False, f"{type(error).__name__}: check REDIS_URL")
    return Finding("cache", well, "redis" if settings.CELERY_BROKER_URL else "in the process (no REDIS_URL)")
