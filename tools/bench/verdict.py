"""Run as programs of the market's environment: how many deliveries wait, and whether the books are right at the end.

python -m tools.bench.verdict        wait until the journal is handed on, then say what the database holds
"""

import json
import os
import time
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.db.models import Sum  # noqa: E402 - needs Django set up

from marketplace.core import clock  # noqa: E402
from marketplace.core.models import JournalDelivery  # noqa: E402
from marketplace.orders.models import Order  # noqa: E402
from marketplace.reporting import services  # noqa: E402
from payments.invariants import violations  # noqa: E402
from payments.models import BankNotice, TransactionEvent  # noqa: E402

DRAIN_S_MAX = 300
PAUSE_S = 0.1


def main() -> dict[str, Any]:
    """Wait for the server's worker, then look at everything."""
    waiting = JournalDelivery.objects.filter(state=JournalDelivery.State.WAITING)
    at_the_end = waiting.count()
    begun = time.monotonic()
    while waiting.exists() and time.monotonic() - begun < DRAIN_S_MAX:
        time.sleep(PAUSE_S)
    drained_s = time.monotonic() - begun
    charges = TransactionEvent.objects.filter(type=TransactionEvent.Type.CHARGE_SUCCESS)
    return {
        "deliveries": JournalDelivery.objects.count(),
        "deliveries_waiting_at_the_end": at_the_end,
        "drain_s": drained_s,
        "deliveries_open": JournalDelivery.objects.exclude(state=JournalDelivery.State.DONE).count(),
        "booked": BankNotice.objects.filter(state=BankNotice.State.BOOKED).count(),
        "notices": BankNotice.objects.count(),
        "orders_full": Order.objects.filter(charge_status=Order.ChargeStatus.FULL).count(),
        "charges": charges.count(),
        "charged_vnd": charges.aggregate(all=Sum("amount_vnd"))["all"] or 0,
        "differences": [str(difference) for difference in services.check(now=clock.now())],
        "violations": violations(),
    }


if __name__ == "__main__":
    print(json.dumps(main()))
