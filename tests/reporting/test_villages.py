"""A commune's month by village: the villages and "none noted" make up the commune's own figures, to the đồng."""

from __future__ import annotations

from datetime import date

import pytest

from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.errors import NotFound
from marketplace.places.models import Village
from marketplace.places.villages import add_villages, rename_village
from marketplace.reporting.selectors import VillagePart, month_report, village_parts
from tests.plugins.database import count_statements
from tests.reporting.factories import (
    CAO_BANG,
    DAM_THUY,
    NENH,
    NOW,
    THUC_PHAN,
    TODAY,
    Sold,
    a_sale,
    a_shop,
    an_order,
    charge,
    commune,
    deliver,
    refund,
)
from vendors.models import Vendor
from vendors.villages import merge_village, set_village

pytestmark = pytest.mark.django_db
OFFICER = Actor(user_id=1, commune_codes=frozenset({DAM_THUY}))


def villages(names: str, code: str = DAM_THUY) -> dict[str, Village]:
    add_villages(actor=SYSTEM, commune=commune(code), names=names, kind="thon", now=NOW)
    return {village.name: village for village in Village.objects.filter(commune=code)}


def in_village(shop: Vendor, village: Village) -> Vendor:
    return set_village(actor=SYSTEM, vendor=shop, village=str(village.pk), now=NOW)


def parts(month: date = TODAY) -> list[VillagePart]:
    return village_parts(actor=OFFICER, commune=commune(), month=month)


def told(rows: list[VillagePart]) -> list[tuple[str, int, int, int]]:
    return [(row.name.removeprefix("Thôn "), row.registered, row.shops, row.total_vnd) for row in rows]


def require_the_parts_to_make_the_whole() -> None:
    summary, rows = month_report(actor=OFFICER, commune=commune(), month=TODAY, now=NOW).summary, parts()
    assert sum(row.registered for row in rows) == summary.shops_registered
    assert sum(row.shops for row in rows) == summary.shops_active
    assert sum(row.total_vnd for row in rows) == summary.takings.total_vnd
    assert sum(row.confirmed_vnd for row in rows) == summary.takings.confirmed_vnd
    assert sum(row.count for row in rows) == summary.takings.count


def test_the_villages_and_the_shops_without_one_make_the_whole() -> None:
    known = villages("Thôn Bản Giốc\nLũng Phiắc\nĐồng Tâm")
    seller, quiet, loose, third = a_shop(), a_shop(), a_shop(), a_shop()
    for shop, name in ((seller, "Lũng Phiắc"), (quiet, "Lũng Phiắc"), (third, "Bản Giốc")):
        in_village(shop, known[name])
    order = a_sale(seller, Sold(quantity=3))
    a_sale(seller, confirmation="cash")
    a_sale(third, confirmation="card")
    a_sale(loose)
    a_sale(seller, day=date(2026, 10, 1))
    refund(order, 20_000)
    deliver()

    assert told(parts()) == [
        ("Bản Giốc", 1, 1, 60_000),
        ("Đồng Tâm", 0, 0, 0),
        ("Lũng Phiắc", 2, 1, 220_000),
        ("", 1, 1, 60_000),
    ]
    require_the_parts_to_make_the_whole()


def test_a_shop_counts_where_it_is_today_also_after_villages_were_merged_and_renamed() -> None:
    known = villages("Thôn Bản Giốc\nLũng Phiắc")
    for name in known:
        a_sale(in_village(a_shop(), known[name]))
    kept = known["Bản Giốc"]

    merge_village(actor=SYSTEM, village_id=known["Lũng Phiắc"].pk, into_id=kept.pk, now=NOW)
    rename_village(actor=SYSTEM, village_id=kept.pk, name="Thác Lớn", kind="xom", now=NOW)

    assert told(parts()) == [("Xóm Thác Lớn", 2, 2, 120_000)]
    require_the_parts_to_make_the_whole()


def test_what_a_shop_sold_here_before_it_left_stays_with_the_commune_but_in_no_village() -> None:
    here, there = villages("Thôn Bản Giốc")["Bản Giốc"], villages("Thôn Đông", THUC_PHAN)["Đông"]
    shop = in_village(a_shop(), here)
    a_sale(shop)
    Vendor.objects.filter(pk=shop.pk).update(commune_id=THUC_PHAN, village=there)

    assert told(parts()) == [("Bản Giốc", 0, 0, 0), ("", 0, 1, 60_000)]
    require_the_parts_to_make_the_whole()


def test_without_villages_all_shops_are_in_one_part_and_without_shops_there_is_none() -> None:
    assert parts() == []

    charge(an_order(a_shop()), 60_000)
    deliver()

    assert told(parts()) == [("", 1, 1, 60_000)]
    require_the_parts_to_make_the_whole()


def test_the_province_reads_them_and_strangers_do_not() -> None:
    known = villages("Thôn Bản Giốc")
    province = Actor(province_codes=frozenset({CAO_BANG}))

    assert [row.key for row in village_parts(actor=province, commune=commune(), month=TODAY)] == [
        str(known["Bản Giốc"].pk)
    ]
    for actor in (Actor(user_id=3, commune_codes=frozenset({NENH})), Actor(user_id=4, vendor_roles={1: "owner"})):
        with pytest.raises(NotFound):
            village_parts(actor=actor, commune=commune(), month=TODAY)


def test_three_statements_whatever_the_number_of_villages_shops_and_sales() -> None:
    known = villages("\n".join(str(number) for number in range(150)))
    here = commune()

    def asked() -> list[VillagePart]:
        return village_parts(actor=OFFICER, commune=here, month=TODAY)

    few = count_statements(asked)
    for number in range(4):
        a_sale(in_village(a_shop(), known[str(number)]))

    assert count_statements(asked) == few == 3
    assert len(parts()) == 150
