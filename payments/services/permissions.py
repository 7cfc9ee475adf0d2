"""Who may say that money moved: members of the vendor, and nobody on their behalf."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.errors import NotAllowed
from vendors.access import require_seller
from vendors.models import Vendor


def require_money_handler(actor: Actor, vendor: Vendor) -> None:
    """Raises `NotFound` for strangers, and `NotAllowed` for an agent: an agent never touches money."""
    require_seller(actor, vendor)
    if actor.helped_user_id is not None:
        raise NotAllowed(_("Người hỗ trợ không ghi nhận tiền thay gian hàng được."))


def asker(actor: Actor) -> str:
    """The owner of a client-made id, so that one person's id never answers another's."""
    return f"user:{actor.user_id}" if actor.user_id is not None else "system"
