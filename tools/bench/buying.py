"""Run as a program: open shops for the benchmark of buying, and count what each step of a purchase takes in here.

    python -m tools.bench.buying SHOPS FILE [TIMES]

Writes into FILE what clients can buy, as JSON. Buys TIMES times through Django's test client in each way and prints
for each step its SQL statements (of the last time) and the processor's milliseconds (the middle of all).
"""

import json
import os
import statistics
import sys
import time
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.db import connection, transaction  # noqa: E402 - needs Django set up
from django.test import Client  # noqa: E402
from django.test.utils import CaptureQueriesContext  # noqa: E402

from marketplace.api.graphql.ids import to_global_id  # noqa: E402
from marketplace.core import clock  # noqa: E402
from marketplace.orders.models import DeliveryRate  # noqa: E402
from marketplace.places.models import Commune  # noqa: E402
from marketplace.running.preparing import prepare  # noqa: E402
from tools.bench.purchases import PURCHASES, Step  # noqa: E402
from tools.bench.seed import open_shop  # noqa: E402

RATE_VND = 20_000
TIMES = 20


def main(shops: int, file: Path, *, times: int = TIMES) -> dict[str, Any]:
    """Open the shops, then buy and count."""
    prepare()
    if not file.exists():
        file.write_text(json.dumps(open_shops(shops)), encoding="utf-8")
    goods = json.loads(file.read_text(encoding="utf-8"))
    return {way: _counted(way, goods, times=times) for way in PURCHASES}


def open_shops(count: int) -> list[dict[str, Any]]:
    """Shops that send anywhere, and for each what a client needs to buy there."""
    now = clock.now()
    with transaction.atomic():
        communes = Commune.objects.select_related("province").order_by("pk")[:count]
        shops = [open_shop(commune, now=now) for commune in communes]
        DeliveryRate.objects.bulk_create(
            DeliveryRate(vendor=shop.vendor, zone=zone, price_vnd=RATE_VND)
            for shop in shops
            for zone in DeliveryRate.Zone.values
        )
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
    return [
        {
            "variants": [to_global_id("ProductVariant", variant.pk) for variant, _stock in shop.goods],
            "place": {"city": commune.name, "countryArea": commune.province.name},
        }
        for shop, commune in zip(shops, communes, strict=True)
    ]


def _counted(way: str, goods: list[dict[str, Any]], *, times: int) -> list[dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    client = Client(HTTP_HOST="127.0.0.1")
    client.get("/health/live")  # what a server makes once, such as its list of static files, is no step's
    for number in range(times):
        purchase = PURCHASES[way](goods[number % len(goods)])
        step = next(purchase)
        while step is not None:
            begun = time.process_time()
            payload, statements = _ask(client, step, counted=number == times - 1)
            spent_ms = 1000 * (time.process_time() - begun)
            row = found.setdefault(step.name, {"name": step.name, "cpu_ms": [], "sql": []})
            row["cpu_ms"].append(spent_ms)
            row["sql"] = statements or row["sql"]
            try:
                step = purchase.send(payload)
            except StopIteration:
                break
    return [
        row | {"cpu_ms": statistics.median(row["cpu_ms"]), "statements": len(row["sql"])} for row in found.values()
    ]


def _ask(client: Client, step: Step, *, counted: bool) -> tuple[dict[str, Any], list[str]]:
    statements: list[str] = []
    body = json.dumps({"query": step.document, "variables": step.variables})
    if counted:
        with CaptureQueriesContext(connection) as captured:
            answer = client.post("/graphql/", body, content_type="application/json")
        statements = [query["sql"] for query in captured.captured_queries]
    else:
        answer = client.post("/graphql/", body, content_type="application/json")
    content = answer.json()
    payload: dict[str, Any] = (content.get("data") or {}).get(step.name) or {}
    if answer.status_code != 200 or "errors" in content or payload.get("errors"):
        raise SystemExit(f"{step.name}: {answer.content[:500]!r}")
    return payload, statements


if __name__ == "__main__":
    asked = [Path(sys.argv[2]), *sys.argv[3:]]
    print(json.dumps(main(int(sys.argv[1]), Path(sys.argv[2]), times=int(sys.argv[3]) if len(asked) > 1 else TIMES)))
