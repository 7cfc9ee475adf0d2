"""The requests that the documents show are sent here as they stand there, one after the other."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from graphql import OperationDefinitionNode, parse

from marketplace.orders.models import Order
from marketplace.people.models import User
from marketplace.people.services import register_person
from tests.api.asking import raw
from tests.api.offices import office
from tests.api.sellers.working import of
from tests.payments.factories import DAM_THUY, NOW, a_shop, code_of, moved, pay
from tests.payments.factories import fresh as fresh_order
from vendors.models import Membership

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

DOCUMENT = Path(__file__).parents[2] / "docs" / "graphql.md"
LINES_MAX = 90


@cache
def section() -> str:
    """The section of examples."""
    return DOCUMENT.read_text(encoding="utf-8").split("\n## Examples\n")[1].split("\n## ")[0]


def operations() -> dict[str, str]:
    """Each operation's name with the document that it stands in."""
    found = {}
    for document in re.findall(r"```graphql\n(.*?)```", section(), re.DOTALL):
        for node in parse(document).definitions:
            assert isinstance(node, OperationDefinitionNode)
            assert node.name is not None
            found[node.name.value] = document
    return found


def inputs(name: str) -> dict[str, Any]:
    """The variables that are shown for an operation."""
    shown = section().split(f"`{name}`: `")[1].split("}`")[0] + "}"
    found: dict[str, Any] = json.loads(shown)
    return found


def sent(name: str, headers: dict[str, str] | None = None, **variables: Any) -> Any:
    """What the one field of an operation answered, without any error."""
    body = {"query": operations()[name], "operationName": name, "variables": variables}
    content = raw(json.dumps(body), headers=headers).json()
    assert content.get("errors") is None, content
    (answer,) = content["data"].values()
    assert not answer.get("errors"), answer
    return answer


def test_a_newcomer_signs_in_lists_publishes_sells_hands_over_and_gives_back_as_the_documents_show() -> None:
    shop, officer = a_shop(), office("commune", DAM_THUY)
    Membership.objects.get_or_create(
        vendor=shop.vendor, user=User.objects.get(pk=shop.owner.user_id or 0), role="owner"
    )
    register_person(name="An", email="an@example.vn", password="mat-ong-bac-ha", now=NOW)
    owner = of(shop.owner)

    assert sent("SignIn", login="an@example.vn", password="mat-ong-bac-ha")["token"]

    product = sent("Begin", owner, **inputs("Begin"))["product"]["id"]
    place = sent("Places", owner)["edges"][0]["node"]["id"]
    kind = sent("AddKind", owner, product=product, warehouse=place)["productVariant"]["id"]
    assert sent("AskForReview", owner, id=product)["product"] == {"listing": "IN_REVIEW"}
    seen = sent("Look", officer, id=product)["generation"]
    assert sent("Publish", officer, id=product, seen=seen)["product"] == {"listing": "PUBLISHED"}

    wanted = inputs("Fill")
    wanted["input"]["lines"][0]["variantId"] = kind
    checkout = sent("Fill", **wanted)["checkout"]["id"]
    delivery = sent("Deliveries", id=checkout)["deliveries"][0]["id"]
    sent("Choose", id=checkout, delivery=delivery)
    order = sent("Order", id=checkout)["order"]
    payment = sent("Pay", id=order["id"])
    row = Order.objects.get(pk=order["number"])
    assert (payment["data"]["amount"], payment["data"]["currency"]) == (row.total_vnd, "VND")
    pay(shop, code_of(row), row.total_vnd)

    (line,) = order["lines"]
    handed = sent("HandOver", owner, order=order["id"], line=line["id"], warehouse=place, quantity=2)
    promised = sent("PromiseBack", owner, order=order["id"], transaction=payment["transaction"]["id"], amount=20_000)
    assert handed["order"] == {"status": "FULFILLED"}
    assert sent("GaveBack", owner, refund=promised["grantedRefund"]["id"])["grantedRefund"] == {"status": "SUCCESS"}
    assert moved(fresh_order(row))[-1] == ("refund_success", 20_000, "vendor")


def test_the_examples_are_few_and_each_one_is_sent() -> None:
    source = Path(__file__).read_text(encoding="utf-8")

    assert section().count("\n") <= LINES_MAX
    assert [name for name in operations() if f'sent("{name}"' not in source] == []
