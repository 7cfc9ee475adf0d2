"""What is forgotten after a while, so that tables and the personal data in them do not grow for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from marketplace.core.models import ClientRequest
from marketplace.core.tasks import periodic

CLIENT_REQUEST_DAYS = 30
"""Far longer than any browser tries again."""
FORGET_EVERY_S = 3600
ROWS_A_TIME_MAX = 1000


@periodic("core.forget_client_requests", every_s=FORGET_EVERY_S)
def forget_client_requests(now: datetime) -> int:
    """Delete old client-made ids, a bounded number at a time. Returns how many."""
    old = ClientRequest.objects.filter(made_at__lt=now - timedelta(days=CLIENT_REQUEST_DAYS))
    with transaction.atomic():
        deleted, _by_model = ClientRequest.objects.filter(
            pk__in=list(old.order_by("made_at").values_list("pk", flat=True)[:ROWS_A_TIME_MAX])
        ).delete()
    return deleted
