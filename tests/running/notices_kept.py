"""Run as a program: what became of every notice, by provider, as JSON."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from payments.models import BankNotice, PaymentLink  # noqa: E402 - needs Django set up

if __name__ == "__main__":
    notices = BankNotice.objects.order_by("pk").values_list("feed__provider", "state")
    sys.stdout.write(json.dumps({"notices": list(notices), "links": PaymentLink.objects.count()}))
