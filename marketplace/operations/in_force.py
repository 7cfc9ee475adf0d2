"""The settings as they are in force: name, value with secrets hidden, and where the value comes from."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from marketplace.environment import MEBIBYTE, Environment

HIDDEN = "••••••"
SECRETS = ("MARKET_SECRET_KEY", "MARKET_FIELD_KEYS", "MARKET_STRIPE_SECRET_KEY", "MARKET_STRIPE_WEBHOOK_SECRET")
WITH_PASSWORDS = (
    "DATABASE_URL",
    "REDIS_URL",
    "ELASTICSEARCH_URL",
    "EMAIL_URL",
    "SALEOR_API_URLS",
    "MARKET_SEPAY_API_URL",
    "MARKET_CASSO_API_URL",
    "MARKET_PAYOS_API_URL",
    "MARKET_STRIPE_API_URL",
)
"""Addresses that people may write a password into."""
KEPT_IN_FILES = ("MARKET_SECRET_KEY", "MARKET_FIELD_KEYS")
_SECRETS_FOLLOW = re.compile("[?#]")


@dataclass(frozen=True)
class Setting:
    """One setting as people may see it; an empty `value` means that there is none."""

    name: str
    value: str
    source: Promise | str


def settings_in_force() -> list[Setting]:
    """Every setting of docs/settings.md, in its order."""
    return [Setting(name, _shown(name, value), _source(name)) for name, value in _values(settings.ENVIRONMENT)]


def _values(environment: Environment) -> list[tuple[str, object]]:
    email = environment.email
    return [
        ("HOST", environment.host),
        ("PORT", environment.port),
        ("MARKET_HOME", environment.home),
        ("DATABASE_URL", os.environ.get("DATABASE_URL") or environment.database["NAME"]),
        ("REDIS_URL", environment.redis_url),
        ("ELASTICSEARCH_URL", environment.elasticsearch_url),
        ("SALEOR_API_URLS", environment.saleor_api_urls),
        ("MARKET_ANSWER_CACHE_MIB", environment.answer_cache_bytes // MEBIBYTE),
        ("MARKET_SEPAY_API_URL", environment.sepay_api_url),
        ("MARKET_CASSO_API_URL", environment.casso_api_url),
        ("MARKET_PAYOS_API_URL", environment.payos_api_url),
        ("MARKET_PUBLIC_URL", environment.public_url),
        ("MARKET_TRUSTED_PROXIES", environment.trusted_proxies),
        ("MARKET_SECRET_KEY", environment.secret_key),
        ("MARKET_FIELD_KEYS", environment.field_keys),
        ("MARKET_ALLOWED_HOSTS", environment.allowed_hosts),
        ("MARKET_CLIENT_HOSTS", environment.client_hosts),
        ("MARKET_DEBUG", environment.debug),
        ("MARKET_DEMO", environment.demo),
        ("MARKET_STAFF_SECOND_FACTOR", environment.staff_second_factor),
        ("MARKET_GRAPHQL_COST_A_MINUTE", environment.graphql_cost_a_minute),
        ("EMAIL_URL", os.environ.get("EMAIL_URL") or email["EMAIL_BACKEND"].rsplit(".", 2)[-2]),
        ("MARKET_STRIPE_SECRET_KEY", environment.stripe_secret_key),
        ("MARKET_STRIPE_WEBHOOK_SECRET", environment.stripe_webhook_secrets),
        ("MARKET_STRIPE_API_URL", environment.stripe_api_url),
    ]


def _shown(name: str, value: object) -> str:
    if name in SECRETS:
        return HIDDEN if value else ""
    if isinstance(value, bool):
        return str(int(value))
    texts = value if isinstance(value, tuple) else ("" if value is None else str(value),)
    return ", ".join(map(without_password, texts) if name in WITH_PASSWORDS else texts)


def without_password(url: str) -> str:
    """An address with what stands before its `@` hidden, and what follows a `?` or `#`: each may hold a secret.

    Not by a parser of addresses: a password may hold the signs that it parts them by.
    """
    scheme, mark, rest = url.partition("://")
    if not mark:
        scheme, rest = "", url
    before, at, place = rest.rpartition("@")
    if at and (not mark or _SECRETS_FOLLOW.search(before)):
        return f"{scheme}{mark}{HIDDEN}"
    shown = _SECRETS_FOLLOW.split(place, maxsplit=1)[0]
    begun = place[len(shown) : len(shown) + 1]
    return f"{scheme}{mark}{HIDDEN + at if at else ''}{shown}{begun}{HIDDEN if begun else ''}"


def _source(name: str) -> Promise | str:
    if os.environ.get(name):
        return _("biến môi trường")
    return _("tệp trong MARKET_HOME/keys") if name in KEPT_IN_FILES else _("mặc định")
