"""Programs with a token of their own (Saleor's apps): made by the operator, each with just the permissions it needs.

The token is 30 letters and digits, shown once; only a keyed hash of it is kept. It opens nothing but what somewhere
asks for one of its permissions, or for any app: no program is a person, or holds an office.
"""

from __future__ import annotations

import secrets
import string
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.errors import InvalidInput, NotAllowed, NotFound
from marketplace.core.text import clean_line
from marketplace.people.models import App

TOKEN_CHARACTERS = 30
NAME_CHARACTERS_MAX = 120
PERMISSIONS: Final = (
    "MANAGE_USERS",
    "MANAGE_STAFF",
    "IMPERSONATE_USER",
    "MANAGE_APPS",
    "MANAGE_OBSERVABILITY",
    "MANAGE_CHECKOUTS",
    "HANDLE_CHECKOUTS",
    "HANDLE_TAXES",
    "MANAGE_TAXES",
    "MANAGE_CHANNELS",
    "MANAGE_CUSTOMER_TYPES_AND_ATTRIBUTES",
    "MANAGE_DISCOUNTS",
    "MANAGE_GIFT_CARD",
    "MANAGE_MENUS",
    "MANAGE_ORDERS",
    "MANAGE_ORDERS_IMPORT",
    "MANAGE_PAGES",
    "MANAGE_PAGE_TYPES_AND_ATTRIBUTES",
    "HANDLE_PAYMENTS",
    "MANAGE_PLUGINS",
    "MANAGE_PRODUCTS",
    "MANAGE_PRODUCT_TYPES_AND_ATTRIBUTES",
    "MANAGE_SHIPPING",
    "MANAGE_SETTINGS",
    "MANAGE_TRANSLATIONS",
)
"""Saleor's, in its order."""
OPENING: Final = ("HANDLE_PAYMENTS",)
"""Those that some field of ours asks a program for; with every other one it may do what any program may."""
_LETTERS = string.ascii_letters + string.digits
_SALT = "marketplace.people.programs"


class UnknownPermission(InvalidInput):
    """No permission of Saleor's."""


def make_app(*, actor: Actor, name: str, permissions: Collection[str], now: datetime) -> tuple[App, str]:
    """A program with these permissions, and its token, which nobody can show again. Only the operator may.

    Raises `NotAllowed`, `BadText`, `UnknownPermission`.
    """
    _require_operator(actor)
    unknown = sorted(set(permissions) - set(PERMISSIONS))
    if unknown:
        sentence = _("Không có quyền tên {name}.")
        raise UnknownPermission(format_lazy(sentence, name=unknown[0]), field="permissions")
    token = "".join(secrets.choice(_LETTERS) for _place in range(TOKEN_CHARACTERS))
    with transaction.atomic():
        app = App.objects.create(
            name=clean_line(name, characters_max=NAME_CHARACTERS_MAX, field="name", required=True),
            permissions=[one for one in PERMISSIONS if one in permissions],
            token_hash=_hashed(token),
            made_at=now,
        )
        _record("app.made", app, actor=actor, now=now)
    return app, token


def end_app(*, actor: Actor, app_id: int, now: datetime) -> None:
    """Make a program's token worthless; ended already, nothing changes. Raises `NotAllowed`, `NotFound`."""
    _require_operator(actor)
    with transaction.atomic():
        app = App.objects.select_for_update().filter(pk=app_id).first()
        if app is None:
            raise NotFound(_("Không có chương trình này."))
        if app.ended_at is None:
            App.objects.filter(pk=app.pk).update(ended_at=now)
            _record("app.ended", app, actor=actor, now=now)


def app_of_token(token: str) -> App | None:
    """Whose token this is; None for anything that is no live program's. One statement, and none for other texts."""
    if len(token) != TOKEN_CHARACTERS or not (token.isascii() and token.isalnum()):
        return None
    return App.objects.filter(token_hash=_hashed(token), ended_at=None).first()


def live_apps() -> Sequence[App]:
    """The programs whose tokens count, by number."""
    return list(App.objects.filter(ended_at=None).order_by("pk"))


def _require_operator(actor: Actor) -> None:
    if not (actor.is_operator or actor.is_system):
        raise NotAllowed(_("Chỉ người vận hành được cấp quyền cho chương trình."))


def _hashed(token: str) -> str:
    return salted_hmac(_SALT, token, algorithm="sha256").hexdigest()


def _record(kind: str, app: App, *, actor: Actor, now: datetime) -> None:
    data: dict[str, journal.JsonValue] = {"app": app.pk, "permissions": list(app.permissions)}
    journal.record(kind=kind, aggregate_type="app", aggregate_id=app.pk, actor=actor, now=now, data=data)
