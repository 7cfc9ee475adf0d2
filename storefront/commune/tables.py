"""A commune's month in tables: what the page shows, the paper prints and the files hold, in one wording."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from catalog.ocop_sets import ocop_set
from marketplace.core.money import format_vnd, in_groups
from marketplace.reporting.exports import Table, Value
from marketplace.reporting.models import NO_OCOP_SET, CommuneTarget
from marketplace.reporting.selectors import (
    CommuneSummary,
    MonthReport,
    ProvinceSummary,
    SetSales,
    Share,
    TakingsPart,
    TakingsRow,
    TargetReached,
    VillagePart,
)
from storefront.templatetags.shop import VENDOR_KINDS

NONE = "—"
VILLAGES_ON_PAPER_MAX = 15
"""What one A4 page has room for beside the other tables."""
Number = Callable[[CommuneSummary], int | None]


@dataclass(frozen=True)
class Measure:
    """One of the four things that a commune is measured by."""

    indicator: str
    label: str | Promise
    of: Number
    unit: str = ""

    def earlier(self, summary: CommuneSummary) -> int | None:
        """The number of an earlier month; None of what is known as of today only."""
        return None if self.indicator in AS_OF_NOW else self.of(summary)


MEASURES = (
    Measure(
        CommuneTarget.Indicator.TAKINGS, gettext_lazy("Tiền bán"), lambda summary: summary.takings.total_vnd, unit="₫"
    ),
    Measure(CommuneTarget.Indicator.SHOPS_ACTIVE, gettext_lazy("Gian có bán"), lambda summary: summary.shops_active),
    Measure(
        CommuneTarget.Indicator.BANK_SHARE,
        gettext_lazy("Ngân hàng xác nhận"),
        lambda summary: summary.takings.confirmed_by_bank.percent,
        unit="%",
    ),
    Measure(
        CommuneTarget.Indicator.OCOP_PRODUCTS,
        gettext_lazy("Sản phẩm OCOP đang bán"),
        lambda summary: summary.ocop_products,
    ),
)
AS_OF_NOW = frozenset({CommuneTarget.Indicator.OCOP_PRODUCTS.value})
"""Measures that are counted as of today: no earlier month is known of them."""


@dataclass(frozen=True)
class Compared:
    """A measure in this month, the month before and the same month a year ago, and its target."""

    label: str | Promise
    now: str
    before: str
    year_ago: str
    target: str
    reached: str
    """How much of the target, in hundredths; a dash without one."""
    is_reached: bool


@dataclass(frozen=True)
class PartRow:
    """A part of the month's takings as the page shows it."""

    label: str | Promise
    total_vnd: int
    share: Share
    confirmed: Share
    shops: int


@dataclass(frozen=True)
class VillageRow(PartRow):
    """A village's part of the month as the page shows it."""

    registered: int


@dataclass(frozen=True)
class SetRow:
    """Goods of one OCOP set as the page shows them."""

    label: str | Promise
    orders: int
    quantity: int
    amount_vnd: int


def said(value: int | None, *, unit: str = "") -> str:
    """A number as people write it: `1.250`, `125.000 ₫`, `75%`; a dash where there is none."""
    if value is None:
        return NONE
    if unit == "₫":
        return format_vnd(value)
    return in_groups(value) + unit


def compared(report: MonthReport) -> list[Compared]:
    """The measures beside what they are held against."""
    return [_compared(measure, report) for measure in MEASURES]


def _compared(measure: Measure, report: MonthReport) -> Compared:
    target = _target(measure, report)
    return Compared(
        label=measure.label,
        now=said(measure.of(report.summary), unit=measure.unit),
        before=said(measure.earlier(report.before), unit=measure.unit),
        year_ago=said(measure.earlier(report.year_ago), unit=measure.unit),
        target=said(target.target, unit=measure.unit) if target else NONE,
        reached=said(target.share.percent, unit="%") if target else NONE,
        is_reached=target is not None and target.reached >= target.target,
    )


def _target(measure: Measure, report: MonthReport) -> TargetReached | None:
    return next((one for one in report.targets if one.indicator == measure.indicator), None)


def confirmations(report: MonthReport) -> list[tuple[str | Promise, int, Share]]:
    """Who said that the money came: the words, the đồng and their part of all charges."""
    takings = report.summary.takings
    rows = (
        (_("Ngân hàng báo"), takings.bank_vnd),
        (_("Thẻ báo"), takings.card_vnd),
        (_("Người bán ghi"), takings.vendor_vnd),
        (_("Tiền mặt"), takings.cash_vnd),
    )
    return [(words, amount, Share(amount, takings.charged_vnd)) for words, amount in rows]


def kinds(report: MonthReport) -> list[PartRow]:
    """The month by kind of shop."""
    return [_part(row, VENDOR_KINDS.get(row.key, row.key), report) for row in report.kinds]


def sites(report: MonthReport) -> list[PartRow]:
    """The month by market site."""
    return [_part(row, row.name or _("Không ở chợ nào"), report) for row in report.sites]


def villages(report: MonthReport) -> list[VillageRow]:
    """The month by village, those without a shop too; the shops without a village last."""
    return [_village(row, report) for row in report.villages]


def villages_on_paper(report: MonthReport) -> list[VillageRow]:
    """The villages that have shops or sold; of many those that took most, and all others in one row.

    What is noted for no village keeps its row, the last one.
    """
    told = [row for row in report.villages if row.registered or row.shops or row.total_vnd]
    unnoted = [_village(row, report) for row in told if not row.key]
    rows = [_village(row, report) for row in told if row.key]
    room = VILLAGES_ON_PAPER_MAX - len(unnoted)
    if len(rows) > room:
        rows = sorted(rows, key=lambda row: -row.total_vnd)
        rows = [*rows[: room - 1], _together(rows[room - 1 :], report)]
    return [*rows, *unnoted]


def _together(rows: list[VillageRow], report: MonthReport) -> VillageRow:
    total_vnd = sum(row.total_vnd for row in rows)
    return VillageRow(
        label=ngettext("%(count)s nơi khác", "%(count)s nơi khác", len(rows)) % {"count": len(rows)},
        total_vnd=total_vnd,
        share=Share(max(0, total_vnd), max(0, report.summary.takings.total_vnd)),
        confirmed=Share(sum(row.confirmed.part for row in rows), sum(row.confirmed.whole for row in rows)),
        shops=sum(row.shops for row in rows),
        registered=sum(row.registered for row in rows),
    )


def sets(report: MonthReport) -> list[SetRow]:
    """The goods of the month by OCOP set."""
    return [SetRow(_set_name(row), row.orders, row.quantity, row.amount_vnd) for row in report.sets]


def days_table(rows: list[TakingsRow]) -> Table:
    """The days of a month with money."""
    columns = [
        _("Ngày"),
        _("Tiền bán (₫)"),
        _("Ngân hàng báo (₫)"),
        _("Thẻ báo (₫)"),
        _("Người bán ghi (₫)"),
        _("Tiền mặt (₫)"),
        _("Trả lại (₫)"),
        _("Đơn trả đủ"),
    ]
    return Table(_("Từng ngày"), columns, [_day(row) for row in rows])


def report_tables(report: MonthReport) -> dict[str, Table]:
    """All of the month: the tables by the names that addresses have for them, in the order of the file's sheets."""
    share, confirmed, shops = _("Phần của cả xã (%)"), _("Có ngân hàng hay thẻ báo (%)"), _("Gian có bán")
    parts = [_("Tiền bán (₫)"), share, confirmed, shops]
    return {
        "overview": Table(
            _("Tổng quan"),
            [
                _("Chỉ tiêu"),
                _("Tháng này"),
                _("Tháng trước"),
                _("Cùng tháng năm trước"),
                _("Chỉ tiêu năm"),
                _("Đạt (%)"),
            ],
            [_overview(measure, report) for measure in MEASURES],
        ),
        "days": days_table(report.days),
        "confirmed": Table(
            _("Ai xác nhận"),
            [_("Ai xác nhận"), _("Tiền bán (₫)"), share],
            [[str(words), amount, part.percent] for words, amount, part in confirmations(report)],
        ),
        "kinds": Table(
            _("Loại gian hàng"), [_("Loại gian hàng"), *parts], [_part_cells(row) for row in kinds(report)]
        ),
        "sites": Table(_("Chợ"), [_("Chợ, điểm bán"), *parts], [_part_cells(row) for row in sites(report)]),
        "villages": villages_table(report),
        "sets": Table(
            _("Nhóm hàng OCOP"),
            [_("Nhóm hàng OCOP"), _("Tiền hàng (₫)"), _("Đơn"), _("Số lượng")],
            [[str(row.label), row.amount_vnd, row.orders, row.quantity] for row in sets(report)],
        ),
    }


def villages_table(report: MonthReport) -> Table:
    """The month by village: shops registered, shops that sold, and what they took."""
    columns = [
        _("Thôn, xóm, tổ"),
        _("Gian đăng ký"),
        _("Gian có bán"),
        _("Tiền bán (₫)"),
        _("Phần của cả xã (%)"),
        _("Ngân hàng, thẻ báo (%)"),
    ]
    rows: list[list[Value]] = [
        [str(row.label), row.registered, row.shops, row.total_vnd, row.share.percent, row.confirmed.percent]
        for row in villages(report)
    ]
    return Table(_("Thôn, xóm"), columns, rows)


def province_table(summary: ProvinceSummary) -> Table:
    """The communes of a province in a month, in the summary's order."""
    columns = [
        _("Mã xã"),
        _("Xã, phường"),
        _("Tiền bán (₫)"),
        _("Tháng trước (₫)"),
        _("Ngân hàng xác nhận (%)"),
        _("Gian có bán"),
        _("Gian đăng ký"),
        _("Sản phẩm OCOP đang bán"),
    ]
    rows = [
        [
            row.code,
            row.name,
            row.takings.total_vnd,
            row.takings_before.total_vnd,
            row.takings.confirmed_by_bank.percent,
            row.shops_active,
            row.shops_registered,
            row.ocop_products,
        ]
        for row in summary.communes
    ]
    return Table(_("Các xã, phường"), columns, rows)


def _part(row: TakingsPart, label: str | Promise, report: MonthReport) -> PartRow:
    whole = max(0, report.summary.takings.total_vnd)
    return PartRow(label, row.total_vnd, Share(max(0, row.total_vnd), whole), row.confirmed, row.shops)


def _village(row: VillagePart, report: MonthReport) -> VillageRow:
    part = _part(row, row.name or _("Chưa ghi thôn, xóm"), report)
    return VillageRow(part.label, part.total_vnd, part.share, part.confirmed, part.shops, row.registered)


def _part_cells(row: PartRow) -> list[Value]:
    return [str(row.label), row.total_vnd, row.share.percent, row.confirmed.percent, row.shops]


def _set_name(row: SetSales) -> str:
    return _("Không thuộc nhóm nào") if row.ocop_set == NO_OCOP_SET else ocop_set(row.ocop_set).shown_name


def _day(row: TakingsRow) -> list[Value]:
    takings = row.takings
    return [
        row.day,
        takings.total_vnd,
        takings.bank_vnd,
        takings.card_vnd,
        takings.vendor_vnd,
        takings.cash_vnd,
        takings.refunds_vnd,
        row.paid_orders,
    ]


def _overview(measure: Measure, report: MonthReport) -> list[Value]:
    target = _target(measure, report)
    unit = f" ({measure.unit})" if measure.unit else ""
    return [
        f"{measure.label}{unit}",
        measure.of(report.summary),
        measure.earlier(report.before),
        measure.earlier(report.year_ago),
        target.target if target else None,
        target.share.percent if target else None,
    ]
