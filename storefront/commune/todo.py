"""What waits for this officer: each thing with its age, what the law says of it, and until when it is promised.

Every kind of work is a `Source`; a further kind is one more function in `SOURCES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.renewals import count_ended
from catalog.selectors import certificates_to_review, products_to_review
from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.orders.selectors import complaints_to_answer
from marketplace.orders.services.complaints import FIRST_ANSWER_S_MAX
from storefront.templatetags.work import HOUR_S, hours_or_days
from vendors.selectors import vendors_to_verify

TODO_SHOWN_MAX = 10
ANSWER_HOURS_MAX = 24
"""The market's own promise where the law sets no time: one visit, one day."""


@dataclass(frozen=True)
class Kind:
    """A kind of work: its name and sign, how long it may wait, and what the law says."""

    name: str | Promise
    sign: str
    answer_hours_max: int
    law: str | Promise


SHOP = Kind(
    gettext_lazy("Gian hàng mới"),
    "shop",
    ANSWER_HOURS_MAX,
    gettext_lazy("Luật 122/2025/QH15, điều 17: xác minh xong mới được bán. Luật không ghi số giờ; chợ hẹn 24 giờ."),
)
PRODUCT = Kind(
    gettext_lazy("Sản phẩm"),
    "basket",
    ANSWER_HOURS_MAX,
    gettext_lazy(
        "Luật 122/2025/QH15, điều 17: xem tin đăng trước khi cho hiện. Luật không ghi số giờ; chợ hẹn 24 giờ."
    ),
)
CERTIFICATE = Kind(
    gettext_lazy("Giấy chứng nhận"),
    "star",
    ANSWER_HOURS_MAX,
    gettext_lazy(
        "Quyết định 148/QĐ-TTg: giấy có hạn 36 tháng. Sao chỉ hiện khi xã đã xem giấy và còn hạn; chợ hẹn 24 giờ."
    ),
)
COMPLAINT = Kind(
    gettext_lazy("Khiếu nại"),
    "warning",
    FIRST_ANSWER_S_MAX // HOUR_S,
    gettext_lazy(
        "Luật 19/2023/QH15: người mua có quyền khiếu nại và được trả lời. Chợ hẹn trả lời lần đầu trong 4 giờ."
    ),
)


@dataclass(frozen=True)
class Todo:
    """Something that waits for this officer, since when, and where it is settled."""

    kind: Kind
    name: str
    place: str
    since: datetime
    url: str

    @property
    def due_at(self) -> datetime:
        """Until when an answer is promised."""
        return self.since + timedelta(hours=self.kind.answer_hours_max)


@dataclass(frozen=True)
class Row:
    """A thing that waits as the page shows it, its time left in a tone, a sign and words."""

    todo: Todo
    tone: str
    sign: str
    left: str


@dataclass(frozen=True)
class TodoList:
    """What waits, the earliest promise first; `more` when not all of it is shown."""

    rows: list[Row]
    more: bool
    late: int
    """How many of the rows shown are past their time."""
    ended: int
    """How many papers of shops have ended: theirs to renew, an officer's to ask for."""

    @property
    def laws(self) -> list[Kind]:
        """The kinds of the rows shown, each once, with what the law says of them."""
        return list(dict.fromkeys(row.todo.kind for row in self.rows))


Source = Callable[[Actor, int], list[Todo]]
"""At most so many things of one kind that wait for the actor, the longest waiting first."""


def todo_list(actor: Actor, *, now: datetime) -> TodoList:
    """All that waits for this officer, over every source; a fixed number of statements."""
    most = TODO_SHOWN_MAX + 1
    waiting = sorted((todo for source in SOURCES for todo in source(actor, most)), key=lambda todo: todo.due_at)
    ended = count_ended(actor=actor, today=vietnam_date(now))
    rows = [_row(todo, now=now) for todo in waiting[:TODO_SHOWN_MAX]]
    return TodoList(rows, len(waiting) > TODO_SHOWN_MAX, sum(row.tone == "lacquer" for row in rows), ended)


def shops(actor: Actor, at_most: int) -> list[Todo]:
    """Shops that wait to be verified."""
    return [
        Todo(SHOP, row.name, row.commune.name, row.made_at, reverse("commune_vendor", args=[row.pk]))
        for row in vendors_to_verify(actor=actor, at_most=at_most)
    ]


def products(actor: Actor, at_most: int) -> list[Todo]:
    """Listings that wait to be let on the market."""
    return [
        Todo(
            PRODUCT,
            row.name,
            row.vendor.name,
            row.submitted_at or row.updated_at,
            reverse("commune_product", args=[row.pk]),
        )
        for row in products_to_review(actor=actor, at_most=at_most)
    ]


def certificates(actor: Actor, at_most: int) -> list[Todo]:
    """Certificates that wait to be held against the paper."""
    return [
        Todo(
            CERTIFICATE,
            row.product.name,
            row.product.vendor.name,
            row.declared_at,
            reverse("commune_certificate", args=[row.pk]),
        )
        for row in certificates_to_review(actor=actor, at_most=at_most)
    ]


def complaints(actor: Actor, at_most: int) -> list[Todo]:
    """Complaints whose buyers wait for an answer."""
    return [
        Todo(
            COMPLAINT,
            row.get_kind_display(),
            row.vendor.name,
            row.waiting_since or row.opened_at,
            reverse("commune_complaint", args=[row.pk]),
        )
        for row in complaints_to_answer(actor=actor, at_most=at_most)
    ]


SOURCES: tuple[Source, ...] = (complaints, shops, products, certificates)


def _row(todo: Todo, *, now: datetime) -> Row:
    left_s = int((todo.due_at - now).total_seconds())
    if left_s < 0:
        return Row(todo, "lacquer", "warning", _("Quá hẹn %(time)s") % {"time": hours_or_days(-left_s)})
    return Row(todo, "amber", "wait", _("Còn %(time)s") % {"time": hours_or_days(left_s)})
