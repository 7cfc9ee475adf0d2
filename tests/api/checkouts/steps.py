"""Steps of a checkout over GraphQL, as these tests ask for them."""

from __future__ import annotations

from typing import Any

from marketplace.api.graphql.context import issuer
from marketplace.people.models import User
from marketplace.people.tokens import issue_tokens
from tests.api.asking import ask, post
from tests.api.ids import gid
from tests.payments.factories import NOW, Shop

ERRORS = "errors { field message code variants lines addressType checkoutId }"
SHOWN = "checkout { id token basket quantity lines { id quantity variant { id } metadata { key value } } }"
CREATE = f"mutation($input: CheckoutCreateInput!) {{ checkoutCreate(input: $input) {{ {SHOWN} {ERRORS} }} }}"
ADD = f"""mutation($id: ID, $lines: [CheckoutLineInput!]!)
  {{ checkoutLinesAdd(id: $id, lines: $lines) {{ {SHOWN} {ERRORS} }} }}"""
UPDATE = f"""mutation($id: ID, $lines: [CheckoutLineUpdateInput!]!)
  {{ checkoutLinesUpdate(id: $id, lines: $lines) {{ {SHOWN} {ERRORS} }} }}"""
DELETE = f"""mutation($id: ID, $lines: [ID!]!)
  {{ checkoutLinesDelete(id: $id, linesIds: $lines) {{ {SHOWN} {ERRORS} }} }}"""
DELETE_ONE = f"""mutation($which: ID, $id: ID, $token: UUID, $line: ID)
  {{ checkoutLineDelete(checkoutId: $which, id: $id, token: $token, lineId: $line) {{ {SHOWN} {ERRORS} }} }}"""
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
