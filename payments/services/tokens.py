"""Tokens for the one provider that fetches one before it brings notices (VietQR.vn)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from payments.models import Feed
from payments.providers.vietqrvn import TOKEN_S, new_token, password_shown
from payments.services.notices import (
    NOTICE_BODY_BYTES_MAX,
    NotAuthentic,
    NoticeAnswer,
    NoticeTooLarge,
    credentials_of,
    feed_at,
)
from payments.services.security import NOT_AUTHENTIC, count_security_event


def give_token(*, feed_id: str, body: bytes, headers: Mapping[str, str], now: datetime) -> NoticeAnswer:
    """A token for notices of this feed, to whoever shows its user name and password. Nothing is written.

    The body says nothing; it is only not to be too large. Raises `NoticeTooLarge`, `UnknownFeed`,
    `NotAuthentic`, `NotKept`.
    """
    if len(body) > NOTICE_BODY_BYTES_MAX:
        raise NoticeTooLarge(_("Thông báo quá lớn."))
    _adapter, feed = feed_at(Feed.Provider.VIETQRVN, feed_id)
    lower = {name.lower(): value for name, value in headers.items()}
    password = password_shown(lower, credentials=credentials_of(feed, now=now))
    if password is None:
        count_security_event(NOT_AUTHENTIC, subject=f"feed:{feed.pk}", now=now)
        raise NotAuthentic(_("Tên đăng nhập hoặc mật khẩu không đúng."))
    token = new_token(password, str(feed.pk), now=now)
    return NoticeAnswer(200, {"access_token": token, "token_type": "Bearer", "expires_in": TOKEN_S})
