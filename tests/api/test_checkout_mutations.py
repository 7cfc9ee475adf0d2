"""What clients do with checkouts beyond a single sale: baskets, lines, owners, texts, and requests sent again."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.test import Client

from catalog.models import Product
from marketplace.api.graphql.context import issuer
from marketplace.core.actors import SYSTEM
from marketplace.core.models import JournalEvent
from marketplace.orders.models import Address, Checkout, CheckoutLine, DeliveryRate, Order, SavedAddress
from marketplace.people.models import User
from marketplace.people.programs import make_app
from marketplace.people.services import register_person
from marketplace.people.tokens import issue_tokens
from payments.models import TransactionEvent, TransactionItem
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.payments.factories import NOW, Shop, a_notice, a_shop, goods

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

ERRORS = "errors { field message code variants lines addressType checkoutId }"
SHOWN = "checkout { id token basket quantity lines { id quantity variant { id } metadata { key value } } }"
CREATE = f"mutation($input: CheckoutCreateInput!) {{ checkoutCreate(input: $input) {{ {SHOWN} {ERRORS} }} }}"
ADD = f"""mutation($id: ID, $lines: [CheckoutLineInput!]!)
  {{ checkoutLinesAdd(id: $id, lines: $lines) {{ {SHOWN} {ERRORS} }} }}"""
UPDATE = f"""mutation($id: ID, $lines: [CheckoutLineUpdateInput!]!)
  {{ checkoutLinesUpdate(id: $id, lines: $lines) {{ {SHOWN} {ERRORS} }} }}"""
DELETE = f"""mutation($id: ID, $lines: [ID!]!)
  {{ checkoutLinesDelete(id: $id, linesIds: $lines) {{ {SHOWN} {ERRORS} }} }}"""
SHIP = f"""mutation($id: ID, $address: AddressInput!, $save: Boolean, $rules: CheckoutAddressValidationRules)
  {{ checkoutShippingAddressUpdate(id: $id, shippingAddress: $address, saveAddress: $save, validationRules: $rules)
  {{ checkout {{ shippingAddress {{ city streetAddress1 }} }} {ERRORS} }} }}"""
OFFER = "mutation($id: ID!) { deliveryOptionsCalculate(id: $id) { deliveries { id } } }"
CHOOSE = """mutation($id: ID, $delivery: ID)
  { checkoutDeliveryMethodUpdate(id: $id, deliveryMethodId: $delivery) { errors { code } } }"""
COMPLETE = """mutation($id: ID, $metadata: [MetadataInput!]) { checkoutComplete(id: $id, metadata: $metadata)
  { order { id metadata { key value } } errors { field code } } }"""
BASKET = """query($token: UUID!) { marketBasket(token: $token) { token quantity
  subtotalPrice { gross { amount } } checkouts { id vendor { slug } } } }"""
PAY = """mutation($id: ID!, $key: String, $amount: PositiveDecimal, $action: TransactionFlowStrategyEnum,
  $address: String) { transactionInitialize(id: $id, idempotencyKey: $key, amount: $amount, action: $action,
  customerIpAddress: $address, paymentGateway: {id: "market40.vietqr"})
  { data transaction { id } transactionEvent { type } errors { field code } } }"""
PRIVATE = """mutation($id: ID!, $input: [MetadataInput!]!) { updatePrivateMetadata(id: $id, input: $input)
  { item { privateMetadata { key value } privateMetafield(key: "kho") privateMetafields(keys: ["kho"])
    metafield(key: "kho") metafields } errors { field code } } }"""
PUBLIC = """mutation($id: ID!, $input: [MetadataInput!]!) { updateMetadata(id: $id, input: $input)
  { item { metadata { key value } } errors { field code } } }"""
DROP = """mutation($id: ID!, $keys: [String!]!) { deleteMetadata(id: $id, keys: $keys)
  { item { metadata { key value } } errors { field code } } }"""
HOME = {
    "lastName": "Nông Thị Mơ",
    "streetAddress1": "Xóm Bản Giốc",
    "city": "Đàm Thủy",
    "countryArea": "Cao Bằng",
    "phone": "0912345678",
}
NOT_THERE = {"item": None, "errors": [{"field": "id", "code": "NOT_FOUND"}]}
NEEDS = "To access this path, you need one of the following permissions: "


@pytest.fixture
def shop(db: None) -> Shop:
    shop = a_shop()
    DeliveryRate.objects.create(vendor=shop.vendor, zone=DeliveryRate.Zone.COUNTRY, price_vnd=10_000)
    return shop


@pytest.fixture
def other(shop: Shop) -> Shop:
    return a_shop("Hộ Hạnh")


@pytest.fixture
def buyer(db: None) -> User:
    return register_person(name="Mơ", phone="0987000111", now=NOW)


def bearer(user: User | int | None) -> dict[str, str]:
    if user is None:
        return {}
    person = user if isinstance(user, User) else User.objects.get(pk=user)
    return {"Authorization": f"Bearer {issue_tokens(user=person, now=NOW, issuer=issuer()).access}"}


def one(shop: Shop, quantity: int = 1, **more: Any) -> dict[str, Any]:
    return {"variantId": gid("ProductVariant", shop.variant.pk), "quantity": quantity, **more}


def created(shop: Shop, *, user: User | None = None, **more: Any) -> dict[str, Any]:
    answer = ask(CREATE, headers=bearer(user), input={"lines": [one(shop)], **more})["checkoutCreate"]
    assert answer["errors"] == []
    checkout: dict[str, Any] = answer["checkout"]
    return checkout


def ready(shop: Shop, *, user: User | None = None, **more: Any) -> str:
    """The id of a checkout that could be ordered, to be sent home."""
    key: str = created(shop, user=user, email="mo@example.vn", shippingAddress=HOME, **more)["id"]
    ways = ask(OFFER, id=key)["deliveryOptionsCalculate"]["deliveries"]
    assert ask(CHOOSE, id=key, delivery=ways[-1]["id"])["checkoutDeliveryMethodUpdate"]["errors"] == []
    return key


def forbidden(query: str, *, user: User | int | None = None, **variables: Any) -> str:
    """The sentence that a request is refused with beside its data."""
    answer = post(query, headers=bearer(user), **variables).json()
    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    sentence: str = answer["errors"][0]["message"]
    return sentence


def test_checkouts_of_several_shops_are_one_basket_under_one_token(shop: Shop, other: Shop) -> None:
    first = created(shop)
    second = created(other, basket=first["basket"])
    again = ask(CREATE, input={"lines": [one(other, 2)], "basket": first["basket"]})["checkoutCreate"]["checkout"]
    alone = created(other)

    found = ask(BASKET, token=first["basket"])["marketBasket"]

    # Made at one moment, they come in any order.
    found["checkouts"].sort(key=lambda checkout: checkout["id"] != first["id"])
    assert found == {
        "token": first["basket"],
        "quantity": 4,
        "subtotalPrice": {"gross": {"amount": 240_000.0}},
        "checkouts": [
            {"id": first["id"], "vendor": {"slug": shop.vendor.slug}},
            {"id": second["id"], "vendor": {"slug": other.vendor.slug}},
        ],
    }
    assert (again["id"], again["quantity"]) == (second["id"], 3)
    assert len({first["basket"], alone["basket"]}) == 2
    assert ask(BASKET, token=str(uuid.uuid4()))["marketBasket"] is None
    assert forbidden_token("không phải")


def forbidden_token(text: str) -> bool:
    return post(BASKET, token=text).status_code == 400


@pytest.mark.parametrize("how", [ADD, UPDATE])
def test_goods_of_another_shop_are_sent_to_the_checkout_that_takes_them(shop: Shop, other: Shop, how: str) -> None:
    here = created(shop)
    name = "checkoutLinesAdd" if how == ADD else "checkoutLinesUpdate"
    alone = ask(how, id=here["id"], lines=[one(other)])[name]
    beside = created(other, basket=here["basket"])
    together = ask(how, id=here["id"], lines=[one(shop), one(other)])[name]

    refusal = {
        "field": "lines",
        "code": "INVALID",
        "variants": [gid("ProductVariant", other.variant.pk)],
        "lines": None,
        "addressType": None,
    }
    only = "Mỗi đơn chỉ gồm hàng của một gian hàng."
    assert (alone["checkout"], together["checkout"]) == (None, None)
    assert alone["errors"] == [
        {**refusal, "message": f"{only} Bạn tạo giỏ hàng mới cho Hộ Hạnh nhé.", "checkoutId": None}
    ]
    assert together["errors"] == [
        {
            **refusal,
            "message": f"{only} Giỏ hàng của Hộ Hạnh có rồi, bạn thêm món này vào đó nhé.",
            "checkoutId": beside["id"],
        }
    ]
    assert list(CheckoutLine.objects.order_by("made_at").values_list("quantity", flat=True)) == [1, 1]


def test_lines_are_set_to_quantities_and_what_becomes_less_is_always_taken(shop: Shop) -> None:
    checkout = created(shop)
    line, (second, _stock) = checkout["lines"][0]["id"], goods(shop.vendor, quantity=3)
    more = {"variantId": gid("ProductVariant", second.pk), "quantity": 4}
    too_many = ask(UPDATE, id=checkout["id"], lines=[{"lineId": line, "quantity": 2}, more])["checkoutLinesUpdate"]
    assert [(error["code"], error["variants"]) for error in too_many["errors"]] == [
        ("INSUFFICIENT_STOCK", [more["variantId"]])
    ]
    texts = [{"key": "lời", "value": "gói quà"}]
    changes = [{"lineId": line, "quantity": 2, "metadata": texts}, more | {"quantity": 3}]
    risen = [ask(UPDATE, id=checkout["id"], lines=changes)["checkoutLinesUpdate"]["checkout"] for _time in range(2)]
    shop.stock.quantity = 0
    shop.stock.save()

    fallen = ask(UPDATE, id=checkout["id"], lines=[{"lineId": line, "quantity": 1}])["checkoutLinesUpdate"]

    assert risen[0] == risen[1]
    assert [(one["quantity"], one["metadata"]) for one in risen[0]["lines"]] == [(2, texts), (3, [])]
    assert [one["quantity"] for one in fallen["checkout"]["lines"]] == [1, 3]


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"quantity": -1}, "quantity", "ZERO_QUANTITY"),
        ({"quantity": 1001}, "quantity", "QUANTITY_GREATER_THAN_LIMIT"),
        ({}, "quantity", "REQUIRED"),
        ({"quantity": 1, "variantId": gid("ProductVariant", 1)}, "lineId", "INVALID"),
        ({"quantity": 1, "lineId": "x"}, "lineId", "GRAPHQL_ERROR"),
        ({"quantity": 1, "lineId": gid("CheckoutLine", uuid.uuid4())}, "lineId", "GRAPHQL_ERROR"),
        ({"quantity": 1, "lineId": None, "variantId": gid("ProductVariant", 2**62)}, "variantId", "NOT_FOUND"),
        (
            {"quantity": 1, "priceOverrideReason": "rẻ"},
            "priceOverrideReason",
            "PRICE_OVERRIDE_REASON_WITHOUT_OVERRIDE",
        ),
        ({"quantity": 1, "metadata": [{"key": "", "value": ""}]}, "input", "REQUIRED"),
    ],
)
def test_a_change_that_cannot_be_leaves_all_lines_as_they_are(
    shop: Shop, change: dict[str, Any], field: str, code: str
) -> None:
    checkout = created(shop)
    line = checkout["lines"][0]["id"]

    refused = ask(UPDATE, id=checkout["id"], lines=[one(shop, 5), {"lineId": line, **change}])["checkoutLinesUpdate"]

    assert [(error["field"], error["code"]) for error in refused["errors"]] == [(field, code)]
    assert CheckoutLine.objects.get().quantity == 1


def test_prices_are_the_shops_and_a_second_line_of_a_variant_is_refused(shop: Shop) -> None:
    cheap = one(shop, price=1)

    assert forbidden(CREATE, input={"lines": [cheap]}) == f"{NEEDS}HANDLE_CHECKOUTS"
    twice = ask(CREATE, input={"lines": [one(shop, forceNewLine=True), one(shop)]})["checkoutCreate"]
    assert [(error["field"], error["code"]) for error in twice["errors"]] == [("forceNewLine", "INVALID")]
    assert not Checkout.objects.exists()


def test_lines_that_are_not_the_checkouts_are_named_and_none_is_taken_out(shop: Shop) -> None:
    checkout, stranger = created(shop), created(shop)["lines"][0]["id"]
    mine = checkout["lines"][0]["id"]

    refused = ask(DELETE, id=checkout["id"], lines=[mine, stranger])["checkoutLinesDelete"]

    assert [(error["field"], error["code"], error["lines"]) for error in refused["errors"]] == [
        ("lineId", "INVALID", [stranger])
    ]
    assert CheckoutLine.objects.count() == 2
    assert ask(DELETE, id=checkout["id"], lines=[mine])["checkoutLinesDelete"]["checkout"]["lines"] == []


def test_an_address_may_come_in_parts_until_the_order_is_placed(shop: Shop) -> None:
    key, part = ready(shop), {"lastName": "Mơ", "country": "VN"}
    strict = ask(SHIP, id=key, address=part)["checkoutShippingAddressUpdate"]["errors"]
    half = ask(SHIP, id=key, address={**part, "countryArea": "Cao Bằng"}, rules={"checkRequiredFields": False})

    kept = ask(SHIP, id=key, address=part, rules={"checkRequiredFields": False})["checkoutShippingAddressUpdate"]

    assert [(one["field"], one["code"], one["addressType"]) for one in strict] == [
        ("streetAddress1", "REQUIRED", "SHIPPING")
    ]
    assert half["checkoutShippingAddressUpdate"]["errors"][0]["field"] == "city"
    assert kept == {"checkout": {"shippingAddress": {"city": "", "streetAddress1": ""}}, "errors": []}
    assert ask(COMPLETE, id=key)["checkoutComplete"]["errors"][0]["code"] == "SHIPPING_METHOD_NOT_SET"
    assert ask(SHIP, id=key, address=HOME)["checkoutShippingAddressUpdate"]["errors"] == []
    way = ask(OFFER, id=key)["deliveryOptionsCalculate"]["deliveries"][-1]["id"]
    ask(CHOOSE, id=key, delivery=way)
    Address.objects.update(street_address_1="")
    assert ask(COMPLETE, id=key)["checkoutComplete"]["errors"] == [
        {"field": "shippingAddress", "code": "MISSING_ADDRESS_DATA"}
    ]
    assert not Order.objects.exists()


def test_a_buyer_who_signs_in_keeps_the_address_unless_they_say_no(shop: Shop, buyer: User) -> None:
    ask(COMPLETE, id=ready(shop, user=buyer, saveShippingAddress=False))
    assert not SavedAddress.objects.exists()

    for _time in range(2):
        assert ask(COMPLETE, id=ready(shop, user=buyer))["checkoutComplete"]["errors"] == []

    kept = SavedAddress.objects.get()
    assert (kept.user_id, kept.name, kept.phone, kept.street, kept.commune_id) == (
        buyer.pk,
        "Nông Thị Mơ",
        "+84912345678",
        "Xóm Bản Giốc",
        "01501",
    )
    assert JournalEvent.objects.filter(kind="address.kept").count() == 1


def test_a_full_address_book_is_no_reason_to_refuse_an_order(
    shop: Shop, buyer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("marketplace.orders.services.saved_addresses.ADDRESSES_A_PERSON_MAX", 0)

    assert ask(COMPLETE, id=ready(shop, user=buyer))["checkoutComplete"]["errors"] == []
    assert not SavedAddress.objects.exists()


def test_a_signed_in_buyers_checkout_is_open_to_whoever_knows_its_id_but_for_the_person(
    shop: Shop, buyer: User
) -> None:
    key = created(shop, user=buyer)["id"]

    added = ask(ADD, id=key, lines=[one(shop)])["checkoutLinesAdd"]

    assert added["checkout"]["quantity"] == 2
    assert forbidden("query($id: ID) { checkout(id: $id) { user { id } } }", id=key) == (
        f"{NEEDS}MANAGE_USERS, HANDLE_PAYMENTS, OWNER"
    )


def test_texts_of_the_checkout_and_its_lines_become_the_orders(shop: Shop) -> None:
    texts = [{"key": "nguồn", "value": "trang chủ"}]
    key = ready(shop, metadata=texts, languageCode="EN", lines=[one(shop, metadata=texts)])

    order = ask(COMPLETE, id=key, metadata=[{"key": "quà", "value": "có"}])["checkoutComplete"]["order"]

    placed = Order.objects.get()
    assert order["metadata"] == [*texts, {"key": "quà", "value": "có"}]
    assert (placed.language_code, placed.lines.get().metadata) == ("en", {"nguồn": "trang chủ"})


def test_private_texts_are_for_the_shops_own_programs(shop: Shop, other: Shop) -> None:
    key, texts = created(shop)["id"], [{"key": "kho", "value": "B2"}]
    asked = {"id": key, "input": texts}

    assert forbidden(PRIVATE, **asked) == f"{NEEDS}MANAGE_CHECKOUTS"
    assert ask(PRIVATE, headers=bearer(other.owner.user_id), **asked)["updatePrivateMetadata"] == NOT_THERE
    assert forbidden(CREATE, input={"lines": [one(shop)], "privateMetadata": texts}) == f"{NEEDS}MANAGE_CHECKOUTS"
    assert Checkout.objects.get().private_metadata == {}
    assert ask(PRIVATE, headers=bearer(shop.owner.user_id), **asked)["updatePrivateMetadata"] == {
        "item": {
            "privateMetadata": texts,
            "privateMetafield": "B2",
            "privateMetafields": {"kho": "B2"},
            "metafield": None,
            "metafields": {},
        },
        "errors": [],
    }
    hidden = "query($id: ID) { checkout(id: $id) { privateMetadata { key } } }"
    assert forbidden(hidden, user=other.owner.user_id, id=key) == f"{NEEDS}MANAGE_CHECKOUTS"


def test_goods_and_people_keep_texts_of_those_whose_they_are(shop: Shop, other: Shop, buyer: User) -> None:
    product, variant = gid("Product", shop.variant.product_id), gid("ProductVariant", shop.variant.pk)
    person, texts = gid("User", buyer.pk), [{"key": "mã", "value": "7"}]
    done = {"item": {"metadata": texts}, "errors": []}

    for key in (product, variant):
        for stranger in (None, buyer):
            assert forbidden(PUBLIC, user=stranger, id=key, input=texts) == f"{NEEDS}MANAGE_PRODUCTS"
        assert ask(PUBLIC, headers=bearer(other.owner.user_id), id=key, input=texts)["updateMetadata"] == NOT_THERE
        assert ask(PUBLIC, headers=bearer(shop.owner.user_id), id=key, input=texts)["updateMetadata"] == done
    absent = gid("Product", 2**40)
    assert ask(PUBLIC, headers=bearer(shop.owner.user_id), id=absent, input=texts)["updateMetadata"] == NOT_THERE
    assert forbidden(PUBLIC, user=shop.owner.user_id, id=person, input=texts) == f"{NEEDS}MANAGE_USERS"
    assert ask(PUBLIC, headers=bearer(buyer), id=person, input=texts)["updateMetadata"] == done
    assert ask(DROP, headers=bearer(buyer), id=person, keys=["mã", "khác"])["deleteMetadata"] == {
        "item": {"metadata": []},
        "errors": [],
    }


def test_lines_orders_and_hand_overs_keep_texts(shop: Shop) -> None:
    key, texts = ready(shop), [{"key": "mã", "value": "7"}]
    line = gid("CheckoutLine", CheckoutLine.objects.get().pk)
    done = {"item": {"metadata": texts}, "errors": []}

    assert ask(PUBLIC, id=line, input=texts)["updateMetadata"] == done
    order = ask(COMPLETE, id=key)["checkoutComplete"]["order"]["id"]
    assert ask(PUBLIC, id=order, input=texts)["updateMetadata"] == done
    assert ask(PUBLIC, id=gid("OrderLine", Order.objects.get().lines.get().pk), input=[])["updateMetadata"] == done
    assert forbidden(PUBLIC, id=gid("Fulfillment", 1), input=texts) == f"{NEEDS}MANAGE_ORDERS"
    for missing in (gid("Checkout", uuid.uuid4()), gid("Order", uuid.uuid4())):
        assert ask(PUBLIC, id=missing, input=texts)["updateMetadata"] == NOT_THERE


def test_a_payment_asked_for_with_a_key_is_answered_by_it_after_the_money_came(shop: Shop) -> None:
    key = ready(shop)
    first = ask(PAY, id=key, key="lần 1")["transactionInitialize"]
    again = ask(PAY, id=key, key="lần 1")["transactionInitialize"]
    notice = a_notice(shop.feed, shop.account, first["data"]["reference"], 70_000)
    paid = Client().post(
        f"/payments/notices/sepay/{shop.feed.pk}/",
        data=notice.body,
        content_type="application/json",
        headers=notice.headers,
    )
    assert paid.status_code == 200

    after = ask(PAY, id=key, key="lần 1")["transactionInitialize"]
    other_amount = ask(PAY, id=key, key="lần 1", amount=5)["transactionInitialize"]
    new_key = ask(PAY, id=key, key="lần 2")["transactionInitialize"]

    assert first == again
    assert after == {
        "data": None,
        "transaction": first["transaction"],
        "transactionEvent": {"type": "CHARGE_SUCCESS"},
        "errors": [],
    }
    assert [one["errors"][0]["code"] for one in (other_amount, new_key)] == ["UNIQUE", "INVALID"]
    assert TransactionItem.objects.get().idempotency_key == "lần 1"
    assert TransactionEvent.objects.count() == 2


def test_a_key_that_is_long_is_kept_as_its_hash_and_one_that_is_too_long_refused(shop: Shop) -> None:
    key = ready(shop)

    ask(PAY, id=key, key="a" * 512)
    refused = ask(PAY, id=key, key="a" * 513)["transactionInitialize"]["errors"]

    kept = TransactionItem.objects.get().idempotency_key
    assert len(kept or "") == 64
    assert ask(PAY, id=key, key="lần 2")["transactionInitialize"]["errors"] == []
    assert TransactionItem.objects.get().idempotency_key == kept
    assert refused == [{"field": "idempotencyKey", "code": "INVALID"}]


def test_only_the_shops_own_program_says_the_action_and_nothing_is_authorized(shop: Shop, other: Shop) -> None:
    key = ready(shop)

    for stranger in (None, other.owner.user_id):
        assert forbidden(PAY, user=stranger, id=key, action="CHARGE") == f"{NEEDS}HANDLE_PAYMENTS"
    assert not TransactionItem.objects.exists()
    mine = bearer(shop.owner.user_id)
    held = ask(PAY, headers=mine, id=key, action="AUTHORIZATION")["transactionInitialize"]
    assert held["errors"] == [{"field": "action", "code": "INVALID"}]
    assert ask(PAY, headers=mine, id=key, action="CHARGE")["transactionInitialize"]["errors"] == []
    wrong = ask(PAY, id=key, address="nhà")["transactionInitialize"]["errors"]
    assert wrong == [{"field": "customerIpAddress", "code": "INVALID"}]
    assert ask(PAY, id=key, address="2001:db8::1")["transactionInitialize"]["errors"] == []
    _app, token = make_app(actor=SYSTEM, name="Cổng ví", permissions={"HANDLE_PAYMENTS"}, now=NOW)
    by_program = ask(PAY, headers={"Authorization": f"Bearer {token}"}, id=key, action="CHARGE")
    assert by_program["transactionInitialize"]["errors"] == []


def test_alcohol_without_a_declared_age_is_refused_with_the_header_that_declares_it(shop: Shop) -> None:
    Product.objects.filter(pk=shop.variant.product_id).update(is_alcohol=True)
    wanted = {"lines": [one(shop)]}

    refused = ask(CREATE, input=wanted)["checkoutCreate"]["errors"]
    declared = ask(CREATE, headers={"X-Age-Declared": "18"}, input=wanted)["checkoutCreate"]["errors"]

    assert [(error["field"], error["message"]) for error in refused] == [
        (
            None,
            "Rượu bia chỉ bán cho người từ 18 tuổi. Người mua xác nhận tuổi rồi thì gửi kèm X-Age-Declared: 18.",
        )
    ]
    assert refused[0]["variants"] == [gid("ProductVariant", shop.variant.pk)]
    assert declared == []


GATEWAYS = """mutation($id: ID!, $amount: PositiveDecimal) { paymentGatewayInitialize(id: $id, amount: $amount)
  { gatewayConfigs { id data errors { code } } errors { field code } } }"""


def test_gateways_tell_what_an_order_still_costs_and_ask_nobody(shop: Shop) -> None:
    key = ready(shop)
    before = ask(GATEWAYS, id=key, amount=5000)["paymentGatewayInitialize"]["gatewayConfigs"]
    order = ask(COMPLETE, id=key)["checkoutComplete"]["order"]["id"]

    of_order = ask(GATEWAYS, id=order)["paymentGatewayInitialize"]["gatewayConfigs"]

    assert (before[0]["data"]["amount"], of_order[0]["data"]["amount"]) == (5000, 70_000)
    assert ask(GATEWAYS, id=key)["paymentGatewayInitialize"]["gatewayConfigs"] == of_order
    for amount in (70_001, 0.5, 0):
        refused = ask(GATEWAYS, id=order, amount=amount)["paymentGatewayInitialize"]
        assert refused == {"gatewayConfigs": None, "errors": [{"field": "amount", "code": "INVALID"}]}
    missing = ask(GATEWAYS, id=gid("Checkout", uuid.uuid4()))["paymentGatewayInitialize"]
    assert missing["errors"] == [{"field": "id", "code": "NOT_FOUND"}]
    assert not TransactionItem.objects.exists()
