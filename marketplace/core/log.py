"""What must not stand in a log: the UUIDs in addresses, which open somebody's order or checkout."""

from __future__ import annotations

import logging
import re

SECRET = re.compile(r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{8}([0-9a-fA-F]{4})")


class HideSecrets(logging.Filter):
    """Leaves of each UUID its last four characters: enough to tell two lines apart, too little to open a page."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Replace UUIDs in the finished message. Never drops a record."""
        message = record.getMessage()
        hidden = SECRET.sub(r"…\1", message)
        if hidden != message:
            record.msg, record.args = hidden, None
        return True
