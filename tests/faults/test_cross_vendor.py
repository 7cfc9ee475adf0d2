"""Ten thousand random tries of people elsewhere on one shop's things, over GraphQL and by the pages: no leak.

A try names, place by place, the shop's own things, those of the asker's shop, or nobody's, so that half of a request
may be rightly the asker's. Nothing that only the shop's people may read comes back, and none of its rows changes.
"""

from __future__ import annotations

import hashlib
import json
import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db.models import Model
from django.test import Client
from django.urls import URLPattern

from catalog.models import ListingDraft, OcopCertificate, Product, ProductMedia, ProductVariant, Stock
from marketplace.api.graphql.rates import rates
from marketplace.core.actors import SYSTEM, Actor
from marketplace.orders.models import Fulfillment, Order, OrderLine, Voucher
from marketplace.places.models import Commune
from marketplace.places.services import create_market_site
from payments.models import BankNotice, Feed, GrantedRefund, ReviewItem, TransactionEvent
from tests.api.asking import URL
from tests.api.authorization.calls import GUARDED, MUTATIONS, QUERIES
from tests.api.authorization.people import Headers, filled, people, things_of, things_of_nobody
from tests.api.authorization.rooms import MUTATION_ROOMS
from tests.payments.factories import DAM_THUY, NENH, NOW, Shop, a_shop
from tests.storefront.rooms import GET
from tests.storefront.things import address_of, named_patterns, one_of_everything
from tests.storefront.working import a_person, an_agent, an_officer, browser_of, owner_at, seller_at
from vendors.models import BankAccount, Membership, ShopDocument, Vendor, Warehouse

pytestmark = [pytest.mark.faults, pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

TRIES = 10_000
TRIES_OF_THE_CONTROL = 300
BLOCK = 100
SEED = 20_261_127
SECRET = "zqx bí mật"
PHONE = "+84911222333"
ANYBODYS = {name for letters, names in MUTATION_ROOMS.items() if letters.startswith("o") for name in names.split()}
"""Mutations by a secret that the asker has in hand, such as a checkout's id: what they do is no leak."""
CALLS = {name: call for name, call in MUTATIONS.items() if name not in ANYBODYS}
READS = {**{name: call for name, call in QUERIES.items() if name not in {"checkout", "order"}}}
READS |= {name: call for name, call in GUARDED.items() if not name.startswith("Checkout")}
ROWS: tuple[tuple[type[Model], str], ...] = (
    (Vendor, "pk"), (Membership, "vendor"), (BankAccount, "vendor"), (Warehouse, "vendor"), (ShopDocument, "vendor"),
    (Feed, "vendor"), (Product, "vendor"), (ProductVariant, "vendor"), (Stock, "variant__vendor"),
    (ProductMedia, "product__vendor"), (OcopCertificate, "product__vendor"), (ListingDraft, "vendor"),
    (Voucher, "vendor"), (Order, "vendor"), (OrderLine, "order__vendor"), (Fulfillment, "order__vendor"),
    (BankNotice, "vendor"), (ReviewItem, "vendor"), (GrantedRefund, "order__vendor"), (TransactionEvent, "vendor"),
)  # fmt: skip
FORM: Mapping[str, str] = {
    "amount": "1000", "confirmation": "vendor", "kind": "other", "method": "cash", "name": "Trà", "number": "1",
    "price": "9000", "quantity": "1", "reason": "Chưa đúng đâu", "resolution": "Tiền riêng", "text": "Chào bạn",
    "unit": "hũ",
}  # fmt: skip


@dataclass
class Stage:
    """The shop that is tried, and who tries with what."""

    shop: Shop
    askers: list[Headers]
    browsers: list[Client]
    ids: tuple[dict[str, str], ...]
    places: tuple[dict[str, object], ...]
    patterns: dict[str, list[URLPattern]] = field(default_factory=dict)


@pytest.fixture
def still_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """The faces read the clock at the tests' own moment, so that nothing expires while the years pass."""
    monkeypatch.setattr("marketplace.core.clock.now", lambda: NOW)


@pytest.fixture
def stage(db: None) -> Stage:
    commune = Commune.objects.get(pk=DAM_THUY)
    site = create_market_site(
        actor=SYSTEM, commune=commune, kind="market", slug="cho-dam-thuy", name="Chợ Đàm Thủy", now=NOW
    )
    elsewhere, shop, customer = a_shop("Gian hàng nơi khác", commune=NENH), a_shop(site=site), a_person("Người mua")
    other_customer = a_person("Người mua khác")
    browsers = [
        owner_at(elsewhere),
        seller_at(elsewhere),
        browser_of(an_officer(NENH).pk),
        browser_of(an_agent(NENH).pk),
    ]
    seller_at(shop)
    own_places = one_of_everything(elsewhere, buyer=other_customer) | {"slug of market_site": "cho-dam-thuy"}
    places = one_of_everything(shop, buyer=customer)
    Product.objects.update(listing=Product.Listing.PUBLISHED)  # also those that a photo took back to review
    own_ids = things_of(elsewhere, customer=other_customer, words="hàng của mình")
    ids = things_of(shop, customer=customer, words=SECRET)
    Order.objects.filter(vendor=shop.vendor).update(note=SECRET, phone=PHONE)
    ShopDocument.objects.filter(vendor=shop.vendor).update(number=SECRET)
    ListingDraft.objects.filter(vendor=shop.vendor).update(said={"name": SECRET})
    headers = people(shop, customer=customer, elsewhere=elsewhere)
    tried_by = ("anonymous", "other_vendor", "officer_elsewhere")
    open_to_guests = {name for letters, names in GET.items() if letters.startswith("o") for name in names.split()}
    patterns = {
        "get": [one for one in named_patterns() if one.name not in open_to_guests],
        "post": [one for one in named_patterns() if one.name not in open_to_guests],
    }
    return Stage(
        shop,
        [headers[name] for name in tried_by],
        browsers,
        (ids, ids, own_ids, things_of_nobody(ids)),
        (places, places, own_places),
        patterns,
    )


def fingerprint(vendor: Vendor) -> str:
    """What the shop's rows hold, in short."""
    held = hashlib.sha256()
    for model, path in ROWS:
        rows = model._default_manager.filter(**{path: vendor.pk}).order_by("pk").values_list()
        held.update(repr(list(rows)).encode())
    return held.hexdigest()


def try_graphql(stage: Stage, draw: random.Random) -> tuple[str, str]:
    """One try over GraphQL: what was tried, and what came back."""
    kind, calls = draw.choice([("mutation", CALLS), ("mutation", CALLS), ("query", READS)])
    name = draw.choice(sorted(calls))
    mixed = {place: draw.choice(stage.ids)[place] for place in stage.ids[0]}
    document = f"{kind} {{ {filled(calls[name], mixed)} }}"
    body = json.dumps({"query": document})
    answer = Client().post(URL, data=body, content_type="application/json", headers=draw.choice(stage.askers))
    assert answer.status_code == 200, (document, answer.content)
    return document, answer.content.decode()


def try_page(stage: Stage, draw: random.Random) -> tuple[str, str]:
    """One try by a page: what was tried, and what came back, its headers too."""
    method = draw.choice(["get", "post"])
    pattern = draw.choice(stage.patterns[method])
    mixed = {place: draw.choice(stage.places)[place] for place in stage.places[0]}
    address, browser = address_of(pattern, mixed), draw.choice(stage.browsers)
    if method == "get":
        answer = browser.get(address)
    else:
        form = {**FORM, "order": str(mixed["order_id"]), "client_id": str(uuid.uuid4())}
        answer = browser.post(address, form)
    assert answer.status_code < 500, (method, address)
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return f"{method} {address}", content.decode("utf-8", "replace") + str(answer.headers)


def leaks(stage: Stage, *, tries: int, seed: int, stop_at_first: bool = False) -> list[str]:
    """What was tried where a secret came back or a row of the shop changed; a block of tries for the latter."""
    draw, found = random.Random(seed), []
    before = fingerprint(stage.shop.vendor)
    for number in range(tries):
        if number % BLOCK == 0:
            rates.forget()
        tried, told = draw.choice([try_graphql, try_graphql, try_page])(stage, draw)
        if SECRET in told or PHONE in told or "0911 222 333" in told:
            found.append(tried)
        if number % BLOCK == BLOCK - 1 or number == tries - 1:
            after = fingerprint(stage.shop.vendor)
            if after != before:
                found.append(f"a change up to {tried}")
            before = after
        if found and stop_at_first:
            break
    return found


def test_no_try_from_elsewhere_reads_or_changes_what_a_shop_has(
    stage: Stage, scaled: Callable[[int], int], record_property: Callable[[str, Any], None]
) -> None:
    tries = scaled(TRIES)

    found = leaks(stage, tries=tries, seed=SEED)

    record_property("tries", tries)
    assert found == []


def test_control_without_the_guard_a_leak_is_found(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Actor, "may_sell_for", lambda _actor, _vendor_id: True)

    assert leaks(stage, tries=TRIES_OF_THE_CONTROL, seed=SEED, stop_at_first=True) != []
