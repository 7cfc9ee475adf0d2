"""Takings by day, a shop's own book, and the movements of money behind a figure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import product
from typing import Literal

from django.db.models import Aggregate, Count, F, Q, QuerySet, Sum
from django.db.models.functions import TruncMonth, TruncWeek
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput
from marketplace.orders.models import Channel
from marketplace.places.models import Commune
from marketplace.reporting.models import TAKINGS_COLUMNS, TakingsDay, takings_column
from marketplace.reporting.selectors.asking import checked_days, require_book_reader, require_commune_reader
from marketplace.reporting.selectors.values import BookRow, SaleBehind, Takings, TakingsRow
from payments.models import MONEY_IN, MONEY_OUT, Confirmation, TransactionEvent
from vendors.models import Vendor

ROWS_MAX = 100
PERIOD_DAYS = {"day": 1, "week": 7, "month": 31}

CHARGE = Q(type__in=MONEY_IN)
REFUND = Q(type__in=MONEY_OUT)


def commune_takings(*, actor: Actor, commune: Commune, first_day: date, last_day: date) -> list[TakingsRow]:
    """The commune's days with money between two days (at most `ROWS_MAX` apart), the earliest first.

    One statement. Raises `NotFound` for who may not read the commune, `InvalidInput` for the period.
    """
    require_commune_reader(actor, commune)
    days = checked_days(first_day, last_day, days_max=ROWS_MAX)
    rows = TakingsDay.objects.filter(commune_id=commune.pk, day__range=days).order_by("day")
    return [
        TakingsRow(day=row["day"], takings=takings_of(row), paid_orders=paid_orders_of(row))
        for row in rows.values("day", *TAKINGS_COLUMNS)
    ]


def vendor_book(
    *, actor: Actor, vendor: Vendor, first_day: date, last_day: date, by: Literal["day", "week", "month"] = "day"
) -> list[BookRow]:
    """The shop's takings by day, by week from its Monday, or by month; the earliest first, none without money.

    At most `ROWS_MAX` of them. Read from the movements themselves by index: one statement. A week or month at either
    end holds only the days asked for. Raises `NotFound` for strangers, `InvalidInput` for the period.
    """
    require_book_reader(actor, vendor)
    if by not in PERIOD_DAYS:
        raise InvalidInput(_("Bạn chọn xem theo ngày, theo tuần hoặc theo tháng."), field="by")
    days = checked_days(first_day, last_day, days_max=ROWS_MAX * PERIOD_DAYS[by])
    moves = TransactionEvent.objects.filter(CHARGE | REFUND, vendor_id=vendor.pk, bank_date__range=days)
    begins = {"day": F("bank_date"), "week": TruncWeek("bank_date"), "month": TruncMonth("bank_date")}
    periods = moves.values(period=begins[by])
    sums = _moved_columns()
    rows = periods.annotate(**sums).order_by("period").values_list("period", *sums)
    return [
        BookRow(period=period, takings=takings_of(dict(zip(sums, amounts, strict=True)))) for period, *amounts in rows
    ]


def sales_behind(
    *, actor: Actor, commune: Commune, day: date, before: int | None = None, at_most: int = ROWS_MAX
) -> list[SaleBehind]:
    """The movements of money that the commune's takings of a day are made of, the newest first; no buyer in them.

    At most `ROWS_MAX` at a time; `before` is the last `event_id` of the page before. One statement. Raises
    `NotFound` for who may not read the commune.
    """
    require_commune_reader(actor, commune)
    moves = TransactionEvent.objects.filter(commune_id=commune.pk, bank_date=day)
    return _page(moves, before=before, at_most=at_most)


def vendor_sales_behind(
    *, actor: Actor, vendor: Vendor, day: date, before: int | None = None, at_most: int = ROWS_MAX
) -> list[SaleBehind]:
    """As `sales_behind`, for one day of a shop's own book. Raises `NotFound` for strangers."""
    require_book_reader(actor, vendor)
    moves = TransactionEvent.objects.filter(vendor_id=vendor.pk, bank_date=day)
    return _page(moves, before=before, at_most=at_most)


def takings_of(columns: Mapping[str, int]) -> Takings:
    """Takings from sums under the names of `TakingsDay`'s columns; a missing one is 0."""
    charged = {name: _sum(columns, "charged", confirmations=[name]) for name in Confirmation.values}
    net = {
        name: _sum(columns, "charged", channels=[name]) - _sum(columns, "refunded", channels=[name])
        for name in Channel.values
    }
    return Takings(
        bank_vnd=charged[Confirmation.BANK],
        card_vnd=charged[Confirmation.CARD],
        vendor_vnd=charged[Confirmation.VENDOR],
        cash_vnd=charged[Confirmation.CASH],
        refunds_vnd=_sum(columns, "refunded"),
        online_vnd=net[Channel.ONLINE],
        stall_vnd=net[Channel.STALL],
        count=_sum(columns, "charges"),
        refunds=_sum(columns, "refunds"),
    )


def paid_orders_of(columns: Mapping[str, int]) -> int:
    """Orders first paid in full, over all channels, from sums under the names of `TakingsDay`'s columns."""
    return sum(columns.get(f"paid_orders_{channel}", 0) for channel in Channel.values)


def _sum(
    columns: Mapping[str, int],
    what: str,
    *,
    confirmations: Iterable[str] = tuple(Confirmation.values),
    channels: Iterable[str] = tuple(Channel.values),
) -> int:
    return sum(columns.get(takings_column(what, *source), 0) for source in product(confirmations, channels))


def _moved_columns() -> dict[str, Aggregate]:
    """The columns of `TakingsDay`, out of the movements themselves."""
    columns: dict[str, Aggregate] = {}
    for confirmation, channel in product(Confirmation.values, Channel.values):
        source = Q(confirmation=confirmation, channel=channel)
        for count, amount, kind in (("charges", "charged", CHARGE), ("refunds", "refunded", REFUND)):
            columns[takings_column(count, confirmation, channel)] = Count("pk", filter=kind & source)
            columns[takings_column(amount, confirmation, channel)] = Sum(
                "amount_vnd", filter=kind & source, default=0
            )
    return columns


def _page(moves: QuerySet[TransactionEvent], *, before: int | None, at_most: int) -> list[SaleBehind]:
    page = moves.filter(CHARGE | REFUND).select_related("vendor").order_by("-pk")
    if before is not None:
        page = page.filter(pk__lt=before)
    return [_sale(event) for event in page[: max(0, min(at_most, ROWS_MAX))]]


def _sale(event: TransactionEvent) -> SaleBehind:
    return SaleBehind(
        event_id=event.pk,
        order_number=str(event.order_id),
        vendor_name=event.vendor.name,
        vendor_slug=event.vendor.slug,
        amount_vnd=event.amount_vnd,
        is_refund=event.type in MONEY_OUT,
        confirmation=event.confirmation,
        channel=event.channel,
        happened_at=event.happened_at,
    )
