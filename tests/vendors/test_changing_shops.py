"""A shop changes what it says of itself: what that does to its verification, its goods and its places."""

from datetime import datetime
from typing import Any

import pytest

from catalog.models import Product
from catalog.search import search_products
from marketplace.core import journal
from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.clock import vietnam_date
from marketplace.core.errors import InvalidInput, NotAllowed, NotFound
from marketplace.core.models import JournalEvent
from marketplace.people.services import give_role, register_person
from tests.payments.factories import DAM_THUY, NOW, Shop, a_shop
from vendors.models import Vendor, Warehouse
from vendors.selectors import vendors_to_verify
from vendors.services import refuse_vendor, update_vendor, verify_vendor

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Shop:
    """A shop that staff verified."""
    shop = a_shop()
    refuse_vendor(actor=SYSTEM, vendor=shop.vendor, reason="Thiếu giấy.", now=NOW)
    Vendor.objects.filter(pk=shop.vendor.pk).update(
        verification="declared", refusal_reason="", alcohol_licence_number="12/GP-SCT"
    )
    officer = register_person(name="Cán bộ", phone="0987654321", now=NOW)
    give_role(actor=SYSTEM, user=officer, kind="commune", commune=shop.vendor.commune, now=NOW)
    staff = Actor(user_id=officer.pk, commune_codes=frozenset({DAM_THUY}))
    verify_vendor(actor=staff, vendor=shop.vendor, now=NOW)
    return shop


def change(shop: Shop, **particulars: str) -> Vendor:
    return update_vendor(actor=shop.owner, vendor=shop.vendor, now=NOW, **particulars)


def kept(shop: Shop) -> dict[str, Any]:
    return dict(Vendor.objects.filter(pk=shop.vendor.pk).values().get())


def changes(shop: Shop) -> list[str]:
    events = JournalEvent.objects.filter(kind="vendor.changed", aggregate_id=str(shop.vendor.pk)).order_by("pk")
    return [event.data["fields"] for event in events]


def sell_alcohol(shop: Shop, *, reviewed_at: datetime | None = None) -> None:
    Product.objects.filter(pk=shop.variant.product_id).update(is_alcohol=True, reviewed_at=reviewed_at)


def found(words: str) -> int:
    return len(search_products(text=words, today=vietnam_date(NOW), age_declared=False).cards)


def listing(shop: Shop) -> str:
    return Product.objects.get(pk=shop.variant.product_id).listing


def test_phone_address_story_and_stall_are_no_identity(shop: Shop) -> None:
    saved = change(shop, phone="0987 654 322", address_line="Xóm Bản Giốc", story="Bán từ 2019.", stall_label="Sạp 3")

    assert saved.may_sell
    assert (saved.phone, saved.address_line) == ("+84987654322", "Xóm Bản Giốc")
    assert (saved.story, saved.stall_label) == ("Bán từ 2019.", "Sạp 3")
    assert changes(shop) == ["address_line phone stall_label story"]


@pytest.mark.parametrize("other", [{"name": "Hợp tác xã Trùng Khánh"}, {"registration_number": "4800123456"}])
def test_another_name_or_number_waits_for_the_commune_again(shop: Shop, other: dict[str, str]) -> None:
    saved = change(shop, **other)

    assert saved.verification == "declared"
    assert (saved.verified_at, saved.verified_by_id) == (None, None)
    assert [vendor.pk for vendor in vendors_to_verify(actor=SYSTEM)] == [saved.pk]
    assert JournalEvent.objects.filter(kind="vendor.declared").count() == 1


def test_a_renamed_shop_keeps_its_address_on_the_market(shop: Shop) -> None:
    saved = change(shop, name="  Hợp tác xã Trùng Khánh ")

    assert saved.name == "Hợp tác xã Trùng Khánh"
    assert saved.slug == shop.vendor.slug
    assert saved.folded == "hop tac xa trung khanh"
    assert Warehouse.objects.get(vendor=saved).name == "Hợp tác xã Trùng Khánh"


def test_a_place_that_has_a_name_of_its_own_keeps_it(shop: Shop) -> None:
    Warehouse.objects.filter(vendor=shop.vendor).update(name="Kho ngoài chợ")

    change(shop, name="Hợp tác xã Trùng Khánh")

    assert Warehouse.objects.get(vendor=shop.vendor).name == "Kho ngoài chợ"


def test_the_goods_of_a_renamed_shop_are_found_by_its_new_name(shop: Shop) -> None:
    change(shop, name="Hợp tác xã Trùng Khánh")
    Vendor.objects.filter(pk=shop.vendor.pk).update(verification="vneid")
    assert found("trung khanh") == 0  # control: not before the event is delivered

    journal.drain(now=NOW)

    assert found("trung khanh") == 1
    assert found("ban gioc") == 0


def test_saving_what_is_already_so_changes_and_records_nothing(shop: Shop) -> None:
    before = kept(shop)

    change(shop, name=shop.vendor.name, phone="0912 345 678", registration_number="")

    assert kept(shop) == before
    assert changes(shop) == []


def test_a_shop_that_was_sent_back_is_on_the_officers_list_again_whatever_was_saved(shop: Shop) -> None:
    refuse_vendor(actor=SYSTEM, vendor=shop.vendor, reason="Chưa có căn cước.", now=NOW)
    assert vendors_to_verify(actor=SYSTEM) == []

    saved = change(shop)

    assert (saved.verification, saved.refusal_reason) == ("declared", "")
    assert [vendor.pk for vendor in vendors_to_verify(actor=SYSTEM)] == [saved.pk]


def test_a_new_licence_leaves_the_shop_open_and_sends_its_alcohol_back_to_review(shop: Shop) -> None:
    sell_alcohol(shop)

    saved = change(shop, alcohol_licence_number="99/GP-SCT")
    journal.drain(now=NOW)

    assert saved.may_sell
    assert changes(shop) == ["alcohol_licence_number"]
    assert listing(shop) == "rejected"


def test_other_goods_and_other_changes_leave_the_shelf_as_it_is(shop: Shop) -> None:
    change(shop, alcohol_licence_number="99/GP-SCT")
    journal.drain(now=NOW)
    assert listing(shop) == "published"
    sell_alcohol(shop)

    change(shop, story="Rượu ngô men lá.")
    journal.drain(now=NOW)

    assert listing(shop) == "published"


def test_alcohol_that_staff_looked_at_after_the_change_stays_on_sale(shop: Shop) -> None:
    change(shop, alcohol_licence_number="99/GP-SCT")
    sell_alcohol(shop, reviewed_at=NOW.replace(minute=5))

    journal.drain(now=NOW)

    assert listing(shop) == "published"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 161},
        {"phone": ""},
        {"phone": "123"},
        {"address_line": "\x00"},
        {"registration_number": "9" * 41},
        {"alcohol_licence_number": "9" * 61},
        {"story": "x" * 4001},
        {"stall_label": "x" * 41},
    ],
)
def test_a_particular_that_cannot_be_is_refused_and_nothing_is_changed(shop: Shop, wrong: dict[str, str]) -> None:
    before = kept(shop)

    with pytest.raises(InvalidInput) as refusal:
        change(shop, **{"story": "Mới"} | wrong)

    assert refusal.value.field == next(iter(wrong))
    assert kept(shop) == before
    assert changes(shop) == []


def test_only_its_owner_changes_a_shop(shop: Shop) -> None:
    before = kept(shop)
    staff = Actor(user_id=shop.owner.user_id, commune_codes=frozenset({DAM_THUY}))

    for actor, refusal in ((shop.seller, NotAllowed), (ANONYMOUS, NotFound), (staff, NotFound)):
        with pytest.raises(refusal):
            update_vendor(actor=actor, vendor=shop.vendor, story="Khác", now=NOW)

    assert kept(shop) == before
