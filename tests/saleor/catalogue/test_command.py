"""`market saleor sync`: what the operator reads, and how it ends."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from marketplace.cli import saleor_sync
from marketplace.cli.saleor_sync import sync_command
from marketplace.saleor.catalogue import syncing
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
