"""Run as a program: take in a few notices in this process and count the statements that each sends to the database.

    python -m tools.bench.statements FILE NOTICES COUNTED

Of the first NOTICES of FILE the last COUNTED are counted, when connections, plans and feeds are as they are in use.

BEGIN, COMMIT and savepoints count, since each is a message that is waited for.
"""

import json
import os
import sys
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.db import connection  # noqa: E402 - needs Django set up
from django.test.utils import CaptureQueriesContext  # noqa: E402

from payments.pretend_bank import sepay_notice  # noqa: E402
from payments.services.notices import receive_notice  # noqa: E402

SQL_CHARACTERS_SHOWN = 160


def main(file: Path, *, notices: int, counted: int) -> dict[str, Any]:
    """The median number of statements, and the statements of the last notice."""
    seeded = json.loads(file.read_text(encoding="utf-8"))
    counts: list[int] = []
    sql: list[str] = []
    for number in range(notices):
        payment, now = seeded["payments"][number], datetime.now(UTC)
        signed = sepay_notice(
            secret=seeded["secret"],
            auth="hmac",
            account_number=payment["account"],
            amount_vnd=payment["amount"],
            content=f"MBVCB.{number}.{payment['code']}.CT tu 0123456789",
            notice_id=number + 1,
            now=now,
        )
        with CaptureQueriesContext(connection) as captured:
            receive_notice(
                provider="sepay", feed_id=payment["feed"], body=signed.body, headers=signed.headers, now=now
            )
        sql = [query["sql"][:SQL_CHARACTERS_SHOWN] for query in captured.captured_queries]
        counts.append(len(sql))
    return {"statements_a_notice": median(counts[-counted:]), "statements": sql}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), notices=int(sys.argv[2]), counted=int(sys.argv[3]))))
