"""One effect for one webhook: what was taken is known by its digest, in the transaction of its effect.

Saleor's signature covers neither time nor nonce. But it covers the body, and each body says when it was issued: one
older than `BODY_AGE_DAYS_MAX` is refused, and a receipt is kept for longer than that, so that it may be forgotten.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

from django.db import transaction

from marketplace.core.statements import insert_unless_known
from marketplace.saleor.later import Later
from marketplace.saleor.models import Installation, WebhookReceipt

BODY_AGE_DAYS_MAX: Final = 14
"""Saleor tries five times within minutes; a person there may send an event again by hand days later."""
BODY_AHEAD_DAYS_MAX: Final = 1
"""How far Saleor's clock may be ahead of ours."""
RECEIPT_DAYS: Final = BODY_AGE_DAYS_MAX + BODY_AHEAD_DAYS_MAX + 15
ROWS_A_TIME_MAX: Final = 5000
"""How many are forgotten in one transaction, which others that write wait for."""


def is_timely(issued_at: object, *, now: datetime) -> bool:
    """Whether a body that says it was issued then may be taken now: never after its receipt may be forgotten."""
    if not isinstance(issued_at, str):
        return False
    try:
        moment = datetime.fromisoformat(issued_at)
        age = now - moment
    except (ValueError, TypeError, OverflowError):
        return False
    return -timedelta(days=BODY_AHEAD_DAYS_MAX) <= age <= timedelta(days=BODY_AGE_DAYS_MAX)


def once(
    installation: Installation,
    *,
    event: str,
    body: bytes,
    now: datetime,
    work: Callable[[], Mapping[str, Any] | Later | None],
) -> Mapping[str, Any] | Later | None:
    """Do `work` for this webhook once, in the transaction that also keeps its receipt, and answer what it answered.

    The same event with the same body again, even at the same moment, is answered the same and done no more. What is
    answered `Later` is kept with `keep_answer`; until then the same again is None. Must not run inside a transaction.
    Raises whatever `work` raises; then nothing is kept, and it may be sent again.
    """
    digest = digest_of(event, body)
    with transaction.atomic(durable=True):
        receipt = WebhookReceipt(installation=installation, digest=digest, event=event, received_at=now)
        # The unique key decides, and waits for another transaction that is at the same webhook.
        if not insert_unless_known(receipt, by=("installation", "digest")):
            return WebhookReceipt.objects.get(installation=installation, digest=digest).answer
        answer = work()
        if answer is not None and not isinstance(answer, Later):
            receipt.answer = dict(answer)
            receipt.save(update_fields=["answer"])
        return answer


def keep_answer(
    installation: Installation, *, event: str, body: bytes, answer: Mapping[str, Any]
) -> Mapping[str, Any]:
    """Keep what a webhook was answered after its transaction; the first answer counts, and is given."""
    receipts = WebhookReceipt.objects.filter(installation=installation, digest=digest_of(event, body))
    with transaction.atomic():
        if receipts.filter(answer__isnull=True).update(answer=dict(answer)):
            return answer
    return receipts.get().answer or {}


def digest_of(event: str, body: bytes) -> str:
    """By what a webhook is known."""
    return hashlib.sha256(event.encode() + b"\n" + body).hexdigest()


def forget_old_receipts(*, now: datetime, rows_a_time: int = ROWS_A_TIME_MAX) -> int:
    """Delete receipts of webhooks that would be refused for their age by now, `rows_a_time` a transaction, until none
    is left: what a busy Saleor sends in an hour may be more. Answers how many. Must not run inside a transaction.
    """
    old = WebhookReceipt.objects.filter(received_at__lt=now - timedelta(days=RECEIPT_DAYS))
    forgotten = 0
    while due := list(old.order_by("received_at").values_list("pk", flat=True)[:rows_a_time]):
        with transaction.atomic():
            deleted, _by_model = WebhookReceipt.objects.filter(pk__in=due).delete()
        forgotten += deleted
        if len(due) < rows_a_time:
            break
    return forgotten
