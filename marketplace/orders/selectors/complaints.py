"""What may be asked about complaints: each of the three sides finds its own, and no other."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db.models import Case, Count, F, IntegerField, Prefetch, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.orders.checks import is_row_id, is_whole_number, known_uuid
from marketplace.orders.errors import no_such_complaint
from marketplace.orders.models import Complaint, ComplaintMessage, Order
from marketplace.places.models import Commune
from vendors.access import require_commune_staff, require_seller
from vendors.models import Vendor

COMPLAINTS_A_PAGE = 20
COMPLAINT_PAGES_MAX = 10_000
COMPLAINTS_LISTED_MAX = 100
_WAITING_FIRST: Final = Case(
    When(state=Complaint.State.WAITING, then=Value(0)),
    When(state=Complaint.State.ANSWERED, then=Value(1)),
    default=Value(2),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class ComplaintPage:
    """Some complaints of a list: those that wait first, the longest waiting before the others."""

    complaints: tuple[Complaint, ...]
    page: int
    has_more: bool


@dataclass(frozen=True)
class ComplaintFigures:
    """How the complaints of a commune that were opened in some days fared. Counts, no person in them."""

    opened: int
    answered_in_time: int
    waiting: int
    """Of those, how many wait for an answer now."""
    closed: int


def whole_complaints() -> QuerySet[Complaint]:
    """Complaints with everything that a page shows of one: two statements for any number of them."""
    rows = Complaint.objects.select_related("order", "vendor__commune__province", "commune__province")
    return rows.prefetch_related(Prefetch("messages", ComplaintMessage.objects.order_by("pk")))


def complaints_of_order(token: uuid.UUID) -> list[Complaint]:
    """What the buyer complained of about an order, the newest first; two statements. Empty for an unknown token."""
    found = whole_complaints().filter(order__token=known_uuid(token))
    return list(found.order_by("-pk")[:COMPLAINTS_LISTED_MAX])


def newest_complaint(order: Order) -> Complaint | None:
    """The last complaint about an order; one statement. The caller asked who reads."""
    return Complaint.objects.filter(order=order).order_by("-pk").first()


def complaint_of_buyer(*, token: uuid.UUID, complaint_id: int) -> Complaint:
    """A complaint about the order that the buyer's link names. Raises `NotFound`."""
    return _the_only(complaint_id, order__token=known_uuid(token))


def complaint_for_member(*, actor: Actor, complaint_id: int) -> Complaint:
    """A complaint about a shop the actor works in. Raises `NotFound`, also for another shop's."""
    found = _the_only(complaint_id)
    if not actor.may_sell_for(found.vendor_id):
        raise no_such_complaint()
    return found


def complaint_for_staff(*, actor: Actor, complaint_id: int) -> Complaint:
    """A complaint in a commune that the actor is staff of. Raises `NotFound`, also for another commune's."""
    found = _the_only(complaint_id)
    if not actor.may_administer_commune(found.commune_id):
        raise no_such_complaint()
    return found


def photo_message(complaint: Complaint, message_id: int) -> ComplaintMessage:
    """A message with a photo of this complaint, which the caller may read. Raises `NotFound`."""
    found = [row for row in complaint.messages.all() if row.pk == message_id and row.photo]
    if not found:
        raise no_such_complaint()
    return found[0]


def complaints_of_vendor(*, actor: Actor, vendor: Vendor, state: str | None = None, page: int = 1) -> ComplaintPage:
    """A page of a shop's complaints; one statement. Raises `NotFound` for a stranger, `InvalidInput`."""
    require_seller(actor, vendor)
    return _page(Complaint.objects.filter(vendor=vendor), state=state, page=page)


def complaints_in_commune(
    *, actor: Actor, commune: Commune, state: str | None = None, page: int = 1
) -> ComplaintPage:
    """A page of a commune's complaints; one statement. Raises `NotFound` for others, `InvalidInput`."""
    require_commune_staff(actor, commune.pk)
    return _page(Complaint.objects.filter(commune=commune), state=state, page=page)


def complaints_to_answer(*, actor: Actor, at_most: int = COMPLAINTS_LISTED_MAX) -> list[Complaint]:
    """What waits for an answer in the communes that the actor is staff of, the longest first; one statement."""
    waiting = Complaint.objects.filter(state=Complaint.State.WAITING)
    if not (actor.is_operator or actor.is_system):
        waiting = waiting.filter(commune_id__in=actor.commune_codes)
    rows = waiting.select_related("vendor", "order").order_by("waiting_since", "pk")
    return list(rows[: min(at_most, COMPLAINTS_LISTED_MAX)])


def complaint_figures(*, actor: Actor, commune: Commune, since: datetime, until: datetime) -> ComplaintFigures:
    """How the complaints opened from `since` to before `until` fared; one statement.

    Raises `NotFound` for who may not read the commune.
    """
    if not actor.may_read_commune(commune.pk, commune.province_id):
        raise NotFound(_("Không tìm thấy."))
    rows = Complaint.objects.filter(commune=commune, opened_at__gte=since, opened_at__lt=until)
    counts = rows.aggregate(
        opened=Count("pk"),
        answered_in_time=Count("pk", filter=Q(first_answered_at__lte=F("answer_due_at"))),
        waiting=Count("pk", filter=Q(state=Complaint.State.WAITING)),
        closed=Count("pk", filter=Q(state=Complaint.State.CLOSED)),
    )
    return ComplaintFigures(**counts)


def _page(rows: QuerySet[Complaint], *, state: str | None, page: int) -> ComplaintPage:
    if not (is_whole_number(page) and 1 <= page <= COMPLAINT_PAGES_MAX):
        raise InvalidInput(_("Không có trang này."), field="page")
    if state is not None:
        if state not in Complaint.State.values:
            raise InvalidInput(_("Không có trạng thái khiếu nại này."), field="state")
        rows = rows.filter(state=state)
    start = (page - 1) * COMPLAINTS_A_PAGE
    ordered = rows.select_related("order", "vendor").order_by(_WAITING_FIRST, "waiting_since", "-updated_at", "-pk")
    found = list(ordered[start : start + COMPLAINTS_A_PAGE + 1])
    return ComplaintPage(tuple(found[:COMPLAINTS_A_PAGE]), page, len(found) > COMPLAINTS_A_PAGE)


def _the_only(complaint_id: int, **also: object) -> Complaint:
    found = whole_complaints().filter(pk=complaint_id, **also).first() if is_row_id(complaint_id) else None
    if found is None:
        raise no_such_complaint()
    return found
