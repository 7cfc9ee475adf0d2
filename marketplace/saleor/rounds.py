"""Working off what waits between the market and a Saleor: one row a thing, claimed, done, and gone.

What has to be asked of a Saleor is asked outside a transaction; what it makes here, and the row's end, are one. An
outage of Saleor's uses up no tries, since hours of it must lose nothing; what it refuses is given up after
`ATTEMPTS_MAX` tries and put before a person.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from time import monotonic
from typing import Any, Final, TypeVar

from django.db import InterfaceError, OperationalError, connection, transaction
from django.db.models import F, Q, UniqueConstraint
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import MarketError
from marketplace.core.secrets import UnreadableSecret
from marketplace.saleor.client import SaleorAway, SaleorRefuses, TokenRefused
from marketplace.saleor.models import Installation, ToFetch, ToTell

ROWS_A_ROUND_MAX: Final = 100
CLAIM_S: Final = 120
"""How long a row that is being worked off is left alone; a worker that died in it lets it go by that."""
ROUND_S_MAX: Final = CLAIM_S / 2
"""No row is begun after so much of a round: what is slow is left to the next one."""
CLAIMS_TRIED_MAX: Final = 5
"""How many due rows are looked at to find one that no other worker claims just now."""
ATTEMPTS_MAX: Final = 8
PAUSE_S_MIN: Final = 5
PAUSE_S_MAX: Final = 300
PROBLEM_CHARACTERS_MAX: Final = 300

Row = TypeVar("Row", ToFetch, ToTell)
Finish = Callable[[], None]
"""What is done here in the transaction that ends the row."""

log = logging.getLogger("market.saleor")


class NotUnderstood(Exception):
    """An answer of a Saleor that does not have the shape that its schema promises."""


class NotYet(Exception):
    """Something else must happen at the Saleor first, and will: it uses up no try. `message` says what."""

    def __init__(self, message: str | Promise) -> None:
        super().__init__(message)
        self.message = message


def work_off(model: type[Row], do: Callable[[Row], Finish], *, now: datetime, at_most: int = ROWS_A_ROUND_MAX) -> int:
    """Claim and work off up to `at_most` due rows, of each Saleor the longest due first; answers how many are done.

    `do` asks Saleor and answers what is to be done here. A Saleor that is away, or whose token cannot be read, is
    left for this round, which ends after `ROUND_S_MAX`: each row is claimed from its own turn on, `now` being the
    moment that the round began. Its time is shared evenly: thousands of rows of one slow Saleor hold up no other.
    """
    away: set[int] = set()
    shares_s: dict[int, float] = {}
    done = 0
    began_s = monotonic()
    for _turn in range(at_most):
        turn_s = monotonic()
        spent_s = int(turn_s - began_s)
        if spent_s >= ROUND_S_MAX:
            break
        row = _next(model, away, shares_s, now=now + timedelta(seconds=spent_s))
        if row is None:
            break
        done += _tried(row, do, away, now=now, began_s=began_s)
        shares_s[row.installation_id] = shares_s.get(row.installation_id, 0.0) + monotonic() - turn_s
    return done


def _tried(row: Row, do: Callable[[Row], Finish], away: set[int], *, now: datetime, began_s: float) -> int:
    """Work off a row of a round that began at `now`, or let it wait from then on; answers how many are done.

    Ends by itself whatever happens to the row: the others of the round have their turn.
    """
    error: Exception
    try:
        return _work(row, do, now=now)
    except (SaleorAway, TokenRefused, UnreadableSecret) as caught:
        away.add(row.installation_id)
        later, error = _wait, caught
    except NotYet as caught:
        later, error = _wait, caught
    except (OperationalError, InterfaceError) as caught:
        # Busy is no fault of the row: its claim ends by itself.
        log.warning("%s waits for the database: %s", row, type(caught).__name__)
        return 0
    except (MarketError, SaleorRefuses, NotUnderstood) as caught:
        later, error = _put_off, caught
    except Exception as caught:
        log.exception("%s could not be worked off", row)
        later, error = _put_off, NotUnderstood(type(caught).__name__)
    from_then = now + timedelta(seconds=int(monotonic() - began_s))
    try:
        later(row, error, now=from_then)
    except (OperationalError, InterfaceError) as caught:
        log.warning("%s waits for the database: %s", row, type(caught).__name__)
    except Exception as caught:
        # Why it waits cannot be written down, perhaps for the very words of it: then without, but it does wait.
        log.exception("%s could not be put off", row)
        _put_off(row, NotUnderstood(type(caught).__name__), now=from_then)
    return 0


def raise_wanted(model: type[ToFetch] | type[ToTell], key: Mapping[str, int | str], *, now: datetime) -> None:
    """Want the row with this unique key of column values, made if there is none; one statement, in any transaction.

    One that was given up is tried anew: it is another thing now. One that waits for longer than any pause was wanted
    while our clock was ahead: it waits no more.
    """
    moment = connection.ops.adapt_datetimefield_value(now)
    too_late = connection.ops.adapt_datetimefield_value(now + timedelta(seconds=PAUSE_S_MAX))
    values: dict[str, Any] = {**key, "wanted": 1, "attempts": 0, "not_before": moment, "asked_at": moment}
    values |= {"problem": "", "is_given_up": False}
    with connection.cursor() as cursor:
        cursor.execute(_upsert(model, tuple(values)), [*values.values(), too_late])


def _upsert(model: type[ToFetch] | type[ToTell], columns: tuple[str, ...]) -> str:
    """`INSERT … ON CONFLICT … DO UPDATE` that raises `wanted`, since Django's own upsert can only overwrite."""
    table = model._meta.db_table
    unique = next(one for one in model._meta.constraints if isinstance(one, UniqueConstraint))
    key = ", ".join(str(model._meta.get_field(name).column) for name in unique.fields)  # type: ignore[union-attr]  # plain fields
    # Only names of our own models go into the text; everything from outside is a parameter.
    return (
        f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"  # noqa: S608
        f" ON CONFLICT ({key}) DO UPDATE SET wanted = {table}.wanted + 1,"
        f" attempts = CASE WHEN {table}.is_given_up THEN 0 ELSE {table}.attempts END,"
        f" not_before = CASE WHEN {table}.is_given_up OR {table}.not_before > %s"
        f" THEN EXCLUDED.not_before ELSE {table}.not_before END,"
        f" asked_at = CASE WHEN {table}.asked_at > EXCLUDED.asked_at"
        f" THEN EXCLUDED.asked_at ELSE {table}.asked_at END,"
        f" is_given_up = EXCLUDED.is_given_up"
    )


def pause_s(tries: int) -> float:
    """How long to wait after so many tries in vain: twice as long each time, up to a bound, half of it at random."""
    longest = min(PAUSE_S_MIN * 2.0**tries, PAUSE_S_MAX)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - it spreads the tries, and keeps no secret


def _next(model: type[Row], away: set[int], shares_s: Mapping[int, float], *, now: datetime) -> Row | None:
    """A row of a Saleor that had none of this round yet, or else of the one that took the least of its time."""
    had: list[tuple[float, int]] = sorted((share_s, one) for one, share_s in shares_s.items() if one not in away)
    turns = [~Q(installation_id__in=away | shares_s.keys()), *(Q(installation_id=one) for _share_s, one in had)]
    for whose in turns:
        row = _claim(model, whose, now=now)
        if row is not None:
            return row
    return None


def _claim(model: type[Row], whose: Q, *, now: datetime) -> Row | None:
    due = model._default_manager.filter(
        whose, is_given_up=False, not_before__lte=now, installation__state=Installation.State.INSTALLED
    )
    # A secret that cannot be read is its own Saleor's trouble, and is read when that is asked.
    due = due.select_related("installation").defer("installation__token", "installation__webhook_key")
    for row in due.order_by("not_before", "pk")[:CLAIMS_TRIED_MAX]:
        claimed = model._default_manager.filter(pk=row.pk, not_before=row.not_before, is_given_up=False)
        if claimed.update(not_before=now + timedelta(seconds=CLAIM_S)):
            return row
    return None


def _work(row: Row, do: Callable[[Row], Finish], *, now: datetime) -> int:
    finish = do(row)
    rows = type(row)._default_manager.filter(pk=row.pk)
    with transaction.atomic():
        finish()
        ended, _by_model = rows.filter(wanted=row.wanted).delete()
        if not ended:  # it changed once more meanwhile
            rows.update(not_before=now, attempts=0, problem="")
    return 1


def _wait(row: Row, error: Exception, *, now: datetime) -> None:
    """Later, and without using up a try: the longer it waits already, the longer until it is tried again."""
    waited_s = max(0.0, (now - row.asked_at).total_seconds())
    longest = min(max(waited_s, PAUSE_S_MIN), PAUSE_S_MAX)
    not_before = now + timedelta(seconds=longest * random.uniform(0.5, 1.0))  # noqa: S311 - it only spreads
    type(row)._default_manager.filter(pk=row.pk).update(not_before=not_before, problem=_sentence(error))
    log.warning("%s waits: %s", row, type(error).__name__)


def _put_off(row: Row, error: Exception, *, now: datetime) -> None:
    attempts = row.attempts + 1
    # One that was wanted again meanwhile is another thing: it is tried on, whatever came of this try.
    given_up = attempts >= ATTEMPTS_MAX
    rows = type(row)._default_manager.filter(pk=row.pk)
    rows.update(
        attempts=F("attempts") + 1, not_before=now + timedelta(seconds=pause_s(attempts)), problem=_sentence(error)
    )
    if given_up:
        rows.filter(wanted=row.wanted).update(is_given_up=True)
    log.warning("%s was not taken (try %s): it is %s", row, attempts, "given up" if given_up else "tried again")


def _sentence(error: Exception) -> str:
    """Why, in words for the operator; never more than the row holds."""
    told: str | Promise
    if isinstance(error, MarketError | NotYet):
        told = error.message
    elif isinstance(error, TokenRefused):
        told = _("Saleor không nhận mã truy cập của chợ nữa.")
    elif isinstance(error, UnreadableSecret):
        return str(_("Không đọc được mã truy cập đã lưu: {why}")).format(why=error)[:PROBLEM_CHARACTERS_MAX]
    elif isinstance(error, SaleorAway):
        told = _("Saleor chưa trả lời.")
    elif isinstance(error, SaleorRefuses):
        return str(_("Saleor từ chối: {why}")).format(why=error)[:PROBLEM_CHARACTERS_MAX]
    else:
        return str(_("Không hiểu câu trả lời của Saleor: {why}")).format(why=error)[:PROBLEM_CHARACTERS_MAX]
    return str(told)[:PROBLEM_CHARACTERS_MAX]
