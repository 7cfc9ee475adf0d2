"""What is forgotten about signing in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from marketplace.core.tasks import periodic
from marketplace.people.models import RefreshToken, SignInAttempt
from marketplace.people.sign_in import FAILURES_WINDOW_S

FORGET_EVERY_S = 900


@periodic("people.forget_sign_ins", every_s=FORGET_EVERY_S)
def forget_sign_ins(now: datetime) -> int:
    """Delete failed sign-ins whose window is over, and refresh tokens whose time is. Returns how many."""
    over = now - timedelta(seconds=FAILURES_WINDOW_S)
    with transaction.atomic():
        attempts, _models = SignInAttempt.objects.filter(window_began_at__lt=over).delete()
        tokens, _models = RefreshToken.objects.filter(expires_at__lt=now).delete()
    return attempts + tokens
