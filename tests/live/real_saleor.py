"""A running Saleor, asked as its staff and as a shopper."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, TypeVar

import requests

ANSWER_S_MAX: Final = 60
WAIT_S_MAX: Final = 90
"""Celery and the market's outbox both take their time."""
CHANNEL: Final = "vnd"
OUR_APP: Final = "market40.vietqr"
OUR_GOODS: Final = "market40:"
ZONE: Final = "Việt Nam"
ADDRESS: Final = {
    "firstName": "Lan",
    "lastName": "Nguyễn",
    "streetAddress1": "12 Trần Phú",
    "city": "Hà Nội",
    "countryArea": "Hà Nội",
    "country": "VN",
    "phone": "+84912345678",
}
SALE = """
  fragment Sale on Order {
    id number status chargeStatus totalCharged { amount } totalRefunded { amount } total { gross { amount } }
    lines { id productName quantity quantityFulfilled }
    transactions { id chargedAmount { amount } events { type pspReference amount { amount } } }
  }
"""


Seen = TypeVar("Seen")


def until(look: Callable[[], Seen], *, is_so: Callable[[Seen], bool], what: str) -> Seen:
    """Look again and again until it is so; what was seen. Raises `AssertionError` after `WAIT_S_MAX`."""
    ends = time.monotonic() + WAIT_S_MAX
    while True:
        seen = look()
        if is_so(seen):
            return seen
        assert time.monotonic() < ends, f"{what}: {seen}"
        time.sleep(1)


class RealSaleor:
    """One Saleor at `api_url`, with the right of its staff."""

    def __init__(self, api_url: str, *, email: str, password: str) -> None:
        self.api_url = api_url
        self._login = {"email": email, "password": password}

    def token(self) -> str:
        """A token of its staff; they last five minutes."""
        answer = self.ask(
            "mutation($email: String!, $password: String!) "
            "{ tokenCreate(email: $email, password: $password) { token errors { message } } }",
            self._login,
        )
        return str(answer["tokenCreate"]["token"])

    def ask(self, document: str, variables: Mapping[str, Any] | None = None, *, token: str = "") -> dict[str, Any]:
        """The data of any document; fails with Saleor's own words."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = requests.post(
            self.api_url,
            json={"query": document, "variables": variables or {}},
            headers=headers,
            timeout=ANSWER_S_MAX,
        ).json()
        assert "errors" not in answer, answer["errors"]
        data: dict[str, Any] = answer["data"]
        return data

    def do(self, mutation: str, arguments: Mapping[str, tuple[str, Any]], answer: str, *, staff: bool) -> Any:
        """One mutation with typed arguments ({name: (type, value)}); its payload, which has no error."""
        heads = ", ".join(f"${name}: {kind}" for name, (kind, _value) in arguments.items())
        passed = ", ".join(f"{name}: ${name}" for name in arguments)
        document = f"mutation({heads}) {{ {mutation}({passed}) {{ {answer} errors {{ field message code }} }} }}"
        values = {name: value for name, (_kind, value) in arguments.items()}
        payload = self.ask(document, values, token=self.token() if staff else "")[mutation]
        assert payload["errors"] == [], payload["errors"]
        return payload

    def prepare(self) -> None:
        """A channel in đồng that charges, a warehouse and a price of delivery; what is there already stays."""
        seen = self.ask("{ channels { slug currencyCode } }", token=self.token())
        if any(channel["slug"] == CHANNEL for channel in seen["channels"]):
            return
        place = {key: ADDRESS[key] for key in ("streetAddress1", "city", "countryArea", "country")}
        warehouse = self._made("createWarehouse", "WarehouseCreateInput", "warehouse", name="Kho", address=place)
        channel = self._made(
            "channelCreate",
            "ChannelCreateInput",
            "channel",
            name=ZONE,
            slug=CHANNEL,
            currencyCode="VND",
            defaultCountry="VN",
            isActive=True,
            addWarehouses=[warehouse],
            paymentSettings={"defaultTransactionFlowStrategy": "CHARGE"},
        )
        zone = self._made(
            "shippingZoneCreate",
            "ShippingZoneCreateInput",
            "shippingZone",
            name=ZONE,
            countries=["VN"],
            addWarehouses=[warehouse],
            addChannels=[channel],
        )
        method = self._made(
            "shippingPriceCreate",
            "ShippingPriceInput",
            "shippingMethod",
            name="Giao hàng",
            type="PRICE",
            shippingZone=zone,
        )
        listed = {"addChannels": [{"channelId": channel, "price": "20000"}]}
        self.do(
            "shippingMethodChannelListingUpdate",
            {"id": ("ID!", method), "input": ("ShippingMethodChannelListingInput!", listed)},
            "shippingMethod { id }",
            staff=True,
        )

    def forget_app(self) -> None:
        """Delete the App that an earlier run left: a Saleor installs one of a kind."""
        seen = self.ask("{ apps(first: 100) { edges { node { id identifier manifestUrl } } } }", token=self.token())
        for app in (edge["node"] for edge in seen["apps"]["edges"]):
            if app["identifier"] == OUR_APP and str(app["manifestUrl"]).startswith("http://127.0.0.1:"):
                self.do("appDelete", {"id": ("ID!", app["id"])}, "app { id }", staff=True)

    def forget_goods(self) -> None:
        """Delete the goods that markets of earlier runs left: each run's market is another one (decision 0049)."""
        while True:
            seen = self.ask(
                "{ products(first: 100) { edges { node { id externalReference } } } }", token=self.token()
            )
            nodes = [edge["node"] for edge in seen["products"]["edges"]]
            left = [node["id"] for node in nodes if str(node["externalReference"]).startswith(OUR_GOODS)]
            if not left:
                return
            self.do("productBulkDelete", {"ids": ("[ID!]!", left)}, "count", staff=True)

    def _made(self, mutation: str, kind: str, thing: str, **fields: Any) -> str:
        payload = self.do(mutation, {"input": (f"{kind}!", fields)}, f"{thing} {{ id }}", staff=True)
        return str(payload[thing]["id"])

    def goods(self) -> list[dict[str, Any]]:
        """What is sold in the channel: the kind, its price in đồng, what is left, and its shop's Page."""
        seen = self.ask(
            "query($channel: String!) { products(first: 100, channel: $channel) { edges { node { name "
            "variants { id quantityAvailable pricing { price { gross { amount } } } } "
            "attributes { attribute { slug } values { name reference } } } } } }",
            {"channel": CHANNEL},
        )
        found = []
        for node in (edge["node"] for edge in seen["products"]["edges"]):
            shops = [
                value for one in node["attributes"] if one["attribute"]["slug"] == "vendor" for value in one["values"]
            ]
            for variant in node["variants"]:
                if shops and variant["quantityAvailable"] >= 3:
                    price = round(variant["pricing"]["price"]["gross"]["amount"])
                    found.append(
                        {"id": variant["id"], "name": node["name"], "price": price, "shop": shops[0]["name"]}
                    )
        return found

    def checkout(self, lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
        """A shopper's checkout that is ready to be paid: lines, e-mail, both addresses and a delivery."""
        given = {
            "channel": CHANNEL,
            "email": "lan@example.vn",
            "languageCode": "VI",
            "lines": [{"variantId": line["id"], "quantity": line["quantity"]} for line in lines],
            "shippingAddress": ADDRESS,
            "billingAddress": ADDRESS,
        }
        made = self.do("checkoutCreate", {"input": ("CheckoutCreateInput!", given)}, "checkout { id }", staff=False)
        checkout = str(made["checkout"]["id"])
        offered = self.do("deliveryOptionsCalculate", {"id": ("ID!", checkout)}, "deliveries { id }", staff=False)
        chosen = {"id": ("ID", checkout), "deliveryMethodId": ("ID", offered["deliveries"][0]["id"])}
        answer = "checkout { id totalPrice { gross { amount } } }"
        checked: dict[str, Any] = self.do("checkoutDeliveryMethodUpdate", chosen, answer, staff=False)["checkout"]
        return checked

    def initialize(self, source_id: str) -> dict[str, Any]:
        """`transactionInitialize` with our gateway: the transaction, its event, and our data."""
        answer: dict[str, Any] = self.do(
            "transactionInitialize",
            {"id": ("ID!", source_id), "paymentGateway": ("PaymentGatewayToInitialize!", {"id": "market40.vietqr"})},
            "transaction { id } transactionEvent { type message } data",
            staff=False,
        )
        return answer

    def process(self, transaction_id: str) -> dict[str, Any]:
        """`transactionProcess`: what became of it."""
        answer: dict[str, Any] = self.do(
            "transactionProcess",
            {"id": ("ID", transaction_id)},
            "transactionEvent { type message } data",
            staff=False,
        )
        return answer

    def charge_status(self, checkout_id: str) -> str:
        """The checkout's charge status, as its staff sees it."""
        seen = self.ask(
            "query($id: ID!) { checkout(id: $id) { chargeStatus } }", {"id": checkout_id}, token=self.token()
        )
        return str(seen["checkout"]["chargeStatus"])

    def complete(self, checkout_id: str) -> dict[str, Any]:
        """`checkoutComplete`, and the order it became as staff sees it."""
        made = self.do("checkoutComplete", {"id": ("ID", checkout_id)}, "order { id }", staff=False)
        return self.order(str(made["order"]["id"]))

    def order(self, order_id: str) -> dict[str, Any]:
        """The order, its lines, and its transactions with their events."""
        seen = self.ask(SALE + "query($id: ID!) { order(id: $id) { ...Sale } }", {"id": order_id}, token=self.token())
        order: dict[str, Any] = seen["order"]
        return order

    def transaction(self, transaction_id: str) -> dict[str, Any]:
        """The transaction's sums and events."""
        seen = self.ask(
            "query($id: ID!) { transaction(id: $id) { id chargedAmount { amount } refundedAmount { amount } "
            "chargePendingAmount { amount } refundPendingAmount { amount } "
            "events { type pspReference amount { amount } } } }",
            {"id": transaction_id},
            token=self.token(),
        )
        found: dict[str, Any] = seen["transaction"]
        return found

    def request(self, transaction_id: str, action: str, *, amount_vnd: int | None = None) -> None:
        """Ask for a refund, a charge or a cancelation, as its staff does in the Dashboard."""
        given: dict[str, tuple[str, Any]] = {
            "id": ("ID", transaction_id),
            "actionType": ("TransactionActionEnum!", action),
        }
        if amount_vnd is not None:
            given["amount"] = ("PositiveDecimal", amount_vnd)
        self.do("transactionRequestAction", given, "transaction { id }", staff=True)
