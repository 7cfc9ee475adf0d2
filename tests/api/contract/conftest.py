"""A demo market to browse: what `market demo` builds, of a few of its shops."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from catalog.services import photos
from marketplace.demo import building, goods, neighbours, sales
from marketplace.demo.cast import SHOP_OF_DEMO_OWNER
from marketplace.demo.catalogue import DemoProduct, demo_products
from marketplace.demo.pictures import draw_product_picture

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
MAKERS = {
    SHOP_OF_DEMO_OWNER,
    "Hộ Hạnh (Cao Bằng)",
    "Hộ Liên (Cao Bằng)",
    "Hộ Hà (Cao Bằng)",
    "Công ty TNHH Bắc Đẩu",
    "Công ty TNHH Sản xuất - Thương mại Quý Thu",
}
"""Of two provinces, with goods of three, four and five stars, with alcohol, and some of them in English too."""
PAST_DAYS = 2


def few_products(today: date) -> tuple[DemoProduct, ...]:
    """The demo's goods of these makers."""
    return tuple(product for product in demo_products(today) if product.maker in MAKERS)


@pytest.fixture(scope="module")
def demo_market(
    django_db_setup: None, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Path]:
    """The demo market in a transaction that ends with the module; the folder of its pictures.

    All goods share one drawn picture: drawing and shrinking 160 of them takes half a minute.
    """
    folder = tmp_path_factory.mktemp("media")
    picture = draw_product_picture(name="Chợ thử", set_no=1, seed=1)
    kept = override_settings(MEDIA_ROOT=folder, MARKET_DEMO=True)
    with pytest.MonkeyPatch.context() as patched, kept, django_db_blocker.unblock():
        for module in (goods, neighbours):
            patched.setattr(module, "draw_product_picture", lambda **_wanted: picture)
        patched.setattr(photos, "read_photo", lru_cache(photos.read_photo))
        patched.setattr(building, "demo_products", few_products)
        patched.setattr(sales, "PAST_DAYS", PAST_DAYS)
        whole = transaction.atomic()
        whole._from_testcase = True  # as Django's own tests: what must be outermost may stand inside it
        with whole:
            building.build_demo_market(now=NOW, progress=lambda *_done: None)
            patched.undo()
            yield folder
            transaction.set_rollback(True)
