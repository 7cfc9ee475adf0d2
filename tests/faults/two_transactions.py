"""The control's program: store, acknowledge, then book in a second transaction; killed before the last booking.

Arguments: port (unused), secret, then feed, account, code and amount of each payment.
"""

import os
import signal
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.db import transaction  # noqa: E402 - needs Django set up

from marketplace.core import clock  # noqa: E402
from payments.models import Feed  # noqa: E402
from payments.pretend_bank import sepay_notice  # noqa: E402
from payments.providers import PROVIDERS  # noqa: E402
from payments.services import keeping  # noqa: E402
from payments.services.booking import settle  # noqa: E402

FIELDS = 4


def main(secret: str, *payments: str) -> None:
    count = len(payments) // FIELDS
    for number in range(1, count + 1):
        feed_id, account, code, amount = payments[(number - 1) * FIELDS : number * FIELDS]
        now = clock.now()
        signed = sepay_notice(
            secret=secret, auth="hmac", account_number=account, amount_vnd=int(amount), content=code,
            notice_id=number, now=now,
        )  # fmt: skip
        feed = Feed.objects.get(pk=feed_id)
        reported = PROVIDERS[feed.provider].read(signed.body, now=now)
        with transaction.atomic():
            stored = keeping._store(feed, signed.body, reported=reported, now=now)
        print(f"acknowledged {number}", flush=True)
        if number == count:
            os.kill(os.getpid(), signal.SIGKILL)
        with transaction.atomic():
            settle(stored[0], now=now)


if __name__ == "__main__":
    main(*sys.argv[2:])
