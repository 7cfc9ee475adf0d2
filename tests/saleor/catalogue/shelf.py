"""What the tests of the catalogue share: a market to bring, and how it is brought without waiting."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db.models import Model

from catalog.models import Product, ProductVariant
from marketplace.core import journal
from marketplace.saleor.catalogue.pushing import push_due
from marketplace.saleor.catalogue.syncing import Synced, sync
from marketplace.saleor.identity import PERMISSIONS
from marketplace.saleor.models import Installation
from tests.catalog.factories import NOW, a_shop, on_sale
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.server import Fault, Handler, lost_answer
from tests.saleor.played.world import Thing

Wait = Callable[[float], None]


class Killed(BaseException):
    """The process dies here."""


def a_small_market() -> list[Product]:
    """Three products of two shops."""
    shop, other = a_shop(), a_shop("Hộ Nếnh", commune="07795")
    return [on_sale(shop), on_sale(shop, "Miến ngô"), on_sale(other, "Bánh đa")]


def no_wait(_seconds: float) -> None:
    """Nobody waits in a test."""


def installed_into(saleor: PlayedSaleor) -> Installation:
    """The market as an App of this Saleor too."""
    app = saleor.add_app(permissions=set(PERMISSIONS))
    return Installation.objects.create(
        api_url=saleor.api_url, app_id=app["id"], token=app["authToken"], installed_at=NOW
    )


def synced(installation: Installation, *, wait: Wait = no_wait, channel: str = "", now: datetime = NOW) -> Synced:
    """One run of `market saleor sync`."""
    installation.refresh_from_db()
    return sync(installation, clock=lambda: now, wait=wait, channel_slug=channel)


def pushed(installation: Installation, *, now: datetime = NOW) -> int:
    """The journal is delivered, and one round of the task that brings what is due."""
    journal.drain(now=now)
    installation.refresh_from_db()
    return push_due(installation, now=now, wait=no_wait)


def dies_at_call(number: int) -> Wait:
    """A wait that ends the process before its question with this number (the first has no wait before it)."""
    asked = 1

    def wait(_seconds: float) -> None:
        nonlocal asked
        asked += 1
        if asked >= number:
            raise Killed

    return wait


def as_usual(handler: Handler) -> None:
    """No fault at all."""
    handler.answer(*handler.answer_of_graphql())


def loses_answer_of_call(number: int) -> list[Fault]:
    """What was asked by the question with this number is done, and its answer is lost."""
    return [*[as_usual] * (number - 1), lost_answer]


def dies_when_waiting(seconds: float) -> None:
    """The process ends when it would wait for a Saleor that is away."""
    if seconds >= 1:
        raise Killed


def there(saleor: PlayedSaleor, row: Model) -> Thing:
    """What one of our rows is at the Saleor, found by its external reference."""
    kinds = {Product: ("Product", "product"), ProductVariant: ("ProductVariant", "variant")}
    kind, word = kinds[type(row)]  # type: ignore[index] # only these have one
    (market,) = Installation.objects.filter(api_url=saleor.api_url).values_list("market", flat=True)
    found = saleor.world.first(kind, externalReference=f"market40:{market.hex}:{word}:{row.pk}")
    assert found is not None
    return found


def page_of(saleor: PlayedSaleor, slug: str) -> Thing:
    """A shop's page there."""
    found = saleor.world.first("Page", slug=f"gian-hang-{slug}")
    assert found is not None
    return found


def values(saleor: PlayedSaleor, thing: Thing) -> dict[str, Any]:
    """The values of a thing's attributes by slug: text, reference, yes or no, or name; None without one."""
    return {saleor.world.things[one]["slug"]: _value(told) for one, told in thing["values"].items()}


def sell(variant: Thing, quantity: int) -> None:
    """An order there takes so many: they are allocated."""
    variant["stocks"][0]["quantityAllocated"] += quantity


def send(variant: Thing, quantity: int) -> None:
    """So many of what was sold there are handed over."""
    variant["stocks"][0]["quantityAllocated"] -= quantity
    variant["stocks"][0]["quantity"] -= quantity


def _value(told: list[Thing]) -> Any:
    if not told:
        return None
    first = told[0]
    for key in ("boolean", "plainText", "reference"):
        if first[key] is not None:
            return first[key]
    return first["name"]


def counts(saleor: PlayedSaleor) -> dict[str, int]:
    """How many things of each kind of a catalogue are there."""
    kinds = ("Attribute", "PageType", "ProductType", "Category", "Page", "Product", "ProductVariant", "ProductMedia")
    return {kind: len(saleor.world.kinds[kind]) for kind in kinds}


def paragraphs(document: str) -> list[str]:
    """The texts of a description there."""
    return [block["data"]["text"] for block in json.loads(document)["blocks"]]
