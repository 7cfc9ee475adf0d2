"""Working off what is due: shops, goods, stock and photos, a batch of each a round."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Final

from django.db import InterfaceError, OperationalError
from django.db.models import QuerySet

from catalog.models import ProductVariant
from marketplace.saleor.catalogue import things
from marketplace.saleor.catalogue.asking import Patient, Wait
from marketplace.saleor.catalogue.errors import SyncRuns
from marketplace.saleor.catalogue.pictures import push_pictures
from marketplace.saleor.catalogue.refusals import OTHER, sentence
from marketplace.saleor.catalogue.shape import Shape, kept_shape
from marketplace.saleor.catalogue.shops import push_shops
from marketplace.saleor.catalogue.stock import level_stock
from marketplace.saleor.catalogue.syncing import Turn, push_products
from marketplace.saleor.catalogue.telling import tell_shops
from marketplace.saleor.client import Saleor, SaleorAway, SaleorRefuses, TokenRefused
from marketplace.saleor.models import Installation, SaleorObject

ROWS_A_ROUND_MAX: Final = 100
RETRY_S: Final = 300
"""After this, what could not be brought for a reason that nobody foresaw is tried again."""
FAILURES_IN_A_ROW_MAX: Final = 5
"""Where this many cannot be brought one after another, the fault is no single thing's: the rest waits for a round."""
Kind = SaleorObject.Kind
Work = Callable[[list[int]], None]
"""What is done with things of one kind, by their ids here."""

log = logging.getLogger("market.saleor")


def push_due(installation: Installation, *, now: datetime, wait: Wait = time.sleep) -> int:
    """Bring what changed, and take over what changed there, up to `ROWS_A_ROUND_MAX` of each kind; how many rows.

    Nothing before a first `market saleor sync` chose the channel, nor while one runs. What is due
    longest comes first. A Saleor that is away leaves the rows due.
    """
    shape = kept_shape(installation)
    if shape is None or not _due(installation, now=now).exists():
        return 0
    began_s = time.monotonic()
    turn = Turn(installation, clock=lambda: now + timedelta(seconds=time.monotonic() - began_s))
    try:
        with turn, Saleor.of(installation) as asked:
            return _Round(Patient(asked, wait=wait), installation, shape, turn=turn, now=now).all()
    except SyncRuns:
        return 0


class _Round:
    def __init__(
        self, saleor: Patient, installation: Installation, shape: Shape, *, turn: Turn, now: datetime
    ) -> None:
        self._saleor = saleor
        self._turn = turn
        self._installation = installation
        self._shape = shape
        self._now = now

    def all(self) -> int:
        """Shops first: goods refer to their pages."""
        return sum(
            self._work(kind, do)
            for kind, do in ((Kind.VENDOR, self._shops), (Kind.PRODUCT, self._goods), (Kind.VARIANT, self._stock))
        )

    def _work(self, kind: SaleorObject.Kind, do: Work) -> int:
        due = _due(self._installation, now=self._now).filter(kind=kind)
        rows = list(due.order_by("due_at", "pk")[:ROWS_A_ROUND_MAX])
        return self._try(rows, do) if rows else 0

    def _try(self, rows: list[SaleorObject], do: Work) -> int:
        """Work off these rows, which stay due until that is done: a death in between loses nothing.

        Raises `SyncRuns` where the round took so long that another has its turn now.
        """
        self._turn.renew()
        try:
            do([int(row.our_id) for row in rows])
        except (SaleorAway, TokenRefused) as error:
            log.warning("installation %s: %s waits (%s)", self._installation.pk, rows[0].kind, type(error).__name__)
            # Behind the others: it may be away over something that only these ask.
            things.settle(rows, due_at=self._now)
            return 0
        except (OperationalError, InterfaceError):
            raise  # busy is no fault of theirs
        except Exception as error:
            return self._one_by_one(rows, do) if len(rows) > 1 else self._put_off(rows[0], error)
        things.settle(rows, due_at=None)
        return len(rows)

    def _one_by_one(self, rows: list[SaleorObject], do: Work) -> int:
        """One of these cannot be brought: each by itself, so that it holds up no other."""
        done = failures = 0
        for row in rows:
            if failures >= FAILURES_IN_A_ROW_MAX:
                break
            is_done = self._try([row], do)
            done += is_done
            failures = 0 if is_done else failures + 1
        return done

    def _put_off(self, row: SaleorObject, error: Exception) -> int:
        log.warning(
            "%s could not be brought: %s", row, type(error).__name__, exc_info=not isinstance(error, SaleorRefuses)
        )
        things.settle([row], due_at=self._now + timedelta(seconds=RETRY_S))
        if row.kind == Kind.PRODUCT:
            things.refused(row, _sentence(error))
            tell_shops(self._installation, [int(row.our_id)], now=self._now)
        return 0

    def _shops(self, ids: list[int]) -> None:
        push_shops(self._saleor, self._installation, self._shape, ids, now=self._now)

    def _goods(self, ids: list[int]) -> None:
        push_products(self._saleor, self._installation, self._shape, ids, now=self._now, is_due=True)
        push_pictures(self._saleor, self._installation, ids, now=self._now)
        tell_shops(self._installation, ids, now=self._now)

    def _stock(self, ids: list[int]) -> None:
        level_stock(self._saleor, self._installation, self._shape.warehouse, ids, now=self._now)
        products = ProductVariant.objects.filter(pk__in=ids).values_list("product_id", flat=True).distinct()
        tell_shops(self._installation, list(products), now=self._now)


def _due(installation: Installation, *, now: datetime) -> QuerySet[SaleorObject]:
    return SaleorObject.objects.filter(
        installation=installation, due_at__lte=now, kind__in=(Kind.VENDOR, Kind.PRODUCT, Kind.VARIANT)
    )


def _sentence(error: Exception) -> str:
    if isinstance(error, SaleorRefuses):
        return sentence(error.code, field=error.field, message=str(error))
    return str(OTHER)
