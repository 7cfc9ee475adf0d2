"""Mails that carry a link: sent by a task, so that no answer waits for a mail server or tells by its time.

One that fails is tried again later, `SENDINGS_MAX` times in all; a crash in between sends at worst twice. The secret
is made when the mail is written, so that it stands nowhere but in the mail.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from smtplib import SMTPException
from typing import TypeVar
from urllib.parse import unquote_plus, urlencode, urlsplit

from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.db.models import F
from django.http.request import validate_host
from django.utils.crypto import salted_hmac
from django.utils.translation import override

from marketplace.core.errors import InvalidInput
from marketplace.people.models import REDIRECT_CHARACTERS_MAX, MailedLink

LINKS_AN_HOUR_MAX = 3
SENDINGS_MAX = 5
SENDING_PAUSE_S = 60
SENT_A_TIME_MAX = 20
SECRET_BYTES = 24
SECRET_CHARACTERS_MAX = 64
_CONSOLE = "django.core.mail.backends.console.EmailBackend"
_SALT = "marketplace.people.resetting"

Row = TypeVar("Row", bound=MailedLink)
log = logging.getLogger("market.people")


class WrongRedirect(InvalidInput):
    """No address, or one on a host that this market sends nobody to."""


@dataclass(frozen=True)
class Letter:
    """What is sent to whom."""

    to: str
    subject: str
    words: str


def mail_is_sent() -> bool:
    """Whether this market can send mail. On the console a link would stand in the log, where it must not."""
    return str(settings.EMAIL_BACKEND) != _CONSOLE


def check_redirect(url: str, *, field: str = "redirect_url") -> str:
    """The address of a page that a mailed link may lead to, as it is.

    Raises `WrongRedirect`, in Saleor's words, for what is no address of a web page and for a host that is not in
    `MARKET_CLIENT_HOSTS`: a stranger could else have our mail lead to a page of their own.
    """
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _port = parts.port
    except ValueError:
        host = ""
    # Browsers read a backslash as a slash and drop blanks: what they open must be what was checked.
    is_odd = not url.isascii() or any(
        character in '\\"<>@' or character <= " " or character == "\x7f" for character in url
    )
    if not host or is_odd or parts.scheme not in {"http", "https"} or len(url) > REDIRECT_CHARACTERS_MAX:
        raise WrongRedirect("Invalid URL. Please check if URL is in RFC 1808 format.", field=field)
    if not validate_host(host, settings.MARKET_CLIENT_HOSTS):
        raise WrongRedirect(f"{host} is not allowed. Please check `MARKET_CLIENT_HOSTS` configuration.", field=field)
    return url


def redirect_to(url: str, **asked: str) -> str:
    """The page's address with these words behind its own query, as Saleor writes it. Pure.

    Pages tell by their own query what a link is for. Where both have a word only ours stands: a page may read either.
    """
    parts = urlsplit(url)
    given = [word for word in parts.query.split("&") if word and unquote_plus(word.partition("=")[0]) not in asked]
    return parts._replace(query="&".join([*given, urlencode(asked)]), fragment="").geturl()


def hashed(secret: str) -> str:
    """What is kept of a secret."""
    return salted_hmac(_SALT, secret, algorithm="sha256").hexdigest()


def is_secret(text: str) -> bool:
    """Whether this may be a secret at all."""
    return 0 < len(text) <= SECRET_CHARACTERS_MAX


def send_due(rows: Iterable[Row], write: Callable[[Row, str], Letter], *, now: datetime) -> int:
    """Send the mails of these rows, each with a fresh secret. Returns how many were tried."""
    tried = 0
    for row in rows:
        secret = secrets.token_urlsafe(SECRET_BYTES)
        if _claim(row, secret, now=now):
            tried += 1
            _send(row, write, secret)
    return tried


def _claim(row: MailedLink, secret: str, *, now: datetime) -> bool:
    """Make this process the one that sends it: of two, one finds the row changed."""
    more = row.sendings + 1 < SENDINGS_MAX
    pause = timedelta(seconds=SENDING_PAUSE_S * 2**row.sendings)
    with transaction.atomic():
        unchanged = type(row)._default_manager.filter(pk=row.pk, sendings=row.sendings, used_at=None)
        return bool(
            unchanged.update(
                sendings=F("sendings") + 1, send_after=now + pause if more else None, secret_hash=hashed(secret)
            )
        )


def _send(row: Row, write: Callable[[Row, str], Letter], secret: str) -> None:
    letter = write(row, secret)
    try:
        send_mail(letter.subject, letter.words, None, [letter.to])
    except (SMTPException, OSError, ValueError) as error:  # ValueError: no mail can be written to such an address
        log.warning("mail for %s %s was not sent: %s", row._meta.model_name, row.pk, type(error).__name__)
        return
    with transaction.atomic():
        type(row)._default_manager.filter(pk=row.pk).update(send_after=None)


def in_language(code: str, write: Callable[[], Letter]) -> Letter:
    """The letter as somebody reads it who speaks this language."""
    with override(code):
        return write()
