"""Steps of one sale over GraphQL, as a client written for Saleor asks for them."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.api.asking import ask
from tests.api.ids import gid
from tests.payments.factories import Shop, a_notice

CHECKOUT = """checkout { id token email quantity
  lines { id quantity variant { id } unitPrice { gross { amount } } totalPrice { gross { amount } } }
  subtotalPrice { gross { amount } } shippingPrice { gross { amount } } totalPrice { gross { amount currency } }
  shippingAddress { city countryArea country { code } phone }
  deliveryMethod { ... on ShippingMethod { name price { amount } } }
  availablePaymentGateways { id name currencies config { field } } } errors { field message code variants }"""
CREATE = f"mutation($input: CheckoutCreateInput!) {{ checkoutCreate(input: $input) {{ {CHECKOUT} }} }}"
EMAIL = f"mutation($id: ID, $email: String!) {{ checkoutEmailUpdate(id: $id, email: $email) {{ {CHECKOUT} }} }}"
SHIP = f"""mutation($id: ID, $address: AddressInput!)
  {{ checkoutShippingAddressUpdate(id: $id, shippingAddress: $address) {{ {CHECKOUT} }} }}"""
BILL = f"""mutation($id: ID, $address: AddressInput!)
  {{ checkoutBillingAddressUpdate(id: $id, billingAddress: $address) {{ {CHECKOUT} }} }}"""
OFFER = """mutation($id: ID!) { deliveryOptionsCalculate(id: $id)
  { deliveries { id shippingMethod { id name price { amount currency } } } errors { field code } } }"""
CHOOSE = f"""mutation($id: ID, $delivery: ID)
  {{ checkoutDeliveryMethodUpdate(id: $id, deliveryMethodId: $delivery) {{ {CHECKOUT} }} }}"""
PAY = """mutation($id: ID!, $amount: PositiveDecimal, $key: String) { transactionInitialize(id: $id, amount: $amount,
  idempotencyKey: $key, paymentGateway: {id: "market40.vietqr"})
  { data transaction { id pspReference chargedAmount { amount } } transactionEvent { type amount { amount } }
    errors { field message code } } }"""
PROCESS = """mutation($id: ID) { transactionProcess(id: $id) { data transactionEvent { type }
  transaction { chargedAmount { amount } order { number } } errors { code } } }"""
ORDER = """id number status isPaid chargeStatus paymentStatus paymentCode userEmail vendor { slug }
  total { gross { amount currency } } totalCharged { amount } totalBalance { amount } shippingMethodName
  shippingAddress { city } lines { productName quantity unitPrice { gross { amount } } variant { id } }"""
COMPLETE = f"""mutation($id: ID) {{ checkoutComplete(id: $id)
  {{ order {{ {ORDER} }} confirmationNeeded errors {{ field message code }} }} }}"""
ADDRESS = {
    "firstName": "Mơ",
    "lastName": "Nông Thị",
    "streetAddress1": "Xóm Bản Giốc",
    "city": "Đàm Thủy",
    "countryArea": "cao bang",
    "country": "VN",
    "phone": "0912 345 678",
}


def created(shop: Shop, *, quantity: int = 2, **more: Any) -> dict[str, Any]:
    lines = [{"variantId": gid("ProductVariant", shop.variant.pk), "quantity": quantity}]
    made: dict[str, Any] = ask(CREATE, input={"lines": lines, "channel": "online", **more})["checkoutCreate"]
    return made


def a_ready_checkout(shop: Shop) -> str:
    made = created(shop, email="mo@example.vn", shippingAddress=ADDRESS, billingAddress=ADDRESS)
    assert made["errors"] == []
    checkout_id: str = made["checkout"]["id"]
    delivery = ask(OFFER, id=checkout_id)["deliveryOptionsCalculate"]["deliveries"][-1]["id"]
    assert ask(CHOOSE, id=checkout_id, delivery=delivery)["checkoutDeliveryMethodUpdate"]["errors"] == []
    return checkout_id


def pay_with_the_bank(shop: Shop, code: str, amount_vnd: int) -> None:
    notice = a_notice(shop.feed, shop.account, code, amount_vnd)
    answer = Client().post(
        f"/payments/notices/sepay/{shop.feed.pk}/",
        data=notice.body,
        content_type="application/json",
        headers=notice.headers,
    )
    assert answer.status_code == 200
