"""What must not stand in a log: UUIDs in addresses, which open somebody's order or checkout, and Stripe's keys."""

from __future__ import annotations

import logging
import re

SECRET = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{8}([0-9a-fA-F]{4})")

STRIPE_SECRET = re.compile(r"\b((?:sk|rk)_(?:live|test)|whsec)_[0-9A-Za-z_]+")


class HideSecrets(logging.Filter):
    """Leaves of each UUID its last four characters: enough to tell two lines apart, too little to open a page.

    Of Stripe's keys and webhook secrets only their kind is left.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace secrets in the finished message. Never drops a record."""
        message = record.getMessage()
        hidden = STRIPE_SECRET.sub(r"\1_…", SECRET.sub(r"…\1", message))
        if hidden != message:
            record.msg, record.args = hidden, None
        return True
