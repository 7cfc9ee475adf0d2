"""Packing: after the money, before the road."""

import uuid

import pytest
from django.db import IntegrityError, transaction

from marketplace.core.actors import ANONYMOUS
from marketplace.core.errors import NotFound
from marketplace.core.models import JournalEvent
from marketplace.orders.errors import CannotFulfil
from marketplace.orders.models import Order
from marketplace.orders.selectors import Stage, orders_for_slips, orders_of_vendor, stage_counts
from marketplace.orders.services.fulfilling import LineFulfilled, fulfil_order
from marketplace.orders.services.packing import pack_order, unpack_order
from tests.orders.factories import NOW, a_member, a_paid_order, a_shop, a_variant, an_order

pytestmark = pytest.mark.django_db


def said() -> list[str]:
    events = JournalEvent.objects.filter(kind__in=["order.packed", "order.unpacked"])
    return list(events.order_by("pk").values_list("kind", flat=True))


def test_a_paid_order_is_packed_once_and_can_be_unpacked() -> None:
    vendor = a_shop()
    order, member = a_paid_order((a_variant(vendor), 1)), a_member(vendor)

    pack_order(actor=member, order=order, now=NOW)
    pack_order(actor=member, order=order, now=NOW)
    order.refresh_from_db()
    assert (order.status, order.packed_at) == ("unfulfilled", NOW)
    unpack_order(actor=member, order=order, now=NOW)

    order.refresh_from_db()
    assert order.packed_at is None
    assert said() == ["order.packed", "order.unpacked"]


def test_a_form_that_comes_late_again_does_not_pack_what_was_unpacked() -> None:
    vendor = a_shop()
    order, member, client_id = a_paid_order((a_variant(vendor), 1)), a_member(vendor), uuid.uuid4()
    pack_order(actor=member, order=order, now=NOW, client_id=client_id)
    unpack_order(actor=member, order=order, now=NOW, client_id=uuid.uuid4())

    pack_order(actor=member, order=order, now=NOW, client_id=client_id)

    assert Order.objects.get().packed_at is None


def test_what_is_unpaid_or_handed_over_or_a_stranger_s_is_not_packed() -> None:
    vendor = a_shop()
    variant = a_variant(vendor)
    unpaid, done, paid = an_order((variant, 1)), a_paid_order((variant, 1)), a_paid_order((variant, 1))
    member = a_member(vendor)
    fulfil_order(actor=member, order=done, now=NOW)

    for order, code in ((unpaid, "CANNOT_FULFILL_UNPAID_ORDER"), (done, "INVALID")):
        with pytest.raises(CannotFulfil) as refusal:
            pack_order(actor=member, order=order, now=NOW)
        assert refusal.value.code == code
    with pytest.raises(NotFound):
        pack_order(actor=ANONYMOUS, order=paid, now=NOW)

    assert not Order.objects.filter(packed_at__isnull=False).exists()
    assert said() == []


def test_the_database_knows_that_nothing_unpaid_is_packed() -> None:
    order = an_order((a_variant(a_shop()), 1))

    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(packed_at=NOW)


def test_after_a_part_has_left_the_rest_is_packed_anew() -> None:
    vendor = a_shop()
    order, member = a_paid_order((a_variant(vendor), 3)), a_member(vendor)
    pack_order(actor=member, order=order, now=NOW)

    fulfil_order(actor=member, order=order, lines=[LineFulfilled(order.lines.get().pk, 1)], now=NOW)
    assert stage_counts(actor=member, vendor=vendor) == {Stage.TO_PACK: 1, Stage.PACKED: 0}
    pack_order(actor=member, order=order, now=NOW)
    fulfil_order(actor=member, order=order, now=NOW)

    order.refresh_from_db()
    assert (order.status, order.packed_at) == ("fulfilled", NOW)
    assert stage_counts(actor=member, vendor=vendor) == {Stage.TO_PACK: 0, Stage.PACKED: 0}


def test_the_desk_lists_what_waits_longest_first_and_prints_its_slips() -> None:
    vendor, other = a_shop(), a_shop("hang-xom")
    variant = a_variant(vendor)
    first, packed, last = (a_paid_order((variant, 1)) for _ in range(3))
    an_order((variant, 1))
    foreign = a_paid_order((a_variant(other), 1))
    member = a_member(vendor)
    pack_order(actor=member, order=packed, now=NOW)

    listed = orders_of_vendor(actor=member, vendor=vendor, stage=Stage.TO_PACK).orders

    assert list(listed) == [first, last]
    assert orders_for_slips(actor=member, vendor=vendor) == [first, last]
    assert orders_for_slips(actor=member, vendor=vendor, stage=Stage.PACKED) == [packed]
    assert orders_for_slips(actor=member, vendor=vendor, only=[packed.pk, foreign.pk, 2**70]) == [packed]
    for stranger in (ANONYMOUS, a_member(other, phone="+84987654399")):
        with pytest.raises(NotFound):
            orders_for_slips(actor=stranger, vendor=vendor)
        with pytest.raises(NotFound):
            stage_counts(actor=stranger, vendor=vendor)
