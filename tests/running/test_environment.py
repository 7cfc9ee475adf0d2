"""Settings come from the environment; a bad one says which it is and what to do, and nothing starts."""

import stat
from pathlib import Path

import pytest

from marketplace.environment import BadEnvironment, Environment, read_environment

NAMES = (
    "PORT", "HOST", "MARKET_HOME", "DATABASE_URL", "REDIS_URL", "ELASTICSEARCH_URL", "SALEOR_API_URLS",
    "MARKET_PUBLIC_URL", "MARKET_TRUSTED_PROXIES", "MARKET_SECRET_KEY", "MARKET_FIELD_KEYS",
    "MARKET_ALLOWED_HOSTS", "MARKET_CLIENT_HOSTS", "MARKET_DEBUG", "MARKET_DEMO", "EMAIL_URL",
    "MARKET_GRAPHQL_COST_A_MINUTE", "MARKET_SEPAY_API_URL", "MARKET_CASSO_API_URL", "MARKET_PAYOS_API_URL",
    "MARKET_STRIPE_SECRET_KEY", "MARKET_STRIPE_WEBHOOK_SECRET", "MARKET_STRIPE_API_URL",
)  # fmt: skip


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MARKET_HOME", str(tmp_path / "home"))


def read(monkeypatch: pytest.MonkeyPatch, **values: str) -> Environment:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return read_environment()


def test_a_fresh_machine_gets_secrets_of_its_own_that_only_its_user_reads(tmp_path: Path) -> None:
    first, second = read_environment(), read_environment()

    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert first.field_keys == second.field_keys
    for name in ("secret_key", "field_keys"):
        assert stat.S_IMODE((tmp_path / "home" / "keys" / name).stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "home" / "keys").stat().st_mode) == 0o700


def test_the_defaults_are_those_of_the_documentation(tmp_path: Path) -> None:
    settings = read_environment()
    assert (settings.host, settings.port) == ("127.0.0.1", 8000)
    assert settings.public_url == "http://127.0.0.1:8000"
    assert settings.database["ENGINE"] == "marketplace.core.sqlite"
    assert settings.database["NAME"] == str(tmp_path / "home" / "market.sqlite3")
    assert (settings.demo, settings.debug, settings.redis_url) == (False, False, None)
    assert "127.0.0.1" in settings.allowed_hosts


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eighty"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("MARKET_DEBUG", "maybe"),
        ("MARKET_DEMO", "2"),
        ("MARKET_GRAPHQL_COST_A_MINUTE", "many"),
        ("MARKET_GRAPHQL_COST_A_MINUTE", "-1"),
        ("MARKET_GRAPHQL_COST_A_MINUTE", "9" * 13),
        ("MARKET_PUBLIC_URL", "cho.example.vn"),
        ("MARKET_PUBLIC_URL", "https://cho.example.vn/path"),
        ("MARKET_SECRET_KEY", "short"),
        ("MARKET_SECRET_KEY", "a" * 60),
        ("MARKET_FIELD_KEYS", "not-a-key"),
        ("MARKET_ALLOWED_HOSTS", "*"),
        ("MARKET_CLIENT_HOSTS", "*"),
        ("DATABASE_URL", "mysql://u:p@localhost/x"),
        ("DATABASE_URL", "nonsense"),
        ("REDIS_URL", "localhost:6379"),
        ("EMAIL_URL", "carrier-pigeon://x"),
        ("MARKET_HOME", "/proc/1/nothing"),
        ("SALEOR_API_URLS", "https://saleor.example"),
        ("SALEOR_API_URLS", "https://saleor.example/graphql"),
        ("SALEOR_API_URLS", "https://saleor.example/graphql/,ftp://saleor.example/graphql/"),
        ("SALEOR_API_URLS", "https://staff:word@saleor.example/graphql/"),
        ("SALEOR_API_URLS", "https://saleor.example/graphql/?x#/graphql/"),
        ("SALEOR_API_URLS", f"https://saleor.example/{'x' * 300}/graphql/"),
        ("MARKET_SEPAY_API_URL", "http://my.sepay.vn"),
        ("MARKET_CASSO_API_URL", "oauth.casso.vn"),
        ("MARKET_PAYOS_API_URL", "https://api-merchant.payos.vn/?key=1"),
        ("MARKET_PAYOS_API_URL", "ftp://127.0.0.1"),
        ("MARKET_STRIPE_SECRET_KEY", "pk_live_public"),
        ("MARKET_STRIPE_SECRET_KEY", "sk_live_without_a_webhook_secret"),
        ("MARKET_STRIPE_WEBHOOK_SECRET", "whsec_one,sk_live_two"),
        ("MARKET_STRIPE_API_URL", "http://stripe.example"),
        ("MARKET_STRIPE_API_URL", "https://"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    with pytest.raises(BadEnvironment, match=name):
        read(monkeypatch, **{name: value})


def test_postgresql_gets_bounds_on_locks_and_statements_and_keeps_its_connections(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    database = read(monkeypatch, DATABASE_URL="postgres://u:p@127.0.0.1:5433/cho").database
    assert database["CONN_MAX_AGE"] is None
    assert "lock_timeout=3s" in database["OPTIONS"]["options"]
    assert "statement_timeout=5s" in database["OPTIONS"]["options"]


def test_saleors_are_listed_letter_by_letter_as_they_call_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    listed = read(monkeypatch, SALEOR_API_URLS="https://a.example/graphql/, http://saleor-api:8000/graphql/")

    assert listed.saleor_api_urls == ("https://a.example/graphql/", "http://saleor-api:8000/graphql/")
    assert read(monkeypatch, SALEOR_API_URLS="").saleor_api_urls == ()


def test_providers_are_asked_at_their_own_addresses_unless_a_sandbox_is_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    own = read_environment()
    assert (own.sepay_api_url, own.casso_api_url, own.payos_api_url) == (
        "https://my.sepay.vn",
        "https://oauth.casso.vn",
        "https://api-merchant.payos.vn",
    )

    sandbox = read(
        monkeypatch, MARKET_SEPAY_API_URL="https://my.dev.sepay.vn/", MARKET_PAYOS_API_URL="http://127.0.0.1:4010"
    )
    assert (sandbox.sepay_api_url, sandbox.payos_api_url) == ("https://my.dev.sepay.vn", "http://127.0.0.1:4010")


def test_behind_a_public_address_links_carry_it_and_cookies_are_for_https(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = read(monkeypatch, MARKET_PUBLIC_URL="https://cho.example.vn/")
    assert settings.public_url == "https://cho.example.vn"
    assert "cho.example.vn" in settings.allowed_hosts


def test_cards_are_off_unless_there_is_a_key_and_then_go_to_stripe_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    off = read_environment()
    assert (off.stripe_secret_key, off.stripe_webhook_secrets) == ("", ())
    assert off.stripe_api_url == "https://api.stripe.com"

    secrets = "whsec_new, whsec_old"
    on = read(monkeypatch, MARKET_STRIPE_SECRET_KEY="rk_live_x", MARKET_STRIPE_WEBHOOK_SECRET=secrets)

    assert (on.stripe_secret_key, on.stripe_webhook_secrets) == ("rk_live_x", ("whsec_new", "whsec_old"))
    local = read(monkeypatch, MARKET_STRIPE_API_URL="http://127.0.0.1:12111/")
    assert local.stripe_api_url == "http://127.0.0.1:12111"


def test_mailed_links_may_lead_to_the_markets_own_host_and_to_those_that_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert set(read_environment().client_hosts) == {"127.0.0.1", "localhost", "[::1]"}
    monkeypatch.setenv("MARKET_PUBLIC_URL", "https://cho.example.vn")
    monkeypatch.setenv("MARKET_CLIENT_HOSTS", "shop.example.vn, .shops.example.vn")

    assert read_environment().client_hosts == ("shop.example.vn", ".shops.example.vn", "cho.example.vn")
