"""Run as a program after the storm: finish what waits, then say what became of the statements' money, as JSON."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.db.models import Count, Sum  # noqa: E402 - needs Django set up

from marketplace.core import clock, journal  # noqa: E402
from marketplace.core.models import JournalEvent  # noqa: E402
from marketplace.orders.models import Order  # noqa: E402
from marketplace.reporting import services  # noqa: E402
from payments.invariants import violations  # noqa: E402
from payments.models import BankNotice, Statement, TransactionEvent  # noqa: E402
from payments.services.importing import continue_statements  # noqa: E402
from payments.services.notices import sweep_received  # noqa: E402


def main() -> None:
    now = clock.now()
    swept = 0
    while found := sweep_received(now=now):
        swept += found
    while Statement.objects.filter(state="running").exists():
        continue_statements(now=now)
    journal.drain(now=now)
    lines = BankNotice.objects.filter(feed__provider="statement")
    by_state = lines.filter(is_incoming=True).order_by().values("state").annotate(vnd=Sum("amount_vnd"))
    widest = Statement.objects.order_by("-lines_count")[0]
    charges = TransactionEvent.objects.filter(type="charge_success")
    answer = {
        "swept": swept,
        "lines": lines.count(),
        "by_state": {row["state"]: row["vnd"] for row in by_state},
        "out_vnd": lines.filter(is_incoming=False).aggregate(all=Sum("amount_vnd"))["all"],
        "linked": lines.filter(why="same_transfer").count(),
        "statements": dict(Statement.objects.order_by().values_list("state").annotate(count=Count("pk"))),
        "new": Statement.objects.aggregate(all=Sum("new_count"))["all"],
        "widest_vnd": widest.booked_vnd + widest.review_vnd + widest.ignored_vnd,
        "imported_events": JournalEvent.objects.filter(kind="statement.imported").count(),
        "charged_vnd": charges.aggregate(all=Sum("amount_vnd"))["all"],
        "orders_charged_vnd": Order.objects.aggregate(all=Sum("charged_vnd"))["all"],
        "differences": [str(difference) for difference in services.check(now=now)],
        "violations": violations(),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
