"""Paying a shop of payOS's over GraphQL: the link's code, asked for outside the transaction that keeps the key."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from marketplace.core import clock
from marketplace.core.actors import SYSTEM
from payments.models import PaymentLink
from payments.services.feeds import close_feed
from tests.api.asking import ask
from tests.api.ids import gid
from tests.payments.banks import a_feed
from tests.payments.factories import NOW, PRICE_VND, SECRET, Shop, a_checkout, a_shop, an_order, code_of
from tests.payments.listing import an_api
from tests.payments.provider_server import Asked, ProviderServer, playing, status
from tests.plugins.database import at_once

PAY = """mutation($id: ID!, $key: String) { transactionInitialize(id: $id, idempotencyKey: $key,
  paymentGateway: {id: "market40.vietqr"}) { data transaction { id } errors { field message code } } }"""


@pytest.fixture
def provider(settings: Any) -> Iterator[ProviderServer]:
    with playing(settings, checksum_key=SECRET) as server:
        yield server


def a_payos_shop() -> Shop:
    shop = a_shop()
    close_feed(actor=SYSTEM, feed=shop.feed, now=NOW)
    an_api(a_feed(shop.vendor, ("payos", "hmac")))
    return shop


@pytest.mark.django_db
def test_the_data_of_a_payment_is_the_links(provider: ProviderServer) -> None:
    order = an_order(a_payos_shop(), now=clock.now())

    answer = ask(PAY, id=gid("Order", str(order.token)), key="k1")["transactionInitialize"]

    (link,) = provider.links.values()
    data = answer["data"]
    assert answer["errors"] == []
    assert (data["payload"], data["memo"], data["account_number"]) == (
        link["qrCode"],
        link["description"],
        link["accountNumber"],
    )
    assert (data["reference"], data["amount"], data["bank"]) == (
        code_of(order),
        PRICE_VND,
        {"bin": "970422", "short_name": "MBBank"},
    )
    assert Client().get(data["qr_svg_url"]).status_code == 200
    assert ask(PAY, id=gid("Order", str(order.token)), key="k1")["transactionInitialize"] == answer
    assert len(provider.links) == 1


@pytest.mark.django_db
def test_while_payos_is_away_a_program_is_told_so_and_may_ask_again(provider: ProviderServer) -> None:
    checkout_id = a_checkout(a_payos_shop(), now=clock.now())
    provider.broken["/v2/payment-requests"] = status(500)

    refused = ask(PAY, id=gid("Checkout", str(checkout_id)), key="k1")["transactionInitialize"]

    assert (refused["data"], [error["code"] for error in refused["errors"]]) == (None, ["INVALID"])
    code = PaymentLink.objects.get().payment_code.code
    assert Client().get(f"/payments/qr/{code}/{PRICE_VND}.svg").status_code == 503
    provider.broken.clear()
    cache.clear()
    # The one who asked before let go of the link, so nobody need wait for him.
    again = ask(PAY, id=gid("Checkout", str(checkout_id)), key="k1")["transactionInitialize"]
    assert again["errors"] == []


@pytest.mark.usefixtures("committed_db")
def test_payos_is_asked_outside_the_transaction_that_keeps_a_clients_key(provider: ProviderServer) -> None:
    """While payOS thinks, another may write to the database."""
    order = an_order(a_payos_shop(), now=clock.now())
    done: list[object] = []

    def write(_: Asked) -> None:
        done.extend(at_once([lambda: PaymentLink.objects.filter(amount_vnd=1).update(memo="x")]))

    provider.before_answer = write

    answer = ask(PAY, id=gid("Order", str(order.token)), key="k1")["transactionInitialize"]

    assert (answer["errors"], done) == ([], [0])
