"""Buyers who complain of an order, and who may answer them."""

from datetime import timedelta
from pathlib import Path
from typing import Any

from marketplace.core.actors import ANONYMOUS, Actor
from marketplace.orders.models import Complaint, ComplaintMessage, Order
from marketplace.orders.services.complaints import open_complaint
from tests.orders.factories import NENH, NOW, THUC_PHAN
from tests.payments.factories import journal

HOUR = timedelta(hours=1)
BROKEN = "Hai hũ bị vỡ, mật chảy hết ra thùng."
OFFICER = Actor(commune_codes=frozenset({THUC_PHAN}))
STRANGERS = [ANONYMOUS, Actor(commune_codes=frozenset({NENH})), Actor(province_codes=frozenset({"04"}))]


def complained(order: Order, *, kind: str = "damaged", text: str = BROKEN, **more: Any) -> Complaint:
    """The order's buyer complains; `more` replaces what `open_complaint` is told."""
    return open_complaint(**{"token": order.token, "kind": kind, "text": text, "now": NOW} | more)


def said(complaint: Complaint) -> list[tuple[str, str]]:
    """Every message, the first first: its author's kind and its words."""
    return list(complaint.messages.order_by("pk").values_list("author", "text"))


def now_of(complaint: Complaint) -> Complaint:
    """The complaint as the database has it now."""
    return Complaint.objects.get(pk=complaint.pk)


def everything() -> tuple[int, int, int]:
    """How many complaints, messages and journal entries of them there are: what a refusal must leave as it was."""
    kinds = ("complaint.opened", "complaint.answered", "complaint.closed")
    return Complaint.objects.count(), ComplaintMessage.objects.count(), sum(len(journal(kind)) for kind in kinds)


def files(home: Path) -> list[Path]:
    """The photos of complaints that are kept under `home`."""
    return [path for path in (home / "complaints").rglob("*") if path.is_file()]
