"""Run as a program: a shop, its unpaid orders, a month's statement, and overlapping shuffled files of it.

Arguments: how many lines, how many pairs of growing files, how many files of the whole month, and their folder.
Prints what a test needs as JSON.
The orders are rows of one, two or three goods as the services leave them behind: made through the services they took
longer than the storm.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tools.bench import seed

# After the seed, which sets Django up.
from marketplace.core import clock  # isort: skip
from marketplace.running.preparing import prepare  # isort: skip
from tests.payments.factories import PRICE_VND, Shop, a_notice, a_shop, goods, send  # isort: skip
from tests.payments.statements.booklets import Entry, shuffled, vietcombank  # isort: skip
from vendors.models import BankAccount  # isort: skip

DAYS = 20
SHELF = 1_000_000
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


def place_orders(shop: Shop, count: int) -> list[str]:
    """So many unpaid orders of the shop; answers their codes."""
    more = [goods(shop.vendor, quantity=SHELF) for _ in range(seed.PRODUCTS_A_SHOP - 1)]
    account = BankAccount.objects.get(vendor=shop.vendor)
    seller = seed.Shop(shop.vendor, account, str(shop.feed.pk), [(shop.variant, shop.stock), *more])
    return [str(placed["code"]) for placed in seed.place_orders([seller] * count, now=clock.now())]


def growing(shop: Shop, lines: list[Entry], *, pairs: int, folder: Path) -> list[dict[str, Any]]:
    """Pairs of files of whole days that overlap, each pair reaching further than the one before, to the month's end.

    `middle` is how many lines of the first file lie before the middle of its new ones.
    """
    days = sorted({one.day for one in lines}, key=lambda day: day.split("/")[::-1])
    made, known = [], 0
    for number in range(1, pairs + 1):
        end = len(days) * number // pairs
        first, second = (
            [one for one in lines if one.day in within] for within in (set(days[:end]), set(days[end // 3 : end]))
        )
        files = [
            written(shop, part, seed_of_order=2 * number + place, folder=folder)
            for place, part in enumerate((first, second))
        ]
        made.append({"files": files, "middle": (known + len(first)) // 2})
        known = len(first)
    return made


def written(shop: Shop, lines: list[Entry], *, seed_of_order: int, folder: Path) -> str:
    """A shuffled file of these lines."""
    name = folder / f"sao-ke-{seed_of_order}.csv"
    name.write_bytes(vietcombank(shop, shuffled(lines, seed_of_order)))
    return str(name)


def main(count: int, pairs: int, wholes: int, folder: Path) -> None:
    prepare()
    today = clock.now().astimezone(clock.VIETNAM)
    shop = a_shop("Gian hàng sao kê", quantity=SHELF)
    codes = place_orders(shop, count // ORDERS_ONE_IN + 1)
    lines = [line(number, count=count, codes=codes, today=today) for number in range(count)]
    told = tell_beforehand(shop, lines)
    print(
        json.dumps(
            {
                "slug": shop.vendor.slug,
                "growing": growing(shop, lines, pairs=pairs, folder=folder),
                "whole": [written(shop, lines, seed_of_order=1_000 + n, folder=folder) for n in range(wholes)],
                "lines": len(lines),
                "told": told,
                "in_vnd": sum(one.amount_vnd for one in lines if one.amount_vnd > 0),
                "out_vnd": -sum(one.amount_vnd for one in lines if one.amount_vnd < 0),
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), Path(sys.argv[4]))
