"""In which village a shop is: one of its own commune or none, and it goes along when villages are merged."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.db import IntegrityError, connection, transaction

from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.errors import InvalidInput, NotFound
from marketplace.core.models import JournalEvent
from marketplace.places.models import Commune, Village
from marketplace.places.villages import VillageEnded, add_villages
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop
from tests.payments.unguarded import take_off
from vendors.guards import VILLAGE_GUARDS
from vendors.models import Vendor
from vendors.services import register_vendor, update_vendor
from vendors.villages import (
    UnknownVillage,
    VillageHasShops,
    close_village,
    merge_village,
    set_village,
)

pytestmark = pytest.mark.django_db
STAFF = Actor(user_id=7, commune_codes=frozenset({DAM_THUY}))
ELSEWHERE = Actor(user_id=8, commune_codes=frozenset({NENH}))


def villages(names: str, code: str = DAM_THUY) -> list[Village]:
    commune = Commune.objects.get(pk=code)
    add_villages(actor=SYSTEM, commune=commune, names=names, kind="thon", now=NOW)
    return list(Village.objects.filter(commune=commune).order_by("sort_key"))


def where(shop: Shop) -> int | None:
    return Vendor.objects.get(pk=shop.vendor.pk).village_id


def in_village(shop: Shop, village: Village | None) -> None:
    set_village(actor=SYSTEM, vendor=shop.vendor, village=str(village.pk) if village else "", now=NOW)


def test_a_shop_is_opened_in_a_village_of_its_commune_or_in_none() -> None:
    shop = a_shop()
    (village,) = villages("Bản Giốc")
    (elsewhere,) = villages("Thôn Đông", NENH)
    given = {"actor": SYSTEM, "owner": None, "kind": "household", "phone": "0912345678", "now": NOW}
    given |= {"commune": shop.vendor.commune, "owner": shop.vendor.memberships.get(role="owner").user}

    opened = register_vendor(name="Hộ Lan", village=str(village.pk), **given)
    without = register_vendor(name="Hộ Mây", **given)

    assert (opened.village_id, without.village_id) == (village.pk, None)
    for wrong in (str(elsewhere.pk), "0", "-1", "x", "9" * 30, "²"):
        with pytest.raises(UnknownVillage) as refused:
            register_vendor(name="Hộ Páo", village=wrong, **given)
        assert refused.value.field == "village"
    assert not Vendor.objects.filter(name="Hộ Páo").exists()


def test_an_owner_says_where_the_shop_is_and_it_stays_verified(now: datetime) -> None:
    shop = a_shop()
    west, east = sorted(villages("Tây\nĐông"), key=lambda row: row.name)

    update_vendor(actor=shop.owner, vendor=shop.vendor, village=str(west.pk), now=now)
    assert where(shop) == west.pk
    update_vendor(actor=shop.owner, vendor=shop.vendor, story="Bán miến", now=now)
    assert where(shop) == west.pk
    with pytest.raises(UnknownVillage):
        update_vendor(actor=shop.owner, vendor=shop.vendor, village=str(east.pk + 1000), now=now)
    changed = update_vendor(actor=shop.owner, vendor=shop.vendor, village="", now=now)

    assert (where(shop), changed.may_sell) == (None, True)
    fields = JournalEvent.objects.filter(kind="vendor.changed").order_by("pk").values_list("data__fields", flat=True)
    assert list(fields) == ["village_id", "story", "village_id"]


def test_staff_of_the_commune_note_it_and_nobody_else(now: datetime) -> None:
    shop = a_shop()
    (village,) = villages("Bản Giốc")

    with pytest.raises(NotFound):
        set_village(actor=ELSEWHERE, vendor=shop.vendor, village=str(village.pk), now=now)
    assert where(shop) is None
    for _time in range(2):
        set_village(actor=STAFF, vendor=shop.vendor, village=str(village.pk), now=now)

    assert where(shop) == village.pk
    assert JournalEvent.objects.filter(kind="vendor.changed").count() == 1


def test_shops_move_along_when_villages_are_merged(now: datetime) -> None:
    kept, merged = villages("Bản Giốc\nLũng Phiắc")
    shops = [a_shop(), a_shop(), a_shop()]
    for shop, village in zip(shops, (merged, merged, kept), strict=True):
        in_village(shop, village)

    moved = merge_village(actor=STAFF, village_id=merged.pk, into_id=kept.pk, now=now)

    assert moved == 2
    assert [where(shop) for shop in shops] == [kept.pk] * 3
    merged.refresh_from_db()
    assert (merged.state, merged.merged_into_id) == ("merged", kept.pk)
    event = JournalEvent.objects.get(kind="village.merged")
    assert event.data == {"commune": DAM_THUY, "into": kept.pk, "shops": 2}
    with pytest.raises(UnknownVillage):
        set_village(actor=STAFF, vendor=shops[0].vendor, village=str(merged.pk), now=now)
    for village_id, into_id in ((merged.pk, kept.pk), (kept.pk, merged.pk)):
        with pytest.raises(VillageEnded):
            merge_village(actor=STAFF, village_id=village_id, into_id=into_id, now=now)


def test_a_merger_that_cannot_be_moves_nothing(now: datetime) -> None:
    kept, merged = villages("Bản Giốc\nLũng Phiắc")
    (elsewhere,) = villages("Thôn Đông", NENH)
    shop = a_shop()
    in_village(shop, merged)

    with pytest.raises(InvalidInput) as itself:
        merge_village(actor=STAFF, village_id=merged.pk, into_id=merged.pk, now=now)
    with pytest.raises(InvalidInput) as abroad:
        merge_village(actor=SYSTEM, village_id=merged.pk, into_id=elsewhere.pk, now=now)
    for actor, into in ((STAFF, elsewhere.pk), (ELSEWHERE, kept.pk), (STAFF, 0)):
        with pytest.raises(NotFound):
            merge_village(actor=actor, village_id=merged.pk, into_id=into, now=now)

    assert (itself.value.field, abroad.value.field) == ("into", "into")
    assert where(shop) == merged.pk
    assert not JournalEvent.objects.filter(kind="village.merged").exists()


def test_a_village_is_closed_when_no_shop_is_left_in_it(now: datetime) -> None:
    (village,) = villages("Bản Giốc")
    shop = a_shop()
    in_village(shop, village)

    with pytest.raises(VillageHasShops, match="Còn 1 gian hàng ở đây"):
        close_village(actor=STAFF, village_id=village.pk, now=now)
    with pytest.raises(NotFound):
        close_village(actor=ELSEWHERE, village_id=village.pk, now=now)
    in_village(shop, None)

    assert close_village(actor=STAFF, village_id=village.pk, now=now).state == "closed"
    with pytest.raises(VillageEnded):
        close_village(actor=STAFF, village_id=village.pk, now=now)


# What the database itself refuses


def written(sql: str, *values: object) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql, values)
    except IntegrityError:
        return False
    return True


def attempts(shop: Shop) -> list[bool]:
    """A village of elsewhere, a village that is closed, a move to another commune with the village, a village closed
    over its shops; each alone."""
    own, closed = villages("Bản Giốc\nLũng Phiắc")
    (elsewhere,) = villages("Thôn Đông", NENH)
    close_village(actor=SYSTEM, village_id=closed.pk, now=NOW)
    in_village(shop, own)
    to_village = "UPDATE vendors_vendor SET village_id = %s WHERE id = %s"
    to_commune = "UPDATE vendors_vendor SET commune_id = %s WHERE id = %s"
    close = "UPDATE places_village SET state = 'closed' WHERE id = %s"
    done = []
    for sql, values in (
        (to_village, (elsewhere.pk, shop.vendor.pk)),
        (to_village, (closed.pk, shop.vendor.pk)),
        (to_commune, (NENH, shop.vendor.pk)),
        (close, (own.pk,)),
    ):
        mark = transaction.savepoint()
        done.append(written(sql, *values))
        transaction.savepoint_rollback(mark)
    return done


def test_the_database_itself_keeps_a_shop_in_a_village_of_its_commune_that_is_in_use() -> None:
    assert attempts(a_shop()) == [False] * 4


def test_the_control_without_the_guards_all_of_it_gets_in() -> None:
    shop = a_shop()
    take_off(guard.name for guard in VILLAGE_GUARDS)

    assert attempts(shop) == [True] * 4


def test_a_shop_leaves_its_commune_only_without_its_village() -> None:
    shop = a_shop()
    (village,) = villages("Bản Giốc")
    in_village(shop, village)

    moved = "UPDATE vendors_vendor SET commune_id = %s, village_id = NULL WHERE id = %s"

    assert not written("UPDATE vendors_vendor SET commune_id = %s WHERE id = %s", NENH, shop.vendor.pk)
    assert written(moved, NENH, shop.vendor.pk)
    assert Vendor.objects.get(pk=shop.vendor.pk).village_id is None
