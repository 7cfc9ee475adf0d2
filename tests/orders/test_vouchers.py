"""What a shop's owner does with vouchers: make, change, end; and what nobody may."""

from __future__ import annotations

import uuid
from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from marketplace.core.actors import ANONYMOUS, SYSTEM, Actor
from marketplace.core.errors import InvalidInput, NotAllowed, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from marketplace.orders.discounts import VoucherState
from marketplace.orders.models import Voucher
from marketplace.orders.selectors import voucher_for_owner, vouchers_of
from marketplace.orders.selectors.vouchers import miscounted_vouchers
from marketplace.orders.services import vouchers
from marketplace.orders.services.vouchers import (
    TooManyVouchers,
    VoucherCodeTaken,
    VoucherWrong,
    change_voucher,
    end_voucher,
    make_voucher,
)
from tests.orders.factories import NOW, a_member, a_ready_checkout, a_shop, a_variant
from tests.orders.vouching import a_voucher, apply, terms
from tests.plugins.database import count_statements
from vendors.models import Vendor

pytestmark = pytest.mark.django_db


def test_the_owner_makes_a_voucher_for_whole_days_in_vietnam(shop: Vendor) -> None:
    made = make_voucher(
        actor=a_member(shop),
        vendor=shop,
        code=" tết-2027 ",
        terms=terms(
            discount_value_type="fixed",
            discount_value=20_000,
            first_day=date(2026, 12, 1),
            last_day=date(2026, 12, 31),
            min_spent_vnd=100_000,
            usage_limit=50,
            apply_once_per_customer=True,
        ),
        now=NOW,
    )

    assert (made.code, made.discount_value_type, made.discount_value) == ("TET-2027", "fixed", 20_000)
    assert made.start_date == datetime(2026, 11, 30, 17, tzinfo=UTC)
    assert made.end_date == datetime(2026, 12, 31, 17, tzinfo=UTC)
    assert (made.min_spent_vnd, made.usage_limit, made.used, made.apply_once_per_customer) == (100_000, 50, 0, True)
    event = JournalEvent.objects.get(kind="voucher.made")
    assert event.data == {"vendor": shop.pk, "commune": shop.commune_id, "voucher": made.pk}


def test_the_same_form_twice_makes_one_voucher(shop: Vendor) -> None:
    client_id = uuid.uuid4()

    made = [
        make_voucher(actor=SYSTEM, vendor=shop, code="TET", terms=terms(), client_id=client_id, now=NOW)
        for _again in range(2)
    ]

    assert made[0] == made[1]
    assert Voucher.objects.count() == 1


def test_a_code_is_one_vouchers_in_a_shop_for_ever_and_another_shops_too(shop: Vendor) -> None:
    first = a_voucher(shop, "TET")
    end_voucher(actor=SYSTEM, vendor=shop, voucher_id=first.pk, now=NOW)

    with pytest.raises(VoucherCodeTaken) as refusal:
        a_voucher(shop, "tết")

    assert (refusal.value.code, refusal.value.field) == ("UNIQUE", "code")
    a_voucher(a_shop("che-shan"), "TET")
    assert Voucher.objects.count() == 2


@pytest.mark.parametrize("code", ["TE", "T" * 21, "GIẢM 10%", "TẾT_2027", "折扣码", "", "   ", "TET\x00"])
def test_a_code_that_cannot_be_is_refused(shop: Vendor, code: str) -> None:
    with pytest.raises((VoucherWrong, BadText)) as refusal:
        a_voucher(shop, code)

    assert refusal.value.field == "code"
    assert not Voucher.objects.exists()


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 81}, "name"),
        ({"discount_value_type": "gift"}, "discount_value_type"),
        ({"discount_value": 0}, "discount_value"),
        ({"discount_value": 101}, "discount_value"),
        ({"discount_value": 1.5}, "discount_value"),
        ({"discount_value_type": "fixed", "discount_value": 0}, "discount_value"),
        ({"discount_value_type": "fixed", "discount_value": 10**12}, "discount_value"),
        ({"min_spent_vnd": -1}, "min_spent_vnd"),
        ({"min_spent_vnd": True}, "min_spent_vnd"),
        ({"usage_limit": 0}, "usage_limit"),
        ({"usage_limit": 1_000_001}, "usage_limit"),
        ({"first_day": date(1999, 1, 1)}, "first_day"),
        ({"last_day": date(2100, 1, 1)}, "last_day"),
        ({"last_day": date(2026, 10, 31)}, "last_day"),
    ],
)
def test_terms_that_cannot_be_are_refused_at_their_field(
    shop: Vendor, changes: dict[str, object], field: str
) -> None:
    with pytest.raises(InvalidInput) as refusal:
        a_voucher(shop, **changes)

    assert refusal.value.field == field
    assert not Voucher.objects.exists()


def test_a_voucher_of_one_day_and_of_a_hundred_per_cent_can_be(shop: Vendor) -> None:
    made = a_voucher(shop, discount_value=100, last_day=date(2026, 11, 1))

    assert (made.discount_value, made.end_date) == (100, datetime(2026, 11, 1, 17, tzinfo=UTC))


def test_a_shop_has_a_bounded_number_of_vouchers(shop: Vendor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vouchers, "VOUCHERS_OF_A_SHOP_MAX", 1)
    a_voucher(shop)

    with pytest.raises(TooManyVouchers):
        a_voucher(shop, "TET")

    assert Voucher.objects.count() == 1


def test_the_terms_change_and_the_code_stays(shop: Vendor) -> None:
    made = a_voucher(shop, usage_limit=5)

    changed = change_voucher(
        actor=SYSTEM, vendor=shop, voucher_id=made.pk, terms=terms(discount_value=25, usage_limit=None), now=NOW
    )

    assert (changed.code, changed.discount_value, changed.usage_limit) == ("KHAITRUONG", 25, None)
    assert JournalEvent.objects.filter(kind="voucher.changed").count() == 1


def test_the_limit_does_not_fall_below_what_was_used(shop: Vendor) -> None:
    made = a_voucher(shop, usage_limit=5)
    Voucher.objects.update(used=3)

    with pytest.raises(VoucherWrong) as refusal:
        change_voucher(actor=SYSTEM, vendor=shop, voucher_id=made.pk, terms=terms(usage_limit=2), now=NOW)

    assert refusal.value.field == "usage_limit"
    assert Voucher.objects.get().usage_limit == 5


def test_an_ended_voucher_takes_nothing_off_and_stays_ended(shop: Vendor) -> None:
    made, checkout = a_voucher(shop), a_ready_checkout((a_variant(shop), 1))

    for _again in range(2):
        end_voucher(actor=SYSTEM, vendor=shop, voucher_id=made.pk, now=NOW)
    change_voucher(actor=SYSTEM, vendor=shop, voucher_id=made.pk, terms=terms(), now=NOW)

    assert Voucher.objects.get().ended_at == NOW
    assert JournalEvent.objects.filter(kind="voucher.ended").count() == 1
    with pytest.raises(InvalidInput, match="hết hạn"):
        apply(checkout)


def test_only_the_owner_of_the_shop_has_to_do_with_its_vouchers(shop: Vendor) -> None:
    made = a_voucher(shop)
    seller = a_member(shop, role="seller")
    stranger = a_member(a_shop("che-shan"), phone="+84987654322")

    def tries(actor: Actor, voucher_id: int = made.pk) -> list[type[Exception]]:
        calls = [
            lambda: make_voucher(actor=actor, vendor=shop, code="TET", terms=terms(), now=NOW),
            lambda: change_voucher(actor=actor, vendor=shop, voucher_id=voucher_id, terms=terms(), now=NOW),
            lambda: end_voucher(actor=actor, vendor=shop, voucher_id=voucher_id, now=NOW),
            lambda: voucher_for_owner(actor=actor, vendor=shop, voucher_id=voucher_id),
        ]
        refusals = []
        for call in calls:
            with pytest.raises((NotFound, NotAllowed)) as refusal:
                call()
            refusals.append(refusal.type)
        return refusals

    assert tries(seller) == [NotAllowed] * 4
    assert tries(stranger) == tries(ANONYMOUS) == [NotFound] * 4
    assert [row.voucher for row in vouchers_of(actor=seller, vendor=shop, now=NOW).rows] == [made]
    with pytest.raises(NotFound):
        vouchers_of(actor=stranger, vendor=shop, now=NOW)
    made.refresh_from_db()
    assert (made.ended_at, Voucher.objects.count()) == (None, 1)


def test_another_shops_voucher_is_not_there(shop: Vendor) -> None:
    other = a_voucher(a_shop("che-shan"))

    for voucher_id in (other.pk, 999_999, 0, 2**63):
        with pytest.raises(NotFound):
            end_voucher(actor=SYSTEM, vendor=shop, voucher_id=voucher_id, now=NOW)
        with pytest.raises(NotFound):
            voucher_for_owner(actor=SYSTEM, vendor=shop, voucher_id=voucher_id)


def test_the_list_is_paged_and_takes_two_statements_however_long_it_is(shop: Vendor) -> None:
    for number in range(25):
        a_voucher(shop, f"MA-{number:02}")
    a_voucher(a_shop("che-shan"))

    page = vouchers_of(actor=SYSTEM, vendor=shop, now=NOW, page=2)

    assert ([row.voucher.code for row in page.rows], page.total, page.pages) == (
        ["MA-04", "MA-03", "MA-02", "MA-01", "MA-00"],
        25,
        2,
    )
    assert {row.state for row in page.rows} == {VoucherState.RUNNING}
    assert count_statements(lambda: vouchers_of(actor=SYSTEM, vendor=shop, now=NOW)) == 2
    with pytest.raises(InvalidInput):
        vouchers_of(actor=SYSTEM, vendor=shop, now=NOW, page=0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"code": "tet"},
        {"code": ""},
        {"discount_value": 101},
        {"discount_value": 0},
        {"discount_value_type": "fixed", "discount_value": 0},
        {"discount_value_type": "gift"},
        {"min_spent_vnd": -1},
        {"usage_limit": 0},
        {"usage_limit": 1, "used": 2},
        {"end_date": datetime(2026, 10, 1, tzinfo=UTC)},
    ],
)
def test_the_database_itself_refuses_a_voucher_that_cannot_be(shop: Vendor, wrong: dict[str, object]) -> None:
    a_voucher(shop)

    with pytest.raises(IntegrityError), transaction.atomic():
        Voucher.objects.update(**wrong)


def test_a_count_that_its_orders_deny_is_found(shop: Vendor) -> None:
    made = a_voucher(shop)
    assert list(miscounted_vouchers()) == []

    Voucher.objects.update(used=2)

    assert list(miscounted_vouchers()) == [f"voucher {made.pk} says 2 uses, orders and checkouts say 0"]
