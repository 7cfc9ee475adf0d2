"""Run as a program after a storm: finish what waits, then say what the database and the figures hold, as JSON."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.db.models import Sum  # noqa: E402 - needs Django set up

from marketplace.core import clock, journal  # noqa: E402
from marketplace.core.models import JournalDelivery  # noqa: E402
from marketplace.orders.models import Order  # noqa: E402
from marketplace.reporting import services  # noqa: E402
from marketplace.reporting.models import TakingsDay  # noqa: E402
from payments.invariants import violations  # noqa: E402
from payments.models import BankNotice, TransactionEvent  # noqa: E402
from payments.services.notices import sweep_received  # noqa: E402


def takings() -> int:
    """All money in the kept figures, in đồng."""
    names = [
        field.name
        for field in TakingsDay._meta.concrete_fields
        if field.name.endswith("_vnd") and not field.name.startswith("refund")
    ]
    sums = TakingsDay.objects.aggregate(**{name: Sum(name) for name in names})
    return sum(sums[name] or 0 for name in names)


def main() -> None:
    now = clock.now()
    swept = 0
    while finished := sweep_received(now=now):  # a bounded number at a time, as the worker does it
        swept += finished
    journal.drain(now=now)
    before = takings()
    differences = [str(difference) for difference in services.check(now=now)]
    services.rebuild(now=now)
    answer = {
        "swept": swept,
        "notices": BankNotice.objects.count(),
        "provider_ids": BankNotice.objects.values("feed", "provider_tx_id").distinct().count(),
        "booked": BankNotice.objects.filter(state="booked").count(),
        "charges": TransactionEvent.objects.filter(type="charge_success").count(),
        "charged_vnd": TransactionEvent.objects.filter(type="charge_success").aggregate(all=Sum("amount_vnd"))["all"],
        "orders_full": Order.objects.filter(charge_status="full").count(),
        "orders_charged_vnd": Order.objects.aggregate(all=Sum("charged_vnd"))["all"],
        "deliveries_open": JournalDelivery.objects.exclude(state="done").count(),
        "takings_vnd": before,
        "takings_rebuilt_vnd": takings(),
        "differences": differences,
        "violations": violations(),
    }
    print(json.dumps(answer))


if __name__ == "__main__":
    main()
