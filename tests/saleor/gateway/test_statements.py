"""What a payment at a Saleor asks of the database, however many sales there are."""

from __future__ import annotations

from django.db import connection
from django.test.utils import CaptureQueriesContext

from marketplace.saleor.gateway.selling import parts_of_sale
from marketplace.saleor.models import Installation, SaleorPart
from tests.payments.factories import Shop
from tests.saleor.gateway.telling import a_checkout, a_line, initialize


def plan_of(sql: str) -> str:
    """How the database would answer, if no table of it were small."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute(f"EXPLAIN {sql}")
        else:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}")
        return "\n".join(str(row[-1]) for row in cursor.fetchall())


def test_the_parts_of_a_sale_are_found_by_their_indexes(installed: Installation, shop: Shop) -> None:
    source = a_checkout(a_line(shop))
    initialize(installed, source)

    with CaptureQueriesContext(connection) as asked:
        parts = parts_of_sale(installed, (source["id"],))

    assert [part.row for part in parts] == [SaleorPart.objects.get()]
    plans = "\n".join(plan_of(one["sql"]) for one in asked.captured_queries)
    for by in ("source_id", "saleor_order_id", "transaction_id"):
        assert by in plans, plans
