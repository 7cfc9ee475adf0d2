"""What clients post in the benchmark of buying: the requests of two checkouts, each made out of the answers before.

`nine` is what Saleor's storefront asks from the first thing in the basket to a placed order, a request a step, each
answered with what its pages show. `five` is the shortest way that Saleor's contract allows. No Django.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

_MONEY = "{ gross { amount currency } tax { amount currency } }"
_ADDRESS = "{ id firstName lastName streetAddress1 city countryArea postalCode phone country { code country } }"
_SHOWN = f"""id email channel {{ id slug }} voucherCode
  shippingAddress {_ADDRESS} billingAddress {_ADDRESS}
  delivery {{ id shippingMethod {{ id name price {{ amount currency }} }} }}
  lines {{ id quantity unitPrice {_MONEY} totalPrice {_MONEY}
    variant {{ id name product {{ id name slug thumbnail(size: 128) {{ url alt }} }} }} }}
  subtotalPrice {_MONEY} shippingPrice {_MONEY} totalPrice {_MONEY}"""
_ERRORS = "errors { field message code }"
_CHECKOUT = f"checkout {{ {_SHOWN} }} {_ERRORS}"
_KEY = f"checkout {{ id }} {_ERRORS}"
_GATEWAY = '{ id: "market40.vietqr" }'
_PAYMENT = f"transaction {{ id }} transactionEvent {{ type message }} data {_ERRORS}"

DOCUMENTS = {
    "checkoutCreate": f"""mutation Create($input: CheckoutCreateInput!)
  {{ checkoutCreate(input: $input) {{ {_CHECKOUT} }} }}""",
    "checkoutLinesAdd": f"""mutation Add($id: ID, $lines: [CheckoutLineInput!]!)
  {{ checkoutLinesAdd(id: $id, lines: $lines) {{ {_CHECKOUT} }} }}""",
    "checkoutEmailUpdate": f"""mutation Email($id: ID, $email: String!)
  {{ checkoutEmailUpdate(id: $id, email: $email) {{ {_CHECKOUT} }} }}""",
    "checkoutShippingAddressUpdate": f"""mutation Ship($id: ID, $address: AddressInput!)
  {{ checkoutShippingAddressUpdate(id: $id, shippingAddress: $address) {{ {_CHECKOUT} }} }}""",
    "checkoutBillingAddressUpdate": f"""mutation Bill($id: ID, $address: AddressInput!)
  {{ checkoutBillingAddressUpdate(id: $id, billingAddress: $address) {{ {_CHECKOUT} }} }}""",
    "deliveryOptionsCalculate": f"""mutation Offer($id: ID!) {{ deliveryOptionsCalculate(id: $id)
  {{ deliveries {{ id shippingMethod {{ id name price {{ amount currency }} }} }} {_ERRORS} }} }}""",
    "checkoutDeliveryMethodUpdate": f"""mutation Choose($id: ID, $delivery: ID)
  {{ checkoutDeliveryMethodUpdate(id: $id, deliveryMethodId: $delivery) {{ {_CHECKOUT} }} }}""",
    "transactionInitialize": f"""mutation Pay($id: ID!)
  {{ transactionInitialize(id: $id, paymentGateway: {_GATEWAY}) {{ {_PAYMENT} }} }}""",
    "checkoutComplete": f"""mutation Complete($id: ID)
  {{ checkoutComplete(id: $id) {{ order {{ id number status total {_MONEY} }} {_ERRORS} }} }}""",
}
SHORT = {
    "checkoutCreate": f"""mutation Create($input: CheckoutCreateInput!)
  {{ checkoutCreate(input: $input) {{ {_KEY} }} }}""",
    "checkoutDeliveryMethodUpdate": f"""mutation Choose($id: ID, $delivery: ID)
  {{ checkoutDeliveryMethodUpdate(id: $id, deliveryMethodId: $delivery) {{ {_KEY} }} }}""",
}
"""What the shortest way asks of a checkout: its id."""
ADDRESS = {
    "firstName": "Mơ",
    "lastName": "Nông Thị",
    "streetAddress1": "Tổ 5, đường Kim Đồng",
    "country": "VN",
    "phone": "0912345678",
}


@dataclass(frozen=True)
class Step:
    """A request, and how many there have been before it in its purchase."""

    name: str
    document: str
    variables: dict[str, Any]


Purchase = Generator[Step, dict[str, Any], None]
"""The steps of a purchase; each takes the payload of the answer before it by `send`."""


def nine(goods: dict[str, Any]) -> Purchase:
    """Saleor's storefront, step by step."""
    line = {"variantId": goods["variants"][0], "quantity": 1}
    first = {"channel": "online", "lines": [line]}
    key = (yield _step("checkoutCreate", input=first))["checkout"]["id"]
    yield _step("checkoutLinesAdd", id=key, lines=[{"variantId": goods["variants"][1], "quantity": 2}])
    yield _step("checkoutEmailUpdate", id=key, email="mo@example.vn")
    address = ADDRESS | goods["place"]
    yield _step("checkoutShippingAddressUpdate", id=key, address=address)
    yield _step("checkoutBillingAddressUpdate", id=key, address=address)
    offered = yield _step("deliveryOptionsCalculate", id=key)
    yield _step("checkoutDeliveryMethodUpdate", id=key, delivery=offered["deliveries"][-1]["id"])
    yield _step("transactionInitialize", id=key)
    yield _step("checkoutComplete", id=key)


def five(goods: dict[str, Any]) -> Purchase:
    """All that is known at once, then delivery, payment and the order."""
    address = ADDRESS | goods["place"]
    lines = [
        {"variantId": goods["variants"][0], "quantity": 1},
        {"variantId": goods["variants"][1], "quantity": 2},
    ]
    whole = {"channel": "online", "lines": lines, "email": "mo@example.vn"}
    whole |= {"shippingAddress": address, "billingAddress": address}
    key = (yield _step("checkoutCreate", SHORT, input=whole))["checkout"]["id"]
    offered = yield _step("deliveryOptionsCalculate", id=key)
    yield _step("checkoutDeliveryMethodUpdate", SHORT, id=key, delivery=offered["deliveries"][-1]["id"])
    yield _step("transactionInitialize", id=key)
    yield _step("checkoutComplete", id=key)


PURCHASES: dict[str, Callable[[dict[str, Any]], Purchase]] = {"nine": nine, "five": five}


def _step(name: str, documents: dict[str, str] | None = None, **variables: Any) -> Step:
    return Step(name, (documents or DOCUMENTS).get(name, DOCUMENTS[name]), variables)
