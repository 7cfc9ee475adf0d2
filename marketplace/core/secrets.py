"""Secrets kept in the database: encrypted with keys that live outside it, newest key first.

A stored text is `<key id>:<Fernet token>`; the key id is the first 8 hex digits of the key's SHA-256, so that
rotation can find what still hangs on an old key.
"""

from __future__ import annotations

import hashlib
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import models

KEY_ID_CHARACTERS = 8
OPENED_KEPT_MAX = 4096
"""How many opened secrets a process remembers: each notice of a bank is proven by one."""


class UnreadableSecret(Exception):
    """None of the keys opens a stored secret: MARKET_FIELD_KEYS lacks the key it was written with."""


def key_id(key: str) -> str:
    """The name of a key: the first 8 hex digits of its SHA-256."""
    return hashlib.sha256(key.encode()).hexdigest()[:KEY_ID_CHARACTERS]


def encrypt(text: str) -> str:
    """`text` encrypted with the newest key, with that key's id in front."""
    newest = settings.MARKET_FIELD_KEYS[0]
    return f"{key_id(newest)}:{Fernet(newest).encrypt(text.encode()).decode()}"


def decrypt(stored: str) -> str:
    """The text behind a stored secret. Raises `UnreadableSecret` when no key fits."""
    return _opened(stored, tuple(settings.MARKET_FIELD_KEYS))


@lru_cache(maxsize=OPENED_KEPT_MAX)
def _opened(stored: str, keys: tuple[str, ...]) -> str:
    """Kept by the stored text and the keys in force: a secret that was replaced, or a key taken away, is another."""
    wanted, _, token = stored.partition(":")
    for key in keys:
        if key_id(key) == wanted:
            try:
                return Fernet(key).decrypt(token.encode()).decode()
            except InvalidToken as error:
                raise UnreadableSecret(f"the secret under key {wanted} is damaged") from error
    raise UnreadableSecret(f"MARKET_FIELD_KEYS has no key {wanted}: put it back behind the newest one")


if TYPE_CHECKING:
    PlainTextField = models.TextField[Any, Any]
else:
    PlainTextField = models.TextField  # generic for the type checker only


class EncryptedTextField(PlainTextField):
    """A text column whose content is encrypted in the database and plain in Python."""

    def get_prep_value(self, value: Any) -> Any:
        return value if value in (None, "") else encrypt(str(value))

    def from_db_value(self, value: str | None, *_: object) -> str | None:
        return value if value in (None, "") else decrypt(str(value))
