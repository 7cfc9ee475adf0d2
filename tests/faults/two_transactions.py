"""The control's program: store, acknowledge, then book in a second transaction; killed before the last booking.

Its one argument is the seeded payments as JSON.
"""

import json
import os
import signal
import sys
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.db import transaction  # noqa: E402 - needs Django set up

from marketplace.core import clock  # noqa: E402
from payments.models import Feed  # noqa: E402
from payments.pretend_bank import notice_of  # noqa: E402
from payments.providers import PROVIDERS  # noqa: E402
from payments.services import keeping  # noqa: E402
from payments.services.booking import settle  # noqa: E402


def main(payments: list[dict[str, Any]]) -> None:
    for number, payment in enumerate(payments, start=1):
        now = clock.now()
        signed = notice_of(
            payment["provider"],
            secret=payment["secret"],
            auth=payment["auth"],
            account_number=payment["account"],
            amount_vnd=payment["amount"],
            content=payment["code"],
            notice_id=number,
            now=now,
        )
        feed = Feed.objects.get(pk=payment["feed"])
        reported = PROVIDERS[feed.provider].read(signed.body, now=now)
        with transaction.atomic():
            stored = keeping._store(feed, signed.body, reported=reported, now=now)
        print(f"acknowledged {number}", flush=True)
        if number == len(payments):
            os.kill(os.getpid(), signal.SIGKILL)
        with transaction.atomic():
            settle(stored[0], now=now)


if __name__ == "__main__":
    main(json.loads(sys.argv[1]))
