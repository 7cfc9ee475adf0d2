"""What the bridge does from time to time: webhooks agreed on, old receipts forgotten, keys renewed."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q

from marketplace.core.tasks import periodic
from marketplace.saleor.agreeing import TOKEN_REFUSED, agree, digest_of_wanted
from marketplace.saleor.each import for_each, installed
from marketplace.saleor.keys import renew_keys
from marketplace.saleor.leaving import SWITCHED_OFF
from marketplace.saleor.models import Installation
from marketplace.saleor.places import is_switched_on
from marketplace.saleor.receipts import forget_old_receipts
from marketplace.saleor.status import reach

MINUTE_S: Final = 60
FIVE_MINUTES_S: Final = 300
HOUR_S: Final = 3600
KEYS_HOURS_MAX: Final = 24
"""A key that a Saleor took out of its list counts no longer than this, even while no new one is used."""


@periodic("saleor.agree_webhooks", every_s=MINUTE_S, is_slow=True)
def agree_on_webhooks(now: datetime) -> int:
    """Tell each Saleor which webhooks we want, where it does not know; answers how many were told."""
    if not is_switched_on():
        return 0
    behind = installed().exclude(webhooks_said=digest_of_wanted())
    return for_each(behind, lambda one: agree(one, now=now))


@periodic("saleor.look_over_webhooks", every_s=HOUR_S, is_slow=True)
def look_over_webhooks(now: datetime) -> int:
    """Mend webhooks that are not at each Saleor as they were agreed; answers how many Saleors have them all.

    One that lost our key is noticed by its next webhook; one that lost webhooks tells nothing of it.
    """
    if not is_switched_on():
        return 0
    return for_each(installed(), lambda one: agree(one, now=now, even_if_said=True))


@periodic("saleor.ask_again", every_s=FIVE_MINUTES_S, is_slow=True)
def ask_those_that_refused(now: datetime) -> int:
    """Ask Saleors that refused our token whether they take it again; answers how many do."""
    if not is_switched_on():
        return 0
    return for_each(installed().filter(problem__in=(SWITCHED_OFF, TOKEN_REFUSED)), _ask_again)


@periodic("saleor.forget_receipts", every_s=HOUR_S, is_slow=True)
def forget_receipts(now: datetime) -> int:
    """Forget receipts of webhooks that are too old to be taken again; answers how many."""
    return forget_old_receipts(now=now) if is_switched_on() else 0


@periodic("saleor.renew_keys", every_s=HOUR_S, is_slow=True)
def renew_old_keys(now: datetime) -> int:
    """Fetch the keys of each Saleor once a day; answers of how many they were fetched."""
    if not is_switched_on():
        return 0
    old = Q(jwks_fetched_at__lt=now - timedelta(hours=KEYS_HOURS_MAX)) | Q(jwks_fetched_at__isnull=True)
    return for_each(installed().filter(old), lambda one: renew_keys(one, now=now))


def _ask_again(installation: Installation) -> int:
    if reach(installation).problem:
        return 0
    still = Installation.objects.filter(pk=installation.pk, problem__in=(SWITCHED_OFF, TOKEN_REFUSED))
    return still.update(problem="")
