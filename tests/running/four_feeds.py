"""Run as a program: a shop with a feed of every provider and an unpaid order for each; prints the orders' codes."""

import json
import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from marketplace.core import clock  # noqa: E402 - needs Django set up
from marketplace.running.preparing import prepare  # noqa: E402
from payments.providers import PROVIDERS  # noqa: E402
from tests.payments.banks import KINDS, a_feed  # noqa: E402
from tests.payments.factories import a_shop, an_order, code_of  # noqa: E402
from vendors.models import Vendor  # noqa: E402


def main() -> None:
    prepare()
    shop = a_shop()
    Vendor.objects.filter(pk=shop.vendor.pk).update(is_demo=True)
    for kind in KINDS[1:]:
        a_feed(shop.vendor, kind)
    sys.stdout.write(json.dumps({provider: code_of(an_order(shop, now=clock.now())) for provider in PROVIDERS}))


if __name__ == "__main__":
    main()
