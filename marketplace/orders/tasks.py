"""What orders and checkouts need done from time to time."""

from __future__ import annotations

from datetime import datetime

from catalog.pictures import SWEEP_EVERY_S, folder_of
from marketplace.core.tasks import periodic
from marketplace.orders import complaint_photos
from marketplace.orders.services import complaints, ending

ENDED_A_ROUND_MAX = 200


@periodic("orders.expire_unpaid", every_s=20)
def expire_unpaid(now: datetime) -> int:
    """End orders that stayed unpaid past their time; answers how many."""
    return ending.expire_due_orders(now=now, at_most=ENDED_A_ROUND_MAX)


@periodic("orders.release_reservations", every_s=20)
def release_reservations(now: datetime) -> int:
    """Free what checkouts held past their time; answers how many checkouts."""
    return ending.release_due_reservations(now=now, at_most=ENDED_A_ROUND_MAX)


@periodic("orders.forget_checkouts", every_s=3600)
def forget_checkouts(now: datetime) -> int:
    """Delete baskets nobody touched for `ending.FORGOTTEN_DAYS` days, contacts included; answers how many."""
    return ending.forget_old_checkouts(now=now, at_most=ENDED_A_ROUND_MAX)


@periodic("orders.close_lapsed_complaints", every_s=3600)
def close_lapsed_complaints(now: datetime) -> int:
    """Close complaints that were answered long ago and heard no more of; answers how many."""
    return complaints.close_lapsed(now=now, at_most=ENDED_A_ROUND_MAX)


@periodic("orders.sweep_complaint_photos", every_s=SWEEP_EVERY_S)
def sweep_complaint_photos(now: datetime) -> int:
    """Remove photos that no complaint names, one folder an hour; answers how many files."""
    return complaint_photos.sweep_orphans(folder=folder_of(now), now=now)
