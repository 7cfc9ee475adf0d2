"""While a Saleor is told its webhooks' key, the market is installed there anew: the old key counts no more."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from pytest_django import Settings as SettingsWrapper

from marketplace.core.secrets import UnreadableSecret
from marketplace.saleor import agreeing
from marketplace.saleor.agreeing import agree
from marketplace.saleor.client import Saleor, TokenRefused
from marketplace.saleor.joining import join
from marketplace.saleor.models import Installation
from marketplace.saleor.upkeep import agree_on_webhooks
from tests.saleor.join.conftest import Ears
from tests.saleor.join.small_saleor import TOKEN, SmallSaleor
from tests.saleor.join.test_agreeing import as_installed, bring, key_there

pytestmark = pytest.mark.django_db


def after_telling(monkeypatch: pytest.MonkeyPatch, meanwhile: Callable[[], None]) -> None:
    """The next time that a Saleor was told everything, this happens before it is noted; once."""
    tell = agreeing._bring_about

    def told_then_meanwhile(saleor: Saleor, *, key: str) -> None:
        monkeypatch.setattr(agreeing, "_bring_about", tell)
        tell(saleor, key=key)
        meanwhile()

    monkeypatch.setattr(agreeing, "_bring_about", told_then_meanwhile)


def test_the_same_app_that_joins_again_meanwhile_is_agreed_with_anew(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def again() -> None:
        join(api_url=small_saleor.api_url, token=TOKEN, now=now)

    as_installed(small_saleor)
    after_telling(monkeypatch, again)

    assert agree(joined, now=now) is False
    row = Installation.objects.get()
    assert (row.webhook_key, row.webhook_key_demanded_from, row.webhooks_said) == ("", None, "")

    assert agree_on_webhooks(now + timedelta(minutes=1)) == 1
    later = now + timedelta(hours=1)
    assert bring(small_saleor, later, monkeypatch, **{"X-Market-Key": key_there(small_saleor)}) == 200
    assert bring(small_saleor, later + timedelta(seconds=1), monkeypatch) == 401
    assert len(ears.heard) == 1


def test_a_refusal_of_the_token_before_is_no_problem_of_the_new_one(
    small_saleor: SmallSaleor, joined: Installation, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_saleor: Saleor, *, key: str) -> None:
        join(api_url=small_saleor.api_url, token=TOKEN, now=now)
        raise TokenRefused("the token before")

    monkeypatch.setattr(agreeing, "_bring_about", refused)

    assert agree(joined, now=now) is False
    assert Installation.objects.get().problem == ""


def test_the_key_that_reads_it_is_lost_meanwhile_and_nothing_is_noted(
    small_saleor: SmallSaleor,
    joined: Installation,
    now: datetime,
    settings: SettingsWrapper,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    keys = settings.MARKET_FIELD_KEYS

    def lose() -> None:
        settings.MARKET_FIELD_KEYS = ["MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="]

    after_telling(monkeypatch, lose)

    assert agree(joined, now=now) is False
    with pytest.raises(UnreadableSecret):
        Installation.objects.get()
    settings.MARKET_FIELD_KEYS = keys
    assert Installation.objects.get().webhooks_said == ""


def test_once_a_key_is_demanded_having_none_ourselves_opens_nothing(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However a row came to be like this: nothing shown is not the key that we do not have."""
    Installation.objects.update(webhook_key="", webhook_key_demanded_from=now)

    assert bring(small_saleor, now, monkeypatch) == 401
    assert ears.heard == []


def test_control_an_empty_key_equals_none_shown(
    small_saleor: SmallSaleor, joined: Installation, ears: Ears, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    Installation.objects.update(webhook_key="", webhook_key_demanded_from=now)
    monkeypatch.setattr(
        "marketplace.saleor.receiving._has_our_key",
        lambda installation, headers, **_: headers.get("X-Market-Key", "") == installation.webhook_key,
    )

    assert bring(small_saleor, now, monkeypatch) == 200
