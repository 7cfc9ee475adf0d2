"""Run as a program: a shop, its unpaid orders, a month's statement, and overlapping shuffled files of it.

Arguments: how many lines, how many pairs of files, and the folder for the files. Prints what a test needs as JSON.
The orders are rows of one, two or three goods as the services leave them behind: made through the services they took
longer than the storm.
"""

from __future__ import annotations

import json
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path

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


def main(count: int, pairs: int, folder: Path) -> None:
    prepare()
    today = clock.now().astimezone(clock.VIETNAM)
    shop = a_shop("Gian hàng sao kê", quantity=SHELF)
    codes = place_orders(shop, count // ORDERS_ONE_IN + 1)
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
