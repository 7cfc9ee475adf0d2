"""One shop with one of everything, and somebody of every kind who may ask about it over GraphQL."""

from __future__ import annotations

import re
import uuid
from typing import Any, Final

from catalog.services import create_product, declare_certificate
from marketplace.api.graphql.types.addresses import KEPT
from marketplace.core.actors import SYSTEM, Actor
from marketplace.orders.models import CheckoutLine, Order
from marketplace.orders.services.checkouts import LineWanted, create_checkout
from marketplace.orders.services.fulfilling import LineFulfilled, fulfil_order
from marketplace.orders.services.saved_addresses import AddressToKeep, keep_address
from marketplace.people.models import HelpConsent, Role, User
from marketplace.people.programs import make_app
from marketplace.people.services import give_role
from marketplace.places.models import Commune
from payments.models import ReviewItem, TransactionItem
from payments.services.granting import grant_refund
from tests.api.ids import gid
from tests.api.offices import a_person, signed_in
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_checkout, a_shop, an_order, code_of, fresh, pay
from vendors.models import Membership, Warehouse

ROLES: Final = (
    "anonymous", "customer", "other_vendor", "seller", "owner", "agent", "officer", "officer_elsewhere", "operator",
    "app",
)  # fmt: skip
"""Of the shop: its seller and owner, an agent whom its owner lets help, staff of its commune. Another vendor owns a
shop elsewhere. The customer bought the order."""
NOBODYS: Final = 987_654_321
NOBODYS_UUID: Final = uuid.UUID("0f2d3c1e-52c8-4d2c-9a55-1b6f3d7a9e04")

Headers = dict[str, str]


def people(shop: Shop, *, customer: User, elsewhere: Shop) -> dict[str, Headers]:
    """The headers of each of `ROLES`."""
    for actor in (shop.owner, shop.seller, elsewhere.owner):
        ((vendor_id, role),) = actor.vendor_roles.items()
        Membership.objects.get_or_create(vendor_id=vendor_id, user_id=actor.user_id, defaults={"role": role})
    agent = _officer(Role.Kind.AGENT, DAM_THUY)
    HelpConsent.objects.create(person_id=shop.owner.user_id, agent=agent, means="spoken", given_at=NOW)
    operator = a_person("Người vận hành")
    give_role(actor=SYSTEM, user=operator, kind=Role.Kind.OPERATOR, now=NOW)
    return {
        "anonymous": {},
        "customer": signed_in(customer),
        "other_vendor": _of(elsewhere.owner.user_id),
        "seller": _of(shop.seller.user_id),
        "owner": _of(shop.owner.user_id),
        "agent": signed_in(agent),
        "officer": signed_in(_officer(Role.Kind.COMMUNE, DAM_THUY)),
        "officer_elsewhere": signed_in(_officer(Role.Kind.COMMUNE, NENH)),
        "operator": signed_in(operator),
        "app": headers_of_app(),
    }


def headers_of_app(*permissions: str) -> Headers:
    """Those of a program with these permissions, or without any."""
    _app, token = make_app(actor=SYSTEM, name="Cửa hàng trên mạng", permissions=permissions, now=NOW)
    return {"Authorization": f"Bearer {token}"}


def _of(user_id: int | None) -> Headers:
    return signed_in(User.objects.get(pk=user_id))


def _officer(kind: str, commune: str) -> User:
    person = a_person("Cán bộ")
    give_role(actor=SYSTEM, user=person, kind=kind, commune=Commune.objects.get(pk=commune), now=NOW)
    return person


def things_of(shop: Shop, *, customer: User, words: str = "Chè bí mật") -> dict[str, str]:
    """By the name that calls have for it: the id of one thing of this shop. `words` stand in what is hidden."""
    owner, vendor = shop.owner, shop.vendor
    order = an_order(shop, quantity=2)
    Order.objects.filter(pk=order.pk).update(user=customer, note=words)
    unpaid = an_order(shop)
    pay(shop, code_of(order), order.total_vnd)
    pay(shop, words, 45_000)
    (line,) = fresh(order).lines.all()
    fulfil_order(actor=owner, order=fresh(order), lines=[LineFulfilled(line.pk, 1)], now=NOW)
    customers = create_checkout(
        actor=Actor(user_id=customer.pk),
        user=customer,
        lines=[LineWanted(variant_id=shop.variant.pk, quantity=1)],
        basket=uuid.uuid4(),
        now=NOW,
    )
    checkout = a_checkout(shop)
    address = keep_address(
        actor=Actor(user_id=customer.pk),
        given=AddressToKeep(name="Lan", phone="0912345678", street="Tổ 1", commune_code=DAM_THUY),
        now=NOW,
    )
    kinds = {"ocop_set": 11, "price_vnd": 50_000, "unit": "hũ", "quantity": 5}
    draft = create_product(actor=owner, vendor=vendor, name=words, now=NOW, **kinds)
    certificate = declare_certificate(
        actor=owner, product=draft, stars=4, decision_number="12/QĐ-UBND", issued_on=NOW.date(), issuer=words, now=NOW
    )
    return {
        "product": gid("Product", draft.pk),
        "shown": gid("Product", shop.variant.product_id),
        "variant": gid("ProductVariant", draft.variants.get().pk),
        "shown_variant": gid("ProductVariant", shop.variant.pk),
        "warehouse": gid("Warehouse", Warehouse.objects.get(vendor=vendor).pk),
        "vendor": gid("Vendor", vendor.pk),
        "certificate": gid("OcopCertificate", certificate.pk),
        "order": gid("Order", order.token),
        "unpaid": gid("Order", unpaid.token),
        "line": gid("OrderLine", line.pk),
        "transaction": gid("TransactionItem", TransactionItem.objects.get(order=order).pk),
        "checkout": gid("Checkout", checkout),
        "checkout_line": gid("CheckoutLine", CheckoutLine.objects.get(checkout_id=checkout).pk),
        "customers": gid("Checkout", customers.pk),
        "basket": str(customers.basket),
        "address": gid("Address", f"{KEPT}{address.pk}"),
        "review": gid("ReviewItem", ReviewItem.objects.get(vendor=vendor, notice__content=words).pk),
        "promise": gid(
            "OrderGrantedRefund",
            grant_refund(actor=owner, order=fresh(order), amount_vnd=1000, reason=words, now=NOW).pk,
        ),
    }


def things_of_nobody(things: dict[str, str]) -> dict[str, str]:
    """Ids of the same types that no row has."""
    by_uuid = {"order", "unpaid", "line", "transaction", "checkout", "checkout_line", "customers"}
    kinds = {
        "product": "Product", "shown": "Product", "variant": "ProductVariant", "shown_variant": "ProductVariant",
        "warehouse": "Warehouse", "vendor": "Vendor", "certificate": "OcopCertificate", "order": "Order",
        "unpaid": "Order", "line": "OrderLine", "transaction": "TransactionItem", "checkout": "Checkout",
        "checkout_line": "CheckoutLine", "customers": "Checkout", "review": "ReviewItem",
        "promise": "OrderGrantedRefund",
    }  # fmt: skip
    ids = {name: gid(kind, NOBODYS_UUID if name in by_uuid else NOBODYS) for name, kind in kinds.items()}
    return ids | {"address": gid("Address", f"{KEPT}{NOBODYS}"), "basket": str(NOBODYS_UUID)}


def filled(call: str, things: dict[str, str]) -> str:
    """A call with its `<places>` filled by ids."""
    return re.sub("<([a-z_]+)>", lambda place: f'"{things[place[1]]}"', call)


def a_market() -> tuple[Shop, Shop, User]:
    """The shop that calls are about, another one elsewhere, and a customer of the first."""
    shop = a_shop()
    return shop, a_shop("Gian hàng nơi khác", commune=NENH), a_person("Người mua")


def answer_of(content: dict[str, Any], name: str) -> Any:
    """What a root field answered; None where it was refused."""
    return (content.get("data") or {}).get(name)
