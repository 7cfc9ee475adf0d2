"""The queries of Saleor's checkout and account pages, on the demo market: exact values, out of the market's rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from catalog.models import Product, ProductVariant
from catalog.pictures import Form
from catalog.selectors import available_quantity, media_of, variants_of
from marketplace.api.graphql.context import issuer
from marketplace.core.actors import SYSTEM, Actor
from marketplace.demo.cast import CAST
from marketplace.orders.models import Checkout, Order
from marketplace.orders.selectors import checkout_by_id, draft_of
from marketplace.orders.services.addresses import AddressInput
from marketplace.orders.services.checkouts import (
    LineWanted,
    choose_delivery,
    create_checkout,
    offer_deliveries,
    set_billing_address,
    set_email,
    set_shipping_address,
)
from marketplace.orders.services.fulfilling import fulfil_order
from marketplace.orders.services.placing import complete_checkout
from marketplace.orders.services.promo_codes import apply_voucher
from marketplace.orders.services.saved_addresses import AddressToKeep, keep_address
from marketplace.people.models import User
from marketplace.people.tokens import issue_tokens
from payments.services.by_hand import mark_paid_by_hand
from tests.api.asking import ask
from tests.api.contract.conftest import NOW
from tests.api.contract.documents import document
from tests.api.contract.expected import Answer, money, photo, taxed, thumbnail
from tests.api.ids import gid

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock", "demo_market")]

EMAIL = "mua@example.vn"
COMMUNE = "01273"
WANTED = 2


@pytest.fixture
def shopper(demo_market: object, db: None) -> User:
    return User.objects.get(phone=next(person.phone for person in CAST if person.role == "shopper"))


@pytest.fixture
def tea(demo_market: object, db: None) -> ProductVariant:
    return variants_of(Product.objects.get(slug="hong-tra-kolia-cao-bang"))[0]


def asked(name: str, *, user: User | None = None, **variables: Any) -> Answer:
    headers = {}
    if user is not None:
        headers = {"Authorization": f"Bearer {issue_tokens(user=user, now=NOW, issuer=issuer()).access}"}
    return ask(document(name), headers=headers, **variables)


def filled(shopper: User, tea: ProductVariant, *, minutes: int = 0) -> Checkout:
    """A checkout of the shopper's that could be ordered: two teas, sent within the province, with a voucher."""
    now = NOW + timedelta(minutes=minutes)
    actor, lines = Actor(user_id=shopper.pk), [LineWanted(tea.pk, WANTED)]
    key = create_checkout(actor=actor, user=shopper, lines=lines, now=now).pk
    home = AddressInput(
        first_name="Mơ",
        last_name="Nông Thị",
        street_address_1="Tổ 5, đường Kim Đồng",
        commune_code=COMMUNE,
        phone="0912 345 678",
    )
    set_email(checkout_id=key, email=EMAIL, now=now)
    set_shipping_address(checkout_id=key, address=home, now=now)
    set_billing_address(checkout_id=key, address=home, now=now)
    sent = next(one for one in offer_deliveries(checkout_id=key, now=now) if one.rate_id is not None)
    choose_delivery(checkout_id=key, delivery_id=sent.pk, now=now)
    apply_voucher(checkout_id=key, code="KHACHQUEN", address="", now=now)
    return checkout_by_id(key)


def ordered(shopper: User, tea: ProductVariant, *, minutes: int) -> Order:
    checkout = filled(shopper, tea, minutes=minutes)
    now = NOW + timedelta(minutes=minutes)
    return complete_checkout(checkout_id=checkout.pk, actor=Actor(user_id=shopper.pk), now=now)


def address(key: object) -> Answer:
    """The address that everything here has; which row of it, the key says."""
    return {
        "id": gid("Address", key),
        "firstName": "Mơ",
        "lastName": "Nông Thị",
        "companyName": "",
        "streetAddress1": "Tổ 5, đường Kim Đồng",
        "streetAddress2": "",
        "city": "Phường Thục Phán",
        "cityArea": "",
        "countryArea": "Tỉnh Cao Bằng",
        "postalCode": "",
        "phone": "+84912345678",
        "country": {"code": "VN", "country": "Việt Nam"},
    }


def way(name: str, price_vnd: int, *, key: object) -> Answer:
    return {
        "id": gid("ShippingMethod", key),
        "name": name,
        "active": True,
        "minimumDeliveryDays": None,
        "maximumDeliveryDays": None,
        "price": money(price_vnd),
    }


def line_of(checkout: Checkout, tea: ProductVariant, *, goods_vnd: int) -> Answer:
    """The one line of a checkout whose goods cost `goods_vnd` with the voucher."""
    (line,), (media,) = checkout.lines.all(), media_of(tea.product)
    return {
        "id": gid("CheckoutLine", line.pk),
        "quantity": WANTED,
        "unitPrice": taxed(goods_vnd // WANTED),
        "undiscountedUnitPrice": money(tea.price_vnd),
        "totalPrice": taxed(goods_vnd),
        "variant": {
            "id": gid("ProductVariant", tea.pk),
            "name": tea.unit,
            "sku": None,
            "quantityAvailable": available_quantity([tea.pk])[tea.pk],
            "pricing": {"price": taxed(tea.price_vnd), "priceUndiscounted": taxed(tea.price_vnd)},
            "media": [photo(media, 72, form=Form.JPEG)],
            "attributes": [],
            "product": {
                "id": gid("Product", tea.product.pk),
                "name": tea.product.name,
                "slug": tea.product.slug,
                "thumbnail": thumbnail(media, 128, form=Form.JPEG),
                "media": [photo(media, media.width, form=Form.JPEG)],
            },
        },
    }


def test_a_checkout_that_could_be_ordered_shows_all_of_itself_to_its_buyer(
    shopper: User, tea: ProductVariant
) -> None:
    checkout = filled(shopper, tea)
    draft = draft_of(checkout, now=NOW)
    goods_vnd = draft.subtotal_vnd - draft.discount_vnd
    assert checkout.delivery is not None

    found = asked("checkout", user=shopper, id=gid("Checkout", checkout.pk))["checkout"]

    assert draft.discount_vnd == tea.price_vnd * WANTED // 10 > 0
    assert found.pop("lines") == [line_of(checkout, tea, goods_vnd=goods_vnd)]
    assert found == {
        "id": gid("Checkout", checkout.pk),
        "email": EMAIL,
        "channel": {"id": gid("Channel", 1), "slug": "online"},
        "user": {"id": gid("User", shopper.pk), "email": shopper.email},
        "isShippingRequired": True,
        "authorizeStatus": "NONE",
        "chargeStatus": "NONE",
        "voucherCode": "KHACHQUEN",
        "discountName": "Khách quen",
        "translatedDiscountName": None,
        "discount": money(draft.discount_vnd),
        "giftCards": [],
        "billingAddress": address(checkout.billing_address_id),
        "shippingAddress": address(checkout.shipping_address_id),
        "delivery": {
            "id": gid("CheckoutDelivery", checkout.delivery_id),
            "shippingMethod": way(
                "Giao trong tỉnh, thành phố", checkout.delivery.price_vnd, key=checkout.delivery_id
            ),
        },
        "availablePaymentGateways": [
            {"id": "market40.vietqr", "name": "VietQR", "currencies": ["VND"], "config": []}
        ],
        "problems": [],
        "subtotalPrice": taxed(goods_vnd),
        "shippingPrice": taxed(checkout.delivery.price_vnd),
        "totalPrice": taxed(draft.total_vnd),
    }


def test_a_checkout_is_found_again_by_its_id(shopper: User, tea: ProductVariant) -> None:
    checkout = filled(shopper, tea)
    (line,) = checkout.lines.all()

    assert asked("CheckoutFind", id=gid("Checkout", checkout.pk))["checkout"] == {
        "id": gid("Checkout", checkout.pk),
        "email": EMAIL,
        "lines": [
            {
                "id": gid("CheckoutLine", line.pk),
                "quantity": WANTED,
                "variant": {"id": gid("ProductVariant", tea.pk), "product": {"slug": tea.product.slug}},
            }
        ],
        "totalPrice": taxed(draft_of(checkout, now=NOW).total_vnd),
    }


def row_of(order: Order, tea: ProductVariant) -> Answer:
    """An order as it stands in a list."""
    line, (media,) = order.lines.get(), media_of(tea.product)
    return {
        "id": gid("Order", order.token),
        "number": str(order.pk),
        "created": order.placed_at.isoformat(),
        "status": order.status.upper(),
        "statusDisplay": {"unconfirmed": "Chờ thanh toán", "fulfilled": "Đã giao hàng"}[order.status],
        "paymentStatus": {"none": "NOT_CHARGED", "full": "FULLY_CHARGED"}[order.charge_status],
        "isPaid": order.charged_vnd == order.total_vnd,
        "total": taxed(order.total_vnd),
        "lines": [
            {
                "id": gid("OrderLine", line.pk),
                "productName": tea.product.name,
                "variantName": tea.unit,
                "quantity": WANTED,
                "thumbnail": thumbnail(media, 256),
                "variant": {
                    "id": gid("ProductVariant", tea.pk),
                    "name": tea.unit,
                    "product": {
                        "id": gid("Product", tea.product.pk),
                        "slug": tea.product.slug,
                        "name": tea.product.name,
                    },
                },
            }
        ],
    }


def whole(order: Order, tea: ProductVariant) -> Answer:
    """An order as its own page shows it."""
    line, listed = order.lines.get(), row_of(order, tea)
    handed_over = order.fulfillments.first()
    prices = {
        "unitPrice": taxed(line.total_vnd // WANTED),
        "undiscountedUnitPrice": taxed(line.unit_price_vnd),
        "totalPrice": taxed(line.total_vnd),
    }
    return {
        **listed,
        "lines": [{**listed["lines"][0], **prices}],
        "userEmail": EMAIL,
        "authorizeStatus": {"none": "NONE", "full": "FULL"}[order.charge_status],
        "chargeStatus": order.charge_status.upper(),
        "channel": {"id": gid("Channel", 1), "slug": "online"},
        "billingAddress": address(order.billing_address_id),
        "shippingAddress": address(order.shipping_address_id),
        "shippingPrice": taxed(order.shipping_vnd),
        "subtotal": taxed(order.goods_vnd),
        "totalBalance": money(order.charged_vnd - order.total_vnd),
        "totalCaptured": money(order.charged_vnd),
        "voucher": {"code": "KHACHQUEN"},
        "discounts": [{"type": "VOUCHER", "name": "KHACHQUEN", "amount": money(order.discount_vnd)}],
        "deliveryMethod": {
            "__typename": "ShippingMethod",
            **way("Giao trong tỉnh, thành phố", order.shipping_vnd, key=order.token),
        },
        "fulfillments": [
            {
                "id": gid("Fulfillment", handed_over.pk),
                "status": "FULFILLED",
                "created": handed_over.made_at.isoformat(),
                "trackingNumber": "",
                "lines": [
                    {
                        "id": gid("FulfillmentLine", handed_over.lines.get().pk),
                        "quantity": WANTED,
                        "orderLine": {"id": gid("OrderLine", line.pk), "productName": tea.product.name},
                    }
                ],
            }
        ]
        if handed_over is not None
        else [],
    }


def test_an_order_is_read_by_whoever_knows_its_id(shopper: User, tea: ProductVariant) -> None:
    order = ordered(shopper, tea, minutes=0)

    assert asked("order", id=gid("Order", order.token))["order"] == whole(order, tea)


def test_a_person_finds_every_one_of_their_orders_whole(shopper: User, tea: ProductVariant) -> None:
    first, second = (ordered(shopper, tea, minutes=minutes) for minutes in (0, 1))
    mark_paid_by_hand(actor=SYSTEM, order=first, amount_vnd=first.total_vnd, confirmation="cash", now=NOW)
    fulfil_order(actor=SYSTEM, order=Order.objects.get(pk=first.pk), now=NOW + timedelta(hours=1))
    done = Order.objects.get(pk=first.pk)

    by_number = asked("OrderByNumber", user=shopper)["me"]["orders"]["edges"]
    listed = asked("CurrentUserOrderList", user=shopper)["me"]["orders"]["edges"]

    assert (done.status, done.charge_status) == ("fulfilled", "full")
    assert [edge["node"] for edge in by_number] == [whole(second, tea), whole(done, tea)]
    assert [edge["node"] for edge in listed] == [row_of(second, tea), row_of(done, tea)]


def test_a_persons_orders_come_in_pages(shopper: User, tea: ProductVariant) -> None:
    placed = [ordered(shopper, tea, minutes=minutes) for minutes in range(3)]

    first = asked("CurrentUserOrdersPaginated", user=shopper, first=2)["me"]["orders"]
    end = first["pageInfo"]["endCursor"]
    second = asked("CurrentUserOrdersPaginated", user=shopper, first=2, after=end)["me"]["orders"]

    assert [edge["node"] for edge in first["edges"]] == [row_of(placed[2], tea), row_of(placed[1], tea)]
    assert [edge["node"] for edge in second["edges"]] == [row_of(placed[0], tea)]
    assert (first["totalCount"], second["totalCount"]) == (3, 3)
    assert (first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (True, False)
    assert (first["pageInfo"]["hasPreviousPage"], second["pageInfo"]["hasPreviousPage"]) == (False, True)
    assert first["edges"][1]["cursor"] == end


def test_a_person_reads_themselves_and_nobody_reads_anybody(shopper: User) -> None:
    given = AddressToKeep(
        name="Nông Thị Mơ", phone="0912 345 678", street="Tổ 5, đường Kim Đồng", commune_code=COMMUNE
    )
    kept = keep_address(actor=Actor(user_id=shopper.pk), given=given, now=NOW)
    home = address(f"kept-{kept.pk}")
    person = {"id": gid("User", shopper.pk), "email": shopper.email}
    names = {"firstName": "(thử)", "lastName": "Người mua", "avatar": None}

    assert asked("CurrentUser", user=shopper)["me"] == {**person, **names}
    assert asked("CurrentUserProfile", user=shopper)["me"] == {
        **person,
        **names,
        "isActive": True,
        "isConfirmed": True,
        "dateJoined": shopper.made_at.isoformat(),
        "addresses": [home],
        "defaultShippingAddress": {"id": home["id"]},
        "defaultBillingAddress": None,
    }
    assert asked("user", user=shopper)["me"] == {
        **person,
        "addresses": [home],
        "defaultShippingAddress": home,
        "defaultBillingAddress": None,
    }
    for name in ("CurrentUser", "CurrentUserProfile", "user", "CurrentUserOrderList", "OrderByNumber"):
        assert asked(name) == {"me": None}
