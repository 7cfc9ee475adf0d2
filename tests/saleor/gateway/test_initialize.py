"""A shopper at a Saleor begins to pay by VietQR."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from marketplace.orders.models import Order, PaymentCode
from marketplace.saleor.models import Installation, SaleorPart, SaleorTransaction
from payments.vietqr.reader import read_vietqr
from tests.payments.factories import NOW, Shop, fresh, pay, waiting
from tests.saleor.gateway import validity
from tests.saleor.gateway.telling import a_checkout, a_line, a_shop_at, an_order, gid, hear, initialize, orders

LATER = NOW + timedelta(minutes=10)


def references(answer: dict[str, Any]) -> list[str]:
    return [code["reference"] for code in answer["data"]["codes"]]


def test_one_vendors_checkout_is_answered_one_code_for_all_of_it(installed: Installation, shop: Shop) -> None:
    # given a checkout of two packets at 60,000 with 20,000 for the delivery
    source = a_checkout(a_line(shop, 2), shipping_vnd=20_000)

    answer = validity.session(initialize(installed, source))

    order = Order.objects.get()
    code = PaymentCode.objects.get(order=order)
    data = answer["data"]
    assert (answer["result"], answer["amount"], answer["pspReference"]) == (
        "CHARGE_ACTION_REQUIRED",
        140_000,
        code.code,
    )
    assert (data["type"], data["reference"], data["amount"], data["currency"]) == (
        "vietqr",
        code.code,
        140_000,
        "VND",
    )
    assert (data["account_number"], data["account_name"]) == (shop.account, "HTX BAN GIOC")
    assert data["bank"] == {"bin": "970436", "short_name": "Vietcombank"}
    assert (data["state"], data["outstanding"], data["charged"]) == ("waiting", 140_000, 0)
    assert data["expires_at"] == "2026-11-22T10:30:00+07:00"
    assert data["qr_svg_url"].endswith(f"/payments/qr/{code.code}/140000.svg")
    assert read_vietqr(data["payload"]).amount == 140_000
    [only] = data["codes"]
    assert only["vendor"] == {"slug": shop.vendor.slug, "name": shop.vendor.name}
    assert {key: only[key] for key in ("payload", "reference", "amount")} == {
        key: data[key] for key in ("payload", "reference", "amount")
    }


def test_the_order_of_ours_says_what_the_saleor_sold_and_to_whom(installed: Installation, shop: Shop) -> None:
    source = a_checkout(a_line(shop, 2, total_vnd=110_000), shipping_vnd=20_000, language="EN_US")

    initialize(installed, source)

    order = Order.objects.select_related("shipping_address__commune").get()
    line = order.lines.get()
    assert (order.origin, order.channel, order.email, order.phone) == (
        "saleor",
        "online",
        "lan@example.vn",
        "+84987654321",
    )
    assert (order.subtotal_vnd, order.discount_vnd, order.shipping_vnd, order.total_vnd) == (
        120_000,
        10_000,
        20_000,
        130_000,
    )
    assert (order.language_code, order.delivery_name) == ("en", "Giao tận nhà")
    assert (line.product_name, line.variant_name, line.quantity, line.total_vnd) == (
        "Miến dong Cao Bằng",
        "500 g",
        2,
        110_000,
    )
    address = order.shipping_address
    assert address is not None
    assert address.commune is not None
    assert (address.street_address_1, address.commune.name) == ("Xóm Bản Giốc", "Xã Đàm Thủy")
    part = SaleorPart.objects.get()
    assert part.lines == {str(line.pk): source["lines"][0]["id"]}


def test_two_vendors_get_a_code_each_and_their_amounts_add_up_to_the_dong(
    installed: Installation, shop: Shop, other: Shop
) -> None:
    # given 60,000 and 45,000 of goods, 10,001 for the delivery, and 7,777 taken off the whole
    source = a_checkout(a_line(shop), a_line(other), shipping_vnd=10_001, total_vnd=107_224)

    answer = validity.session(initialize(installed, source))

    assert answer["amount"] == 107_224
    codes = answer["data"]["codes"]
    assert [code["vendor"]["name"] for code in codes] == [shop.vendor.name, other.vendor.name]
    assert [code["amount"] for code in codes] == [61_270, 45_954]
    assert sum(code["amount"] for code in codes) == 107_224
    assert answer["data"]["reference"] == codes[0]["reference"]
    assert orders() == [(shop.vendor.name, 61_270, "unconfirmed"), (other.vendor.name, 45_954, "unconfirmed")]
    assert SaleorPart.objects.filter(transaction=SaleorTransaction.objects.get()).count() == 2


def test_the_same_event_again_is_answered_the_same_codes(installed: Installation, shop: Shop, other: Shop) -> None:
    source, transaction = a_checkout(a_line(shop), a_line(other)), gid("TransactionItem")
    first = initialize(installed, source, transaction_id=transaction)

    again = initialize(installed, source, transaction_id=transaction)

    assert again == first
    assert len(orders()) == 2


def test_a_second_tab_is_shown_the_same_codes_under_its_own_transaction(installed: Installation, shop: Shop) -> None:
    source = a_checkout(a_line(shop))
    first = initialize(installed, source)

    second = initialize(installed, source, now=LATER)

    assert references(second) == references(first)
    assert len(orders()) == 1
    assert SaleorTransaction.objects.count() == 2
    # and the code lives its whole time again
    assert second["data"]["expires_at"] == "2026-11-22T10:40:00+07:00"


def test_an_expired_code_lives_again_when_the_same_checkout_is_paid_anew(installed: Installation, shop: Shop) -> None:
    source = a_checkout(a_line(shop))
    first = initialize(installed, source)
    Order.objects.update(status="expired", expires_at=None, ended_at=NOW)

    again = initialize(installed, source, now=LATER)

    assert references(again) == references(first)
    assert orders() == [(shop.vendor.name, 60_000, "unconfirmed")]


def test_a_changed_checkout_replaces_the_unpaid_part_and_leaves_the_other_alone(
    installed: Installation, shop: Shop, other: Shop
) -> None:
    checkout = gid("Checkout")
    first = initialize(installed, a_checkout(a_line(shop), a_line(other), checkout_id=checkout))

    second = initialize(installed, a_checkout(a_line(shop, 3), a_line(other), checkout_id=checkout))

    assert references(second)[1] == references(first)[1]
    assert references(second)[0] != references(first)[0]
    assert orders() == [
        (shop.vendor.name, 60_000, "canceled"),
        (other.vendor.name, 45_000, "unconfirmed"),
        (shop.vendor.name, 180_000, "unconfirmed"),
    ]
    assert list(SaleorPart.objects.order_by("pk").values_list("is_replaced", flat=True)) == [True, False, False]


def test_a_vendor_that_left_the_checkout_is_asked_for_nothing_more(
    installed: Installation, shop: Shop, other: Shop
) -> None:
    checkout = gid("Checkout")
    initialize(installed, a_checkout(a_line(shop), a_line(other), checkout_id=checkout))

    answer = initialize(installed, a_checkout(a_line(other), checkout_id=checkout))

    assert [code["amount"] for code in answer["data"]["codes"]] == [45_000]
    assert orders()[0] == (shop.vendor.name, 60_000, "canceled")


def test_money_for_a_replaced_code_waits_for_its_vendor(installed: Installation, shop: Shop) -> None:
    checkout = gid("Checkout")
    first = initialize(installed, a_checkout(a_line(shop), checkout_id=checkout))
    initialize(installed, a_checkout(a_line(shop, 2), checkout_id=checkout))

    notice = pay(shop, first["data"]["reference"])

    assert (notice.state, waiting(shop)) == ("review", [("unmatched", 60_000)])


def test_money_for_an_expired_part_is_booked_and_makes_it_wanted_again(installed: Installation, shop: Shop) -> None:
    # given an expired part that a changed checkout replaced
    checkout = gid("Checkout")
    first = initialize(installed, a_checkout(a_line(shop), checkout_id=checkout))
    Order.objects.update(status="expired", expires_at=None, ended_at=NOW)
    initialize(installed, a_checkout(a_line(shop, 2), checkout_id=checkout))

    pay(shop, first["data"]["reference"])
    hear()

    part = SaleorPart.objects.order_by("pk").first()
    assert part is not None
    assert (part.is_replaced, part.order.charge_status) == (False, "full")
    assert part.transaction is not None
    assert [report.amount_vnd for report in part.transaction.reports.all()] == [60_000]


def test_a_part_of_one_vendors_sale_may_be_paid(installed: Installation, shop: Shop) -> None:
    answer = initialize(installed, a_checkout(a_line(shop)), amount=25_000.0)

    assert (answer["amount"], answer["data"]["amount"], answer["data"]["outstanding"]) == (25_000, 25_000, 60_000)
    assert orders() == [(shop.vendor.name, 60_000, "unconfirmed")]


def test_the_rest_is_asked_for_under_the_same_code_once_a_part_came(installed: Installation, shop: Shop) -> None:
    source = a_checkout(a_line(shop))
    first = initialize(installed, source)
    pay(shop, first["data"]["reference"], 25_000)

    # when the Saleor, which heard of the part, asks for the rest by a new transaction
    rest = validity.session(initialize(installed, source, amount=35_000.0))

    assert (references(rest), rest["amount"], rest["data"]["state"]) == (references(first), 35_000, "partial")
    # and one that heard of nothing yet is not asked for more than is owed
    assert initialize(installed, source)["amount"] == 35_000
    assert len(orders()) == 1


def test_several_vendors_are_paid_all_at_once(installed: Installation, shop: Shop, other: Shop) -> None:
    answer = validity.session(initialize(installed, a_checkout(a_line(shop), a_line(other)), amount=50_000.0))

    assert (answer["result"], answer["message"]) == (
        "CHARGE_FAILURE",
        "Đơn có nhiều gian hàng thì trả đủ một lần, mỗi gian hàng một mã.",
    )


def test_a_vendor_that_was_paid_shows_no_code_beside_one_that_was_not(
    installed: Installation, shop: Shop, other: Shop
) -> None:
    source = a_checkout(a_line(shop), a_line(other))
    first = initialize(installed, source)
    pay(shop, references(first)[0])

    answer = validity.session(initialize(installed, source, amount=45_000.0))

    data = answer["data"]
    assert (answer["amount"], data["reference"], data["state"]) == (45_000, references(first)[1], "partial")
    assert [(code["state"], "payload" in code) for code in data["codes"]] == [("paid", False), ("waiting", True)]


def test_a_paid_checkout_is_not_asked_for_again(installed: Installation, shop: Shop) -> None:
    source = a_checkout(a_line(shop))
    pay(shop, initialize(installed, source)["data"]["reference"])

    answer = validity.session(initialize(installed, source))

    assert (answer["result"], answer["data"]["exception"]) == ("CHARGE_FAILURE", "ALREADY_PAID")
    assert len(orders()) == 1


def test_a_checkout_that_changed_after_money_came_is_left_to_its_vendor(installed: Installation, shop: Shop) -> None:
    checkout = gid("Checkout")
    pay(shop, initialize(installed, a_checkout(a_line(shop), checkout_id=checkout))["data"]["reference"])

    answer = validity.session(initialize(installed, a_checkout(a_line(shop, 2), checkout_id=checkout)))

    assert answer["result"] == "CHARGE_FAILURE"
    assert answer["message"] == "Đã có tiền chuyển cho đơn này trước khi đơn đổi. Bạn liên hệ gian hàng giúp nhé."
    assert orders() == [(shop.vendor.name, 60_000, "unfulfilled")]


def test_an_order_that_was_a_checkout_keeps_its_code(installed: Installation, shop: Shop) -> None:
    checkout, line = gid("Checkout"), a_line(shop)
    first = initialize(installed, a_checkout(line, checkout_id=checkout))

    answer = initialize(installed, an_order(line, checkout_id=checkout))

    assert references(answer) == references(first)
    assert len(orders()) == 1


def test_an_order_of_the_saleor_is_paid_like_a_checkout(installed: Installation, shop: Shop) -> None:
    source = an_order(a_line(shop), number="41")

    answer = validity.session(initialize(installed, source))

    row = SaleorTransaction.objects.get()
    assert answer["amount"] == 60_000
    assert (row.source, row.source_id, row.saleor_order_id, row.saleor_order_number) == (
        "order",
        source["id"],
        source["id"],
        "41",
    )
    assert SaleorPart.objects.get().saleor_order_id == source["id"]


def test_an_order_that_came_unpaid_is_paid_as_it_is(installed: Installation, shop: Shop) -> None:
    # given an order of ours that was made from the Saleor's order, without a transaction
    source = an_order(a_line(shop))
    initialize(installed, source)
    SaleorPart.objects.update(transaction=None)
    Order.objects.update(expires_at=None)

    answer = initialize(installed, source)

    assert len(orders()) == 1
    assert SaleorPart.objects.get().transaction == SaleorTransaction.objects.order_by("-pk").first()
    assert answer["data"]["expires_at"] is None


def test_a_words_place_that_is_none_of_ours_is_kept_as_it_was_said(installed: Installation, shop: Shop) -> None:
    source = a_checkout(a_line(shop))
    source["shippingAddress"]["city"] = "HUYỆN TRÙNG KHÁNH"

    initialize(installed, source)

    address = Order.objects.get().shipping_address
    assert address is not None
    assert (address.commune, address.street_address_2) == (None, "HUYỆN TRÙNG KHÁNH, Tỉnh Cao Bằng")


def test_a_sale_is_an_order_of_its_vendor_like_any_other(installed: Installation, shop: Shop) -> None:
    reference = initialize(installed, a_checkout(a_line(shop)))["data"]["reference"]

    assert pay(shop, reference).state == "booked"

    order = Order.objects.get()
    assert (fresh(order).charge_status, fresh(order).status) == ("full", "unfulfilled")


def test_a_shop_of_another_saleor_is_not_mixed_up(installed: Installation) -> None:
    # given goods of ours that this Saleor does not have
    stranger = a_shop_at(installed)
    installed.objects_there.all().delete()

    assert initialize(installed, a_checkout(a_line(stranger)))["result"] == "CHARGE_FAILURE"
