"""`market saleor sync`: what the operator reads, and how it ends."""

from __future__ import annotations

import uuid
from datetime import timedelta
from itertools import count

import pytest
from click.testing import CliRunner

from marketplace.cli import saleor_sync
from marketplace.cli.saleor_sync import sync_command
from marketplace.core import clock, leases
from marketplace.core.models import Lease
from marketplace.saleor.catalogue import syncing
from marketplace.saleor.catalogue.errors import SyncRuns
from marketplace.saleor.models import Installation
from tests.catalog.factories import a_shop, on_sale
from tests.saleor.catalogue.shelf import no_wait
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.server import status


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    def quick(*args: object, **more: object) -> object:
        return syncing.sync(*args, **more, wait=no_wait)  # type: ignore[arg-type] # passed through

    monkeypatch.setattr(saleor_sync, "sync", quick)


def test_it_says_what_it_did_and_what_was_refused(installation: Installation, saleor: PlayedSaleor) -> None:
    shop = a_shop()
    on_sale(shop)
    bad = on_sale(shop, "Miến ngô")
    saleor.make_product("Của người khác", 1000, slug=bad.slug)

    told = CliRunner().invoke(sync_command, [saleor.api_url])

    assert told.exit_code == 0, told.output
    assert "Gian hàng: 1. Sản phẩm mới: 1, sửa: 0." in told.stdout
    assert f"product {bad.pk}: Saleor đã có sản phẩm khác mang địa chỉ trang này." in told.stdout
    assert "Sản phẩm: 2/2" in told.stderr
    assert installation.token not in told.output


def test_a_saleor_it_is_not_installed_into_is_named(db: None) -> None:
    told = CliRunner().invoke(sync_command, ["http://127.0.0.1:9/graphql/"])

    assert told.exit_code == 1
    assert "http://127.0.0.1:9/graphql/" in told.output


def test_a_saleor_that_is_away_ends_it_with_what_to_do(installation: Installation, saleor: PlayedSaleor) -> None:
    saleor.front.broken = status(503)

    told = CliRunner().invoke(sync_command, [])

    assert told.exit_code == 1
    assert "chạy lại" in told.output


def test_a_token_that_is_taken_no_more_ends_it_with_what_to_do(
    installation: Installation, saleor: PlayedSaleor
) -> None:
    saleor.uninstall(saleor.app)

    told = CliRunner().invoke(sync_command, [])

    assert told.exit_code == 1
    assert "cài lại" in told.output


def test_saleors_no_to_the_whole_is_told_in_its_words(installation: Installation, saleor: PlayedSaleor) -> None:
    saleor.app["granted"] = saleor.app["granted"] - {"MANAGE_PAGE_TYPES_AND_ATTRIBUTES"}

    told = CliRunner().invoke(sync_command, [])

    assert told.exit_code == 1
    assert "Saleor từ chối" in told.output


@pytest.fixture
def killed_run(installation: Installation) -> None:
    """What a run leaves behind that was killed a moment ago."""
    name = f"saleor-catalogue-{installation.pk}"
    assert leases.hold(name, holder=uuid.uuid4(), now=clock.now(), seconds=syncing.LEASE_S)


def test_a_run_after_one_that_was_killed_waits_for_the_end_of_its_lease(
    installation: Installation, killed_run: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_sale(a_shop())
    long_ago = clock.now() - timedelta(days=1)
    monkeypatch.setattr(saleor_sync, "sleep", lambda _s: Lease.objects.update(expires_at=long_ago))

    told = CliRunner().invoke(sync_command, [])

    assert told.exit_code == 0, told.output
    assert told.stderr.count("đợi lâu nhất 120 giây") == 1
    assert "Gian hàng: 1. Sản phẩm mới: 1, sửa: 0." in told.stdout


def test_a_run_beside_one_that_goes_on_and_on_says_so_and_ends(
    installation: Installation, killed_run: None, saleor: PlayedSaleor, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_sale(a_shop())
    monkeypatch.setattr(saleor_sync, "sleep", lambda _s: None)
    monkeypatch.setattr(saleor_sync, "monotonic", count(step=60).__next__)

    told = CliRunner().invoke(sync_command, [])

    assert isinstance(told.exception, SyncRuns)
    assert saleor.world.kinds["Product"] == []
