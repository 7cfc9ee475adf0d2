"""One Saleor's token cannot be read, since its key of the fields is gone: all others are served as ever."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from click.testing import CliRunner
from django.db.models import TextField, Value

from marketplace.cli.saleor_reconcile import reconcile
from marketplace.cli.saleor_sync import sync_command
from marketplace.core.secrets import UnreadableSecret
from marketplace.core.tasks import periodic_tasks
from marketplace.orders.models import Order
from marketplace.saleor.catalogue import tasks as catalogue_tasks
from marketplace.saleor.fetching import want
from marketplace.saleor.installing import uninstall
from marketplace.saleor.models import Installation, SaleorObject, ToFetch
from marketplace.saleor.rounds import ATTEMPTS_MAX, PAUSE_S_MAX
from marketplace.saleor.tasks import catch_up_orders, fetch_wanted
from marketplace.saleor.upkeep import renew_old_keys
from tests.payments.factories import Shop, a_shop
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.world import Thing

Sell = Callable[[Shop], Thing]
LOST = "0badc0de:gAAAAA"
"""As a secret stands in its column that was written with a key which nobody has any more."""


@pytest.fixture
def unreadable(saleor: PlayedSaleor, db: None, now: datetime) -> Installation:
    """Another Saleor, older than the one that is played, so that its turn is always the first."""
    row = Installation.objects.create(
        api_url="http://127.0.0.1:9/graphql/", app_id="QXBwOjE=", token="a" * 30, channel="vnd", installed_at=now
    )
    lost = Value(LOST, output_field=TextField())
    Installation.objects.filter(pk=row.pk).update(token=lost, webhook_key=lost)
    with pytest.raises(UnreadableSecret):
        Installation.objects.get(pk=row.pk)
    return row


def test_every_task_comes_to_its_end(unreadable: Installation, installation: Installation, now: datetime) -> None:
    for task in periodic_tasks():
        if task.name.startswith("saleor."):
            task.run(now + timedelta(days=2))


def test_what_another_saleor_told_of_is_fetched_and_what_waits_for_the_key_is_not_given_up(
    unreadable: Installation, saleor: PlayedSaleor, installation: Installation, sold_there: Sell
) -> None:
    want(installation=unreadable, kind=ToFetch.Kind.ORDER, saleor_id="T3JkZXI6MQ==", now=saleor.world.now)
    saleor.make_order((sold_there(a_shop()), 1), is_paid_otherwise=True)
    for _round in range(ATTEMPTS_MAX + 1):
        saleor.pass_time(PAUSE_S_MAX)
        saleor.deliver()
        fetch_wanted(saleor.world.now)

    assert Order.objects.get().charged_vnd == 60_000
    waiting = ToFetch.objects.get()
    assert (waiting.installation_id, waiting.attempts, waiting.is_given_up) == (unreadable.pk, 0, False)
    assert waiting.problem.startswith("Không đọc được mã truy cập đã lưu")
    assert "MARKET_FIELD_KEYS" in waiting.problem


def test_lost_events_of_another_saleor_are_made_up_for(
    unreadable: Installation, saleor: PlayedSaleor, installation: Installation, sold_there: Sell
) -> None:
    saleor.make_order((sold_there(a_shop()), 1), is_paid_otherwise=True)
    saleor.waiting.clear()

    assert catch_up_orders(saleor.world.now) == 1
    seen = Installation.objects.defer("token", "webhook_key").get(pk=unreadable.pk).orders_seen_until
    assert seen is None


def test_the_goods_of_another_saleor_are_brought(
    unreadable: Installation, installation: Installation, monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    def push(one: Installation, *, now: datetime) -> int:
        return len(one.token) and 1

    monkeypatch.setattr(catalogue_tasks, "push_due", push)

    assert catalogue_tasks.push_goods(now) == 1


def test_what_needs_no_token_is_done_for_the_one_too(
    unreadable: Installation, saleor: PlayedSaleor, installation: Installation, now: datetime
) -> None:
    rows = [
        SaleorObject.objects.create(
            installation=one, kind="variant", our_id="7", saleor_id="UHJvZHVjdFZhcmlhbnQ6Nw=="
        )
        for one in (unreadable, installation)
    ]

    assert catalogue_tasks.ask_stock(now) == len(rows)


def test_the_keys_of_another_saleor_are_renewed(
    unreadable: Installation, installation: Installation, now: datetime
) -> None:
    assert renew_old_keys(now + timedelta(days=2)) == 1


def test_reconciling_names_the_one_and_compares_the_other(
    unreadable: Installation, installation: Installation
) -> None:
    told = CliRunner().invoke(reconcile, [])

    first, second = told.output.splitlines()
    assert told.exit_code == 1
    assert first.startswith(f"{unreadable.api_url}: không hỏi được Saleor (UnreadableSecret: MARKET_FIELD_KEYS")
    assert second == f"{installation.api_url}: clean: khớp từng đồng."


def test_a_sync_says_what_is_lacking(unreadable: Installation) -> None:
    told = CliRunner().invoke(sync_command, [])

    assert told.exit_code == 1
    assert "MARKET_FIELD_KEYS" in told.output
    assert unreadable.api_url in told.output


def test_a_saleor_may_be_left_without_its_key(unreadable: Installation, now: datetime) -> None:
    assert uninstall(api_url=unreadable.api_url, now=now) is False
    assert Installation.objects.get(pk=unreadable.pk).state == "left"
