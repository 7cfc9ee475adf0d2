"""Who may say that money moved: members of the vendor, nobody on their behalf; and programs that were let."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import NotAllowed
from marketplace.people.models import App
from vendors.access import require_seller
from vendors.models import Vendor

REPORTS_PAYMENTS = "HANDLE_PAYMENTS"
"""Saleor's permission of the programs that may say what became of a payment."""


class MayNotReport(NotAllowed):
    """Neither the operator nor a program that was given the permission for it."""


def require_reporter(actor: Actor, app: App | None) -> None:
    """Raises `MayNotReport` but for the operator and programs with `REPORTS_PAYMENTS`."""
    if not (actor.is_operator or (app is not None and REPORTS_PAYMENTS in app.permissions)):
        raise MayNotReport(_("Bạn không được sửa mục này."))


def require_money_handler(actor: Actor, vendor: Vendor) -> None:
    """Raises `NotFound` for strangers, and `NotAllowed` for an agent: an agent never touches money."""
    require_seller(actor, vendor)
    if actor.helped_user_id is not None:
        raise NotAllowed(_("Người hỗ trợ không ghi nhận tiền thay gian hàng được."))


def asker(actor: Actor) -> str:
    """The owner of a client-made id, so that one person's id never answers another's."""
    return f"user:{actor.user_id}" if actor.user_id is not None else "system"
