"""`market app` and `market new-token-key`: tokens for programs, shown once, and a fresh key under everybody's."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from django.test import override_settings

from marketplace.cli.group import market
from marketplace.people.models import App
from marketplace.people.programs import app_of_token
from marketplace.people.token_keys import jwks, keys

pytestmark = pytest.mark.django_db


def ran(*arguments: str) -> Result:
    return CliRunner().invoke(market, [*arguments])


def test_a_program_is_given_a_token_listed_and_ended() -> None:
    added = ran("app", "add", "Cửa hàng", "--permission", "HANDLE_PAYMENTS")
    token = added.stdout.strip()
    app = App.objects.get()

    assert (added.exit_code, app_of_token(token)) == (0, app)
    assert ran("app", "list").stdout == f"{app.pk}\tCửa hàng\tHANDLE_PAYMENTS\n"
    assert ran("app", "end", str(app.pk)).exit_code == 0
    assert app_of_token(token) is None
    assert ran("app", "list").stdout == ""


@pytest.mark.parametrize("permission", ["MANAGE_MONEY", "MANAGE_ORDERS"])
def test_a_permission_that_there_is_not_or_that_opens_nothing_makes_no_token(permission: str) -> None:
    refused = ran("app", "add", "X", "--permission", permission)

    assert (refused.exit_code, "HANDLE_PAYMENTS" in refused.output) == (2, True)
    assert not App.objects.exists()


def test_a_fresh_key_is_put_in_place(tmp_path: Path) -> None:
    with override_settings(MARKET_JWT_KEY_FILE=tmp_path / "jwt.pem"):
        old = keys().kid

        done = ran("new-token-key")
        assert done.exit_code == 0
        assert [key["kid"] for key in jwks()["keys"]] == [keys().kid, old]
        assert keys().kid in done.stdout
        ran("new-token-key", "--forget-old")
        assert [key["kid"] for key in jwks()["keys"]] == [keys().kid]
