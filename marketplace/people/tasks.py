"""What is forgotten about signing in, and the mails that help back in."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from marketplace.core.tasks import periodic
from marketplace.people.leaving import forget_deletions, send_deletions
from marketplace.people.models import RefreshToken, SignInAttempt
from marketplace.people.registering import forget_registrations, send_registrations
from marketplace.people.resetting import forget_resets, send_waiting
from marketplace.people.sessions import forget_sign_ins_of_long_ago
from marketplace.people.sign_in import FAILURES_WINDOW_S

FORGET_EVERY_S = 900
SEND_EVERY_S = 5


@periodic("people.forget_sign_ins", every_s=FORGET_EVERY_S)
def forget_sign_ins(now: datetime) -> int:
    """Delete what is over: windows of failed sign-ins, refresh tokens, resets, old sign-ins. Returns how many."""
    over = now - timedelta(seconds=FAILURES_WINDOW_S)
    with transaction.atomic():
        attempts, _models = SignInAttempt.objects.filter(window_began_at__lt=over).delete()
        tokens, _models = RefreshToken.objects.filter(expires_at__lt=now).delete()
    links = forget_resets(now) + forget_registrations(now) + forget_deletions(now)
    return attempts + tokens + links + forget_sign_ins_of_long_ago(now)


@periodic("people.send_reset_links", every_s=SEND_EVERY_S, is_slow=True)
def send_reset_links(now: datetime) -> int:
    """Send the links that people asked for. Returns how many mails were tried."""
    return send_waiting(now=now) + send_registrations(now=now) + send_deletions(now=now)
