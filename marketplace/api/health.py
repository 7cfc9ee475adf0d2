"""Whether the market lives, is ready, how busy it is; and the public key of its tokens."""

from __future__ import annotations

from django.core.cache import cache
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from marketplace.core.models import JournalDelivery, SecurityCounter
from marketplace.people.token_keys import jwks
from payments.models import BankNotice

METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@require_safe
def live(_request: HttpRequest) -> HttpResponse:
    """The process answers."""
    return JsonResponse({"status": "ok"})


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    """Database and cache answer too; 503 otherwise."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        cache.set("ready", 1, 5)
    except Exception as error:  # whatever the cache's driver raises, the answer is the same
        return JsonResponse({"status": "unavailable", "problem": type(error).__name__}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
def metrics(_request: HttpRequest) -> HttpResponse:
    """Counts in Prometheus' text format; no names, no amounts."""
    try:
        lines = [f"{name} {value}\n" for name, value in _counts()]
    except DatabaseError:
        return HttpResponse("market_up 0\n", status=503, content_type=METRICS_TYPE)
    return HttpResponse("market_up 1\n" + "".join(lines), content_type=METRICS_TYPE)


def _counts() -> list[tuple[str, int]]:
    waiting = JournalDelivery.objects.filter(state=JournalDelivery.State.WAITING).count()
    failed = JournalDelivery.objects.filter(state=JournalDelivery.State.FAILED).count()
    notices = BankNotice.objects.filter(state=BankNotice.State.RECEIVED).count()
    refused = sum(SecurityCounter.objects.order_by("-day").values_list("count", flat=True)[:1000])
    return [
        ("market_journal_deliveries_waiting", waiting),
        ("market_journal_deliveries_failed", failed),
        ("market_bank_notices_unfinished", notices),
        ("market_security_events_total", refused),
    ]


@require_safe
def keys(_request: HttpRequest) -> HttpResponse:
    """The public keys that tokens are signed with (RFC 7517)."""
    answer = JsonResponse(jwks())
    answer["Cache-Control"] = "public, max-age=300"
    return answer
