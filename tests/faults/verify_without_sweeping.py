"""Run as a program: what the database holds as it is, as JSON."""

import json
import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from marketplace.orders.models import Order  # noqa: E402 - needs Django set up
from payments.models import BankNotice  # noqa: E402

if __name__ == "__main__":
    found = {
        "notices": BankNotice.objects.count(),
        "booked": BankNotice.objects.filter(state="booked").count(),
        "orders_full": Order.objects.filter(charge_status="full").count(),
    }
    print(json.dumps(found))
