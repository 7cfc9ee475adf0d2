"""Run as a program: a shop, its unpaid orders, a month's statement, and overlapping shuffled files of it.

Arguments: how many lines, how many pairs of files, and the folder for the files. Prints what a test needs as JSON.
"""

from __future__ import annotations

import json
import os
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from marketplace.core import clock  # noqa: E402 - needs Django set up
from marketplace.running.preparing import prepare  # noqa: E402
from tests.payments.factories import PRICE_VND, Shop, a_notice, a_shop, an_order, code_of, send  # noqa: E402
from tests.payments.statements.booklets import Entry, shuffled, vietcombank  # noqa: E402

DAYS = 20
ORDERS_ONE_IN = 10
TOLD_ONE_IN = 50
PART_VND = 20_000


def day_of(number: int, *, count: int, today: datetime) -> str:
    return f"{today - timedelta(days=DAYS + 5 - DAYS * number // count):%d/%m/%Y}"


def line(number: int, *, count: int, codes: list[str], today: datetime) -> Entry:
    """A line of every kind a statement has, in turn: a payment, a part, words only twice, and money that left."""
    day, reference, code = day_of(number, count=count, today=today), f"5078.{number}", codes[number // ORDERS_ONE_IN]
    return [
        Entry(f"MBVCB.1.{code}.CT tu 1", PRICE_VND, reference, day),
        Entry(f"{code} tra them", PART_VND, reference, day),
        Entry("NGUYEN VAN THU chuyen tien", PART_VND, "", day),
        Entry("phi dich vu", -1_100, reference, day),
        Entry(f"khach {number}", 1_000 + number, reference, day),
    ][number % 5]


def tell_beforehand(shop: Shop, lines: list[Entry]) -> int:
    """Notices of some transfers that the statement tells of too. Answers how many."""
    told = [one for one in lines[::TOLD_ONE_IN] if one.amount_vnd > 0 and one.reference]
    for one in told:
        date = datetime.strptime(one.day, "%d/%m/%Y").date()  # noqa: DTZ007 - a day, no moment
        notice = a_notice(
            shop.feed, shop.account, one.content, one.amount_vnd, referenceCode=one.reference,
            transactionDate=f"{date} 10:00:00", now=clock.now(),
        )  # fmt: skip
        send(shop.feed, notice, now=clock.now())
    return len(told)


def main(count: int, pairs: int, folder: Path) -> None:
    prepare()
    today = clock.now().astimezone(clock.VIETNAM)
    shop = a_shop("Gian hàng sao kê", quantity=1_000_000)
    codes = [code_of(an_order(shop, now=clock.now())) for _ in range(count // ORDERS_ONE_IN + 1)]
    lines = [line(number, count=count, codes=codes, today=today) for number in range(count)]
    told = tell_beforehand(shop, lines)
    days = sorted({one.day for one in lines}, key=lambda day: day.split("/")[::-1])
    files = []
    for number in range(2 * pairs):
        # Whole days, growing, each pair overlapping; the last two are the whole month.
        end = len(days) * (number // 2 + 1) // pairs
        within = set(days[max(0, number % 2 * (end // 3)) : end])
        name = folder / f"sao-ke-{number}.csv"
        name.write_bytes(vietcombank(shop, shuffled([one for one in lines if one.day in within], number)))
        files.append(str(name))
    whole = vietcombank(shop, random.Random(99).sample(lines, len(lines)))
    (folder / "whole.csv").write_bytes(whole)
    print(
        json.dumps(
            {
                "slug": shop.vendor.slug,
                "files": [*files, str(folder / "whole.csv")],
                "lines": len(lines),
                "told": told,
                "in_vnd": sum(one.amount_vnd for one in lines if one.amount_vnd > 0),
                "out_vnd": -sum(one.amount_vnd for one in lines if one.amount_vnd < 0),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
