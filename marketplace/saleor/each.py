"""Each Saleor by itself: the trouble that one gives is written down, and the next has its turn."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from typing import Final

from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

from marketplace.core.secrets import UnreadableSecret
from marketplace.saleor.models import Installation

SECRETS: Final = ("token", "webhook_key")
"""Read only where they are needed: one that cannot be read is its own Saleor's trouble."""

log = logging.getLogger("market.saleor")


def installed() -> QuerySet[Installation]:
    """The Saleors that the market is an App of, the oldest first, their secrets not read yet."""
    return Installation.objects.filter(state=Installation.State.INSTALLED).defer(*SECRETS).order_by("pk")


def for_each(installations: Iterable[Installation], do: Callable[[Installation], int]) -> int:
    """Do something for each of these Saleors, whatever comes of the others; answers the sum of what it answered.

    Raises nothing: what goes wrong for one is logged, and counts as 0.
    """
    return sum(_one(installation, do) for installation in installations)


def _one(installation: Installation, do: Callable[[Installation], int]) -> int:
    try:
        return do(installation)
    except UnreadableSecret as error:
        log.error("the token of installation %s cannot be read: %s", installation.pk, error)
    except (OperationalError, InterfaceError) as error:
        log.warning("installation %s waits for the database: %s", installation.pk, type(error).__name__)
    except Exception:
        # Of whatever kind: a fault that one Saleor can bring about must not become the trouble of all behind it.
        log.exception("installation %s could not be served", installation.pk)
    return 0
