"""Whether a commune's digital economy grows: one word, one sentence with two numbers. Pure but for `growth_of`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from marketplace.core.actors import Actor
from marketplace.core.money import format_vnd
from marketplace.places.models import Commune
from marketplace.reporting.selectors import TakingsRow, commune_takings, percent_more
from storefront.dates import last_day, month_after, month_before

CHART_WIDTH, CHART_HEIGHT, TEXT_HEIGHT = 320, 120, 20


@dataclass(frozen=True)
class Growth:
    """Takings in the days of a month so far, against as many days of the month before, in đồng."""

    place: str
    month: date
    is_running: bool
    taken_vnd: int
    before_vnd: int
    orders: int

    @property
    def percent(self) -> int | None:
        """As `percent_more` says it; None without a month before."""
        return percent_more(self.taken_vnd, self.before_vnd)

    @property
    def answer(self) -> str:
        """The answer to "is our digital economy growing?" in a few words."""
        if not self.taken_vnd and not self.before_vnd:
            return _("Chưa có tiền bán")
        if self.percent is None:
            return _("Mới bắt đầu")
        if self.percent == 0:
            return _("Kinh tế số giữ nguyên")
        return _("Kinh tế số đang đi lên") if self.percent > 0 else _("Kinh tế số đang đi xuống")

    @property
    def tone(self) -> str:
        """Leaf for more, amber for less."""
        if self.percent is None:
            return "leaf" if self.taken_vnd > 0 else "muted"
        return "leaf" if self.percent >= 0 else "amber"

    @property
    def sentence(self) -> str:
        """The two numbers: what was taken, and how that compares."""
        said = {"month": self.month.month, "amount": format_vnd(self.taken_vnd), "orders": self.orders}
        began = _("Từ đầu tháng %(month)s") % said if self.is_running else _("Trong tháng %(month)s") % said
        return _("%(began)s, %(taken)s; %(compared)s.") % {
            "began": began,
            "taken": self._taken(said),
            "compared": self._compared(),
        }

    def _taken(self, said: dict[str, object]) -> str:
        if not self.taken_vnd and not self.orders:
            return _("%(place)s chưa bán được đơn nào") % {"place": self.place}
        return _("%(place)s bán được %(amount)s từ %(orders)s đơn") % (said | {"place": self.place})

    def _compared(self) -> str:
        than = _("cùng kỳ tháng trước") if self.is_running else _("tháng trước")
        if not self.orders and not self.taken_vnd and not self.before_vnd:
            return _("%(than)s cũng vậy") % {"than": than}
        if self.percent is None:
            return _("%(than)s chưa bán được gì") % {"than": than}
        if self.percent == 0:
            return _("bằng %(than)s") % {"than": than}
        words = _("nhiều hơn %(than)s %(percent)s%%") if self.percent > 0 else _("ít hơn %(than)s %(percent)s%%")
        return words % {"than": than, "percent": abs(self.percent)}


def in_sentence(name: str) -> str:
    """A place's name as it stands within a sentence: "xã Đàm Thủy"."""
    return name[:1].lower() + name[1:]


@dataclass(frozen=True)
class Bar:
    """A day's bar in the chart, in the units of its view box."""

    x: int
    y: int
    width: int
    height: int
    day: date


def growth_of(*, actor: Actor, commune: Commune, month: date, today: date) -> tuple[Growth, list[TakingsRow]]:
    """A commune's growth in a month, and the month's days with money; two statements."""
    last = last_day(month)
    rows = commune_takings(actor=actor, commune=commune, first_day=month, last_day=last)
    is_running = month <= today < last
    first_before = month_before(month)
    last_before = month - timedelta(days=1)
    if is_running:
        last_before = min(last_before, first_before + timedelta(days=today.day - 1))
    before = commune_takings(actor=actor, commune=commune, first_day=first_before, last_day=last_before)
    growth = Growth(
        place=in_sentence(commune.name),
        month=month,
        is_running=is_running,
        taken_vnd=sum(row.takings.total_vnd for row in rows),
        before_vnd=sum(row.takings.total_vnd for row in before),
        orders=sum(row.paid_orders for row in rows),
    )
    return growth, rows


def bars_of(rows: list[TakingsRow], *, month: date) -> list[Bar]:
    """The days of a month as bars, the best day as high as the chart."""
    days = (month_after(month) - month).days
    step = CHART_WIDTH // days
    best = max((row.takings.total_vnd for row in rows), default=0)
    room = CHART_HEIGHT - TEXT_HEIGHT
    bars = []
    for row in rows:
        height = max(2, room * row.takings.total_vnd // best) if best > 0 and row.takings.total_vnd > 0 else 0
        bars.append(Bar((row.day.day - 1) * step, room - height, step - 2, height, row.day))
    return bars
