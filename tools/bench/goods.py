"""Run as a program: fill the market of this environment with shops and goods on sale, as many as asked for.

    python -m tools.bench.goods PRODUCTS FILE

Rows go in by COPY (PostgreSQL) or many at a time (SQLite) and are those that the services leave behind when a shop
has listed a product and a commune has published it: shop, place, one to three sizes, stock, a photo, and for every
tenth a certificate. The search index is filled in one statement. The same goods every time. Writes what a client may
ask for into FILE as JSON, and how long the seeding took.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - needs Django set up
from django.db.models import Field, Max, Model  # noqa: E402

from catalog.models import ALCOHOL_SETS, OcopCertificate, Product, ProductMedia, ProductVariant, Stock  # noqa: E402
from catalog.ocop_sets import ocop_set  # noqa: E402
from marketplace.core.text import fold, name_sort_key  # noqa: E402
from marketplace.places.models import Commune  # noqa: E402
from marketplace.running.preparing import prepare  # noqa: E402
from tools.bench.vietnamese import Writer  # noqa: E402
from vendors.models import Vendor, Warehouse  # noqa: E402

SEED = 20261127
PRODUCTS_A_SHOP = 40
SHOPS_MIN = 10
ROWS_A_BATCH = 5000
DRAWN_MAX = 50_000
"""Beyond these the same names and descriptions come again, listed at other moments; drawing a million takes long."""
SHUFFLES = 48_271
QUESTIONS_MAX = 1000
"""How many names and slugs the clients are told."""
OPENED = datetime(2024, 1, 1, 1, tzinfo=UTC)
LISTED_OVER_S = 1000 * 24 * 3600
CERTIFICATES_EVERY = 10
PRICES_VND = (15_000, 25_000, 40_000, 60_000, 85_000, 120_000, 180_000, 250_000, 400_000, 900_000)
SIZES = (("Nhỏ", "gói 200 g", 1), ("Vừa", "gói 500 g", 2), ("Lớn", "hộp 1 kg", 4))
STARS = (3, 3, 3, 4, 4, 5)

Row = tuple[Any, ...]


class Goods:
    """The goods of a market, numbered from 1, drawn with one seed."""

    def __init__(self, shops: Sequence[tuple[Vendor, Warehouse]]) -> None:
        self._draw = random.Random(SEED)  # noqa: S311 - made-up goods, no secret
        self._writer = Writer(SEED)
        self._shops = shops
        self.slugs: list[str] = []
        self.names: list[str] = []

    def rows(self, first: int, last: int) -> dict[type[Model], list[Row]]:
        """The rows of the products `first` to `last`, by model, in the order in which they may be written."""
        kinds: tuple[type[Model], ...] = (Product, ProductVariant, Stock, ProductMedia, OcopCertificate)
        rows: dict[type[Model], list[Row]] = {kind: [] for kind in kinds}
        for number in range(first, last + 1):
            vendor, place = self._shops[int(len(self._shops) * self._draw.random() ** 2)]
            price = self._draw.choice(PRICES_VND)
            rows[Product].append(self._product(number, vendor, price))
            for position, (name, unit, times) in enumerate(SIZES[: self._draw.choice((1, 1, 1, 2, 3))]):
                size = number * len(SIZES) + position
                rows[ProductVariant].append((size, number, name, unit, vendor.pk, None, price * times, position))
                rows[Stock].append((size, size, place.pk, self._draw.choice((0, 5, 20, 100, 100))))
            rows[ProductMedia].append((number, number, f"products/{number}.jpg", 1600, 1200, "Ảnh hàng", 0, True))
            if number % CERTIFICATES_EVERY == 0:
                rows[OcopCertificate].append(self._certificate(number))
        return rows

    def _product(self, number: int, vendor: Vendor, price: int) -> Row:
        name, description = self._writer.name(), self._writer.description()
        kind = 1 + int(26 * self._draw.random() ** 2)
        commune = vendor.commune
        more = fold(f"{vendor.name} {commune.name} {commune.province.name} {ocop_set(kind).name}")
        listed = OPENED + timedelta(seconds=int(LISTED_OVER_S * self._draw.random()))
        slug = f"{name.folded.replace(' ', '-')}-{number}"
        if kind not in ALCOHOL_SETS and len(self.slugs) < QUESTIONS_MAX:
            self.slugs.append(slug)
            self.names.append(name.folded)
        return (
            number, vendor.pk, slug, name.written, description.written, kind, commune.pk, "published", listed, price,
            kind in ALCOHOL_SETS, name.folded, f"{more} {description.folded}", name_sort_key(name.written), listed,
            listed,
        )  # fmt: skip

    def _certificate(self, number: int) -> Row:
        issued = date(2025, 1, 1) + timedelta(days=self._draw.randrange(300))
        stars = self._draw.choice(STARS)
        lapses = issued + timedelta(days=1095)
        return (number, number, stars, f"{number}/QĐ-UBND", issued, lapses, "UBND", "verified", OPENED)


COLUMNS: dict[type[Model], tuple[str, ...]] = {
    Product: (
        "id", "vendor_id", "slug", "name", "description", "ocop_set", "commune_of_origin_id", "listing",
        "published_at", "price_from_vnd", "is_alcohol", "folded_name", "folded_text", "sort_key", "made_at",
        "updated_at",
    ),
    ProductVariant: ("id", "product_id", "name", "unit", "vendor_id", "sku", "price_vnd", "position"),
    Stock: ("id", "variant_id", "warehouse_id", "quantity"),
    ProductMedia: ("id", "product_id", "image", "width", "height", "alt", "position", "is_complete"),
    OcopCertificate: (
        "id", "product_id", "stars", "decision_number", "issued_on", "expires_on", "issuer", "state", "declared_at",
    ),
}  # fmt: skip


def main(products: int, file: Path) -> None:
    """Prepare the market, open the shops, write the goods, then the search index."""
    prepare()
    begun = time.monotonic()
    shops = open_shops(max(SHOPS_MIN, products // PRODUCTS_A_SHOP))
    goods = Goods(shops)
    with connection.cursor() as cursor, quickly(cursor):
        drawn = min(products, DRAWN_MAX)
        for first in range(1, drawn + 1, ROWS_A_BATCH):
            batch = goods.rows(first, min(first + ROWS_A_BATCH - 1, drawn))
            with transaction.atomic():
                for model, rows in batch.items():
                    write(cursor, model, rows)
        for already in range(drawn, products, drawn):
            with transaction.atomic():
                for model in COLUMNS:
                    copy_rows(cursor, model, already=already, at_most=min(drawn, products - already))
    written = time.monotonic()
    move_keys_on()
    index()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "PRAGMA optimize")
    found = {
        "slugs": goods.slugs,
        "names": goods.names,
        "seeded_s": round(written - begun, 1),
        "indexed_s": round(time.monotonic() - written, 1),
    }
    file.write_text(json.dumps(found), encoding="utf-8")


@contextmanager
def quickly(cursor: Any) -> Iterator[None]:
    """Without triggers and indexes meanwhile, and afterwards as before: a million rows in minutes."""
    tables = [model._meta.db_table for model in COLUMNS]
    if connection.vendor == "postgresql":
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET statement_timeout = 0")
        cursor.execute(
            "SELECT 'index', indexname, indexdef FROM pg_indexes WHERE tablename = ANY(%s) AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint WHERE conname = indexname)",
            [tables],
        )
    else:
        for pragma in ("foreign_keys = OFF", "synchronous = OFF", "cache_size = -400000"):
            cursor.execute(f"PRAGMA {pragma}")
        # A table's own indexes have no text and stay.
        cursor.execute(
            "SELECT type, name, sql FROM sqlite_master"  # noqa: S608 - names of our own models
            f" WHERE tbl_name IN ({', '.join(['%s'] * len(tables))}) AND type IN ('index', 'trigger') AND sql <> ''",
            tables,
        )
    left_out = cursor.fetchall()
    for kind, name, _text in left_out:
        cursor.execute(f'DROP {kind} "{name}"')
    yield
    for _kind, _name, text in left_out:
        cursor.execute(text)
    cursor.execute(
        "RESET session_replication_role" if connection.vendor == "postgresql" else "PRAGMA foreign_keys=ON"
    )


def open_shops(count: int) -> list[tuple[Vendor, Warehouse]]:
    """Shops that may sell, one after another over the communes of the country, each with a place for its goods."""
    communes = list(Commune.objects.select_related("province").order_by("pk"))
    random.Random(SEED).shuffle(communes)  # noqa: S311 - made-up shops, no secret
    vendors = [_shop(number, communes[number % len(communes)]) for number in range(1, count + 1)]
    with transaction.atomic():
        Vendor.objects.bulk_create(vendors)
        places = [Warehouse(vendor=vendor, name="Tại cửa hàng") for vendor in vendors]
        Warehouse.objects.bulk_create(places)
    return list(zip(vendors, places, strict=True))


def _shop(number: int, commune: Commune) -> Vendor:
    name = f"Hợp tác xã {commune.short_name} {number}"
    return Vendor(
        slug=f"shop-{number}",
        name=name,
        kind=Vendor.Kind.COOPERATIVE,
        commune=commune,
        phone="0912345678",
        verification=Vendor.Verification.VNEID,
        folded=fold(name),
        sort_key=name_sort_key(name),
        made_at=OPENED,
    )


def write(cursor: Any, model: type[Model], rows: Iterable[Row]) -> None:
    """Insert rows whose first values are those of `COLUMNS`; all other columns are as a new row has them."""
    named = COLUMNS[model]
    others = [field for field in model._meta.concrete_fields if field.column not in named]
    usual = tuple(field.get_db_prep_save(field.get_default(), connection) for field in others)
    columns = ", ".join([*named, *(field.column for field in others)])
    table = model._meta.db_table
    if connection.vendor == "postgresql":
        with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row + usual)
        return
    marks = ", ".join(["%s"] * (len(named) + len(others)))
    cursor.executemany(
        f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608 - names of our own models
        [tuple(map(_sqlite_value, row)) + usual for row in rows],
    )


def copy_rows(cursor: Any, model: type[Model], *, already: int, at_most: int) -> None:
    """The first products' rows once more under numbers that are `already` higher, listed at another moment."""
    on_postgresql = connection.vendor == "postgresql"
    seconds = f"(((id + {already}) * {SHUFFLES}) % {LISTED_OVER_S})"
    opened = int(OPENED.timestamp())
    other = {
        "slug": f"slug || '-' || {already}",
        "published_at": f"to_timestamp({opened} + {seconds})"
        if on_postgresql
        else f"strftime('%Y-%m-%d %H:%M:%S', {opened} + {seconds}, 'unixepoch')",
    } | {
        field.column: f"{field.column} + {already * (len(SIZES) if is_a_size else 1)}"
        for field in model._meta.concrete_fields
        if (is_a_size := _names_a_size(field)) or _names_a_product(field)
    }
    columns = [field.column for field in model._meta.concrete_fields]
    key = "id" if model is Product else "product_id" if model is not Stock else f"variant_id / {len(SIZES)}"
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"  # noqa: S608 - names of our own models
        f" SELECT {', '.join(other.get(column, column) for column in columns)} FROM {model._meta.db_table}"
        f" WHERE {key} <= {at_most}"
    )


def _names_a_size(field: Field[Any, Any]) -> bool:
    return field.related_model is ProductVariant or (field.primary_key and field.model in (ProductVariant, Stock))


def _names_a_product(field: Field[Any, Any]) -> bool:
    return field.related_model is Product or (field.primary_key and not _names_a_size(field))


def _sqlite_value(value: Any) -> Any:
    if isinstance(value, datetime):
        return connection.ops.adapt_datetimefield_value(value)
    return str(value) if isinstance(value, date) else value


def move_keys_on() -> None:
    """Keys that were written by hand are not given out again."""
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        for model in COLUMNS:
            last = model._default_manager.aggregate(last=Max("pk"))["last"] or 1
            cursor.execute("SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)", [model._meta.db_table, last])


def index() -> None:
    """Fill the search table from the words on the products' rows, as its migration does."""
    search = import_module("catalog.migrations.0007_search_by_newness")
    with transaction.atomic(), connection.cursor() as cursor:
        # The table of a new market is empty: it is made once more, as for a market that has goods already.
        vendor = connection.vendor
        drop = f"DROP TABLE {search.TABLE}"
        for statement in (drop, *search.MAKE[vendor], *search.FILL[vendor], *search.INDEX[vendor]):
            cursor.execute(statement)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
