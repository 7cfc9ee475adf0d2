"""Writes with a client-made id: done once, answered the same for ever after."""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict
from marketplace.core.models import ClientRequest


class SameIdOtherContent(Conflict):
    """A client used an id again for another request."""


def once(
    work: Callable[[], str],
    *,
    action: str,
    owner: str,
    client_id: uuid.UUID | None,
    asked: Mapping[str, object],
    now: datetime,
) -> str:
    """Do `work` once for this (`action`, `owner`, `client_id`) and answer what it answered the first time.

    `work` returns a short text that finds the result again, such as an order's token (at most 200 characters).
    It runs in the transaction that also keeps the id, so that a crash leaves neither. Without a `client_id`
    the work is simply done. Raises `SameIdOtherContent` when the id comes again with another `asked`.
    """
    if client_id is None:
        with transaction.atomic():
            return work()
    fingerprint = hashlib.sha256(
        json.dumps(dict(asked), sort_keys=True, default=str, ensure_ascii=False).encode()
    ).hexdigest()
    known = _known(action=action, owner=owner, client_id=client_id, fingerprint=fingerprint)
    if known is not None:
        return known
    try:
        with transaction.atomic():
            # The row goes in before the work: a second request with this id waits here for the first to end.
            row = ClientRequest.objects.create(
                action=action, owner=owner, client_id=client_id, fingerprint=fingerprint, made_at=now
            )
            row.answer = work()
            row.save(update_fields=["answer"])
            return row.answer
    except IntegrityError:
        known = _known(action=action, owner=owner, client_id=client_id, fingerprint=fingerprint)
        if known is None:
            raise
        return known


def _known(*, action: str, owner: str, client_id: uuid.UUID, fingerprint: str) -> str | None:
    row = ClientRequest.objects.filter(action=action, owner=owner, client_id=client_id).first()
    if row is None:
        return None
    if row.fingerprint != fingerprint:
        raise SameIdOtherContent(_("Yêu cầu này đã được gửi với nội dung khác. Tải lại trang rồi thử lại."))
    return row.answer
