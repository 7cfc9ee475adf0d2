"""The environment the market runs in: read once, checked, with errors that say what to do.

Nothing here writes to the database. Secrets that are not given are generated into `MARKET_HOME` with mode 0600,
so that a fresh machine starts with one command and keeps its sessions and encrypted fields afterwards.
"""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import environ
from cryptography.fernet import Fernet

SQLITE_WRITER_WAIT_S_MAX = 10
POSTGRESQL_LOCK_WAIT_S_MAX = 3
STATEMENT_S_MAX = 5
SECRET_KEY_CHARACTERS_MIN = 40
GRAPHQL_COST_A_MINUTE = 3_000_000
COST_DIGITS_MAX = 12
SALEOR_URL_CHARACTERS_MAX = 300
ANSWER_CACHE_MIB = 32
ANSWER_CACHE_MIB_MAX = 4096
MEBIBYTE = 1024 * 1024
SOURCE = Path(__file__).resolve().parent.parent
STRIPE_API_URL = "https://api.stripe.com"
STRIPE_KEY_KINDS = ("sk_test_", "sk_live_", "rk_test_", "rk_live_")
LOOPBACK = ("localhost", "127.0.0.1", "[::1]")
SEPAY_API_URL = "https://my.sepay.vn"
CASSO_API_URL = "https://oauth.casso.vn"
PAYOS_API_URL = "https://api-merchant.payos.vn"


class BadEnvironment(SystemExit):
    """A setting cannot be used. The message names the variable and says what to do; the exit status is 1."""


@dataclass(frozen=True)
class Environment:
    """Every setting of the market after checking. Field names follow docs/settings.md."""

    source: Path
    home: Path
    host: str
    port: int
    public_url: str
    trusted_proxies: tuple[str, ...]
    demo: bool
    staff_second_factor: bool
    debug: bool
    secret_key: str
    field_keys: tuple[str, ...]
    allowed_hosts: tuple[str, ...]
    client_hosts: tuple[str, ...]
    database: dict[str, Any]
    cache: dict[str, Any]
    redis_url: str | None
    elasticsearch_url: str | None
    saleor_api_urls: tuple[str, ...]
    answer_cache_bytes: int
    sepay_api_url: str
    casso_api_url: str
    payos_api_url: str
    graphql_cost_a_minute: int
    email: dict[str, Any]
    stripe_secret_key: str
    stripe_webhook_secrets: tuple[str, ...]
    stripe_api_url: str


def read_environment() -> Environment:
    """The checked settings of this process.

    Raises `BadEnvironment` (exit status 1) with a sentence that names the variable and the way out.
    """
    env = environ.Env()
    home = _home(env.str("MARKET_HOME", default="var"))
    host = env.str("HOST", default="127.0.0.1")
    port = _port(env.str("PORT", default="8000"))
    public_url = _public_url(env.str("MARKET_PUBLIC_URL", default=f"http://{link_host(host)}:{port}"))
    redis_url = env.str("REDIS_URL", default="") or None
    return Environment(
        source=SOURCE,
        home=home,
        host=host,
        port=port,
        public_url=public_url,
        trusted_proxies=_networks(env.str("MARKET_TRUSTED_PROXIES", default="")),
        demo=_switch(env.str("MARKET_DEMO", default="0"), "MARKET_DEMO"),
        staff_second_factor=_switch(env.str("MARKET_STAFF_SECOND_FACTOR", default="0"), "MARKET_STAFF_SECOND_FACTOR"),
        debug=_debug(env.str("MARKET_DEBUG", default="0"), public_url=public_url),
        secret_key=_secret_key(env.str("MARKET_SECRET_KEY", default=""), home=home),
        field_keys=_field_keys(env.str("MARKET_FIELD_KEYS", default=""), home=home),
        allowed_hosts=_allowed_hosts(env.str("MARKET_ALLOWED_HOSTS", default=""), public_url=public_url),
        client_hosts=_client_hosts(env.str("MARKET_CLIENT_HOSTS", default=""), public_url=public_url),
        database=_database(env, home=home),
        cache=_cache(redis_url),
        redis_url=redis_url,
        elasticsearch_url=env.str("ELASTICSEARCH_URL", default="") or None,
        saleor_api_urls=_saleor_api_urls(env.str("SALEOR_API_URLS", default="")),
        answer_cache_bytes=_answer_cache_bytes(env.str("MARKET_ANSWER_CACHE_MIB", default=str(ANSWER_CACHE_MIB))),
        sepay_api_url=_api_url(env.str("MARKET_SEPAY_API_URL", default=SEPAY_API_URL), "MARKET_SEPAY_API_URL"),
        casso_api_url=_api_url(env.str("MARKET_CASSO_API_URL", default=CASSO_API_URL), "MARKET_CASSO_API_URL"),
        payos_api_url=_api_url(env.str("MARKET_PAYOS_API_URL", default=PAYOS_API_URL), "MARKET_PAYOS_API_URL"),
        graphql_cost_a_minute=_graphql_cost_a_minute(env),
        email=_email(env),
        stripe_secret_key=_stripe_key(env.str("MARKET_STRIPE_SECRET_KEY", default="")),
        stripe_webhook_secrets=_stripe_webhook_secrets(env),
        stripe_api_url=_api_url(env.str("MARKET_STRIPE_API_URL", default=STRIPE_API_URL), "MARKET_STRIPE_API_URL"),
    )


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


def _networks(text: str) -> tuple[str, ...]:
    networks = _list(text)
    for network in networks:
        try:
            ip_network(network, strict=False)
        except ValueError as error:
            raise BadEnvironment(
                f"MARKET_TRUSTED_PROXIES holds {network!r}, which is no network: write 10.0.0.0/8 or an address."
            ) from error
    return networks


def _debug(text: str, *, public_url: str) -> bool:
    debug = _switch(text, "MARKET_DEBUG")
    if debug and urlsplit(public_url).hostname not in {"localhost", "127.0.0.1", "::1"}:
        raise BadEnvironment(f"MARKET_DEBUG=1 shows secrets to everybody at {public_url}: leave it out there.")
    return debug


def _switch(text: str, name: str) -> bool:
    if text.lower() in {"1", "true", "yes", "on"}:
        return True
    if text.lower() in {"0", "false", "no", "off", ""}:
        return False
    raise BadEnvironment(f"{name}={text!r} is neither 1 nor 0: set it to 1 or 0.")


def _port(text: str) -> int:
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise BadEnvironment(f"PORT={text!r} is no port: set a number from 1 to 65535.")


def _graphql_cost_a_minute(env: environ.Env) -> int:
    text = env.str("MARKET_GRAPHQL_COST_A_MINUTE", default=str(GRAPHQL_COST_A_MINUTE))
    if text.isascii() and text.isdigit() and len(text) <= COST_DIGITS_MAX:
        return int(text)
    raise BadEnvironment(f"MARKET_GRAPHQL_COST_A_MINUTE={text!r} is no number: set a whole one, or 0 for no limit.")


def _answer_cache_bytes(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= ANSWER_CACHE_MIB_MAX:
        return int(text) * MEBIBYTE
    raise BadEnvironment(
        f"MARKET_ANSWER_CACHE_MIB={text!r} is no size: set a number from 0 (off) to {ANSWER_CACHE_MIB_MAX}."
    )


def link_host(host: str) -> str:
    """How a link names the host that is listened on: "everywhere" is reached at this machine itself."""
    if host == "0.0.0.0":  # noqa: S104 - compared, not bound
        return "127.0.0.1"
    if host == "::":
        return "[::1]"
    return f"[{host}]" if ":" in host else host


def _public_url(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"}:
        raise BadEnvironment(
            f"MARKET_PUBLIC_URL={text!r} must be a scheme and a host, for example https://cho.example.vn."
        )
    return f"{parts.scheme}://{parts.netloc}"


def _api_url(text: str, name: str) -> str:
    """Where a provider is asked: keys go there, so never in the clear to another machine."""
    parts = urlsplit(text)
    is_here = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
    if not parts.hostname or not (parts.scheme == "https" or is_here) or parts.query or parts.fragment:
        raise BadEnvironment(f"{name}={text!r} must begin with https:// and a host, or be left out.")
    return text.rstrip("/")


def _saleor_api_urls(text: str) -> tuple[str, ...]:
    """As Saleor itself sends them: compared letter by letter, so that a wrong one would only ever be refused."""
    urls = _list(text)
    for url in urls:
        parts = urlsplit(url)
        is_whole = parts.scheme in {"http", "https"} and parts.hostname and parts.path.endswith("/graphql/")
        if not is_whole or parts.username or parts.query or parts.fragment or len(url) > SALEOR_URL_CHARACTERS_MAX:
            raise BadEnvironment(
                "SALEOR_API_URLS holds an address that is none of a Saleor's GraphQL: "
                "write https://saleor.example/graphql/, with its last slash and nothing behind it."
            )
    return urls


def _home(text: str) -> Path:
    home = Path(text)
    if not home.is_absolute():
        home = SOURCE / home
    try:
        for folder in (home, home / "keys", home / "media", home / "static"):
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadEnvironment(
            f"MARKET_HOME={home} cannot be used ({error.strerror}): choose a folder that this user may write."
        ) from error
    return home


def _kept_secret(path: Path, fresh: str) -> str:
    """The text in `path`, which is made with mode 0600 and `fresh` inside when it is not there yet.

    Written whole before it gets its name, so that two processes that start at once agree, and a crash leaves none.
    """
    if not path.exists():
        temporary = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(fresh + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(temporary, path)
        temporary.unlink()
    return path.read_text(encoding="ascii").strip()


def _secret_key(text: str, *, home: Path) -> str:
    key = text or _kept_secret(home / "keys" / "secret_key", secrets.token_urlsafe(48))
    if len(key) < SECRET_KEY_CHARACTERS_MIN or len(set(key)) < 10:
        raise BadEnvironment(
            f"MARKET_SECRET_KEY is too weak: leave it out, or set {SECRET_KEY_CHARACTERS_MIN} random characters."
        )
    return key


def _field_keys(text: str, *, home: Path) -> tuple[str, ...]:
    keys = _list(text) or _list(_kept_secret(home / "keys" / "field_keys", Fernet.generate_key().decode()))
    if not keys:
        raise BadEnvironment(f"{home / 'keys' / 'field_keys'} is empty: put the keys back, or remove the file.")
    for key in keys:
        try:
            Fernet(key)
        except ValueError as error:
            raise BadEnvironment(
                "MARKET_FIELD_KEYS holds a key that is not 32 bytes in URL-safe base64: "
                "make one with `python -m marketplace new-field-key`, newest first, separated by commas."
            ) from error
    return keys


def _allowed_hosts(text: str, *, public_url: str) -> tuple[str, ...]:
    hosts = _list(text) or (*LOOPBACK, urlsplit(public_url).hostname or "localhost")
    if "*" in hosts:
        raise BadEnvironment("MARKET_ALLOWED_HOSTS may not be *: name the hosts that people type.")
    return hosts


def _client_hosts(text: str, *, public_url: str) -> tuple[str, ...]:
    """The hosts whose pages a mailed link may lead to: a market on this machine alone may lead to its others."""
    own = urlsplit(public_url).hostname or "localhost"
    hosts = (*_list(text), own)
    if "*" in hosts:
        raise BadEnvironment("MARKET_CLIENT_HOSTS may not be *: name the hosts of the storefronts.")
    return (*hosts, *LOOPBACK) if own in {"localhost", "127.0.0.1", "::1"} else hosts


def _database(env: environ.Env, *, home: Path) -> dict[str, Any]:
    given = env.str("DATABASE_URL", default="")
    if not given:
        return sqlite_database(home / "market.sqlite3")
    try:
        database: dict[str, Any] = env.db("DATABASE_URL")
    except Exception as error:
        raise BadEnvironment(
            "DATABASE_URL cannot be read: write postgres://user:password@host:port/name, or leave it out for SQLite."
        ) from error
    engine = str(database.get("ENGINE", ""))
    if engine.endswith("sqlite3"):
        return sqlite_database(Path(str(database["NAME"])))
    if not engine.endswith("postgresql"):
        raise BadEnvironment("DATABASE_URL must name PostgreSQL (postgres://…) or SQLite (sqlite:///…).")
    return {
        **database,
        "ENGINE": "marketplace.core.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": {
            # Statements that come again are planned once a connection.
            "server_side_binding": True,
            "prepare_threshold": 2,
            **database.get("OPTIONS", {}),
            "options": (
                f"-c lock_timeout={POSTGRESQL_LOCK_WAIT_S_MAX}s -c statement_timeout={STATEMENT_S_MAX}s"
                " -c default_transaction_isolation=read\\ committed"
                " -c jit=off"  # compiling a query costs more than these small ones take
            ),
        },
    }


def sqlite_database(path: Path) -> dict[str, Any]:
    """Django's database entry for an SQLite file: WAL, immediate transactions, every commit on the disk."""
    return {
        "ENGINE": "marketplace.core.sqlite",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": SQLITE_WRITER_WAIT_S_MAX,
            "transaction_mode": "IMMEDIATE",
            "init_command": (
                "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; "
                "PRAGMA cache_size=-16000; PRAGMA temp_store=MEMORY; PRAGMA recursive_triggers=ON"
            ),
        },
        "TEST": {"NAME": str(path.with_name(f"test-{os.getpid()}.sqlite3"))},
    }


def _cache(redis_url: str | None) -> dict[str, Any]:
    if redis_url is None:
        return {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 5000}}
    if not redis_url.startswith(("redis://", "rediss://", "unix://")):
        raise BadEnvironment("REDIS_URL must begin with redis://, rediss:// or unix://, or be left out.")
    return {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": redis_url}


def _email(env: environ.Env) -> dict[str, Any]:
    if not env.str("EMAIL_URL", default=""):
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    try:
        return dict(env.email_url("EMAIL_URL"))
    except Exception as error:
        raise BadEnvironment(
            "EMAIL_URL cannot be read: write smtp://user:password@host:port, or leave it out for the console."
        ) from error


def _stripe_key(text: str) -> str:
    if text and not text.startswith(STRIPE_KEY_KINDS):
        raise BadEnvironment(
            "MARKET_STRIPE_SECRET_KEY must begin with sk_live_, sk_test_, rk_live_ or rk_test_: "
            "copy it from Stripe's dashboard, or leave it out to take no cards."
        )
    return text


def _stripe_webhook_secrets(env: environ.Env) -> tuple[str, ...]:
    found = _list(env.str("MARKET_STRIPE_WEBHOOK_SECRET", default=""))
    if any(not secret.startswith("whsec_") for secret in found):
        raise BadEnvironment(
            "MARKET_STRIPE_WEBHOOK_SECRET must hold secrets that begin with whsec_, separated by commas."
        )
    if env.str("MARKET_STRIPE_SECRET_KEY", default="") and not found:
        raise BadEnvironment(
            "MARKET_STRIPE_SECRET_KEY is set without MARKET_STRIPE_WEBHOOK_SECRET: without it nobody learns that a "
            "card paid. Make a webhook in Stripe's dashboard for events of connected accounts and copy its secret."
        )
    return found
