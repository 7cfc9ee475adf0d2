"""Keeping a product that a Saleor has in step: what is ours is said again where it differs, what is theirs stays."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from django.db.models import F

from catalog.selectors import available_quantity
from marketplace.saleor.catalogue import things
from marketplace.saleor.catalogue.asking import Patient
from marketplace.saleor.catalogue.comparing import Differences, differences, is_shown_there
from marketplace.saleor.catalogue.facts import ProductFacts, digest
from marketplace.saleor.catalogue.making import keep_found
from marketplace.saleor.catalogue.pictures import learn_pictures
from marketplace.saleor.catalogue.refusals import (
    CHANGED_TOO_OFTEN,
    TYPE_CHANGED,
    sentence,
    sentence_of,
)
from marketplace.saleor.catalogue.shape import Shape
from marketplace.saleor.client import SaleorRefuses, TokenRefused
from marketplace.saleor.models import Installation, SaleorObject, StockThere

REPAIRS_AN_HOUR_MAX: Final = 4
"""How often what others there change of ours is put right: two programs that correct each other would never end."""
REPAIRS_S: Final = 3600


class Outcome(StrEnum):
    """What came of looking after a product."""

    SAME = "same"
    TOLD = "told"
    GONE = "gone"
    """Somebody deleted it there."""
    REFUSED = "refused"


def follow_product(
    saleor: Patient,
    installation: Installation,
    shape: Shape,
    facts: ProductFacts,
    row: SaleorObject,
    *,
    page_id: str,
    now: datetime,
) -> Outcome:
    """Ask what the product says there, take over what is Saleor's own, and say again what is ours and differs.

    Raises what asking raises, except for what Saleor refuses of this product: that is kept in the row.
    """
    told = saleor.ask("CatalogueProduct", {"id": row.saleor_id})["product"]
    if told is None:
        _gone(row)
        return Outcome.GONE
    if told["productType"]["slug"] != facts.type_slug:
        things.refused(row, str(TYPE_CHANGED))
        facts = _not_shown(facts)
    if not row.said:
        learn_pictures(installation, facts.our_id, told["media"] or [])
    is_ours_anew = row.said != digest(facts)
    _take_over(row, facts, told, shape, is_ours_anew=is_ours_anew)
    free = available_quantity([one.our_id for one in facts.variants])
    wanted = differences(shape, facts, told, page_id=page_id, may_show=not row.is_hidden_there, free=free)
    if not wanted:
        _said(row, facts, now=now)
        return Outcome.SAME
    if not is_ours_anew and not _may_repair(row, now=now):
        things.refused(row, str(CHANGED_TOO_OFTEN))
        return Outcome.REFUSED
    problem = _send(saleor, installation, row.saleor_id, wanted, free=free, now=now)
    if problem:
        things.refused(row, problem)
        return Outcome.REFUSED
    _said(row, facts, now=now)
    return Outcome.TOLD


def _gone(row: SaleorObject) -> None:
    """Staff there deleted it: that is theirs to do, and it is not made again by itself."""
    SaleorObject.objects.filter(pk=row.pk).update(saleor_id="", said="", is_hidden_there=True)


def _not_shown(facts: ProductFacts) -> ProductFacts:
    return ProductFacts(**{name: getattr(facts, name) for name in ProductFacts.__slots__} | {"is_shown": False})


def _said(row: SaleorObject, facts: ProductFacts, *, now: datetime) -> None:
    if row.problem != str(TYPE_CHANGED):
        things.said(row, digest=digest(facts), now=now)


def _take_over(
    row: SaleorObject, facts: ProductFacts, told: dict[str, Any], shape: Shape, *, is_ours_anew: bool
) -> None:
    """Whether Saleor's staff hid it: it says so where it was shown by us, nothing changed here, and it is not now.

    Hidden stays hidden until staff there show it; a product that we took off ourselves is not hidden by them.
    """
    shown = is_shown_there(told, shape.channel)
    hidden = row.is_hidden_there
    if shown:
        hidden = False
    elif shown is False and facts.is_shown and row.said and not is_ours_anew:
        hidden = True
    if hidden is not row.is_hidden_there:
        SaleorObject.objects.filter(pk=row.pk).update(is_hidden_there=hidden)
        row.is_hidden_there = hidden


def _may_repair(row: SaleorObject, *, now: datetime) -> bool:
    """Count one repair of what others changed; not more than `REPAIRS_AN_HOUR_MAX`."""
    own = SaleorObject.objects.filter(pk=row.pk)
    if row.repairs_since is None or row.repairs_since < now - timedelta(seconds=REPAIRS_S):
        own.update(repairs=1, repairs_since=now)
        return True
    return bool(own.filter(repairs__lt=REPAIRS_AN_HOUR_MAX).update(repairs=F("repairs") + 1))


def _send(
    saleor: Patient,
    installation: Installation,
    product_id: str,
    wanted: Differences,
    *,
    free: dict[int, int],
    now: datetime,
) -> str:
    """Say all that differs; the sentences for what was refused. A product is hidden first and shown last."""
    problems: list[str] = []
    hides = any(one.get("isPublished") is False for one in wanted.listing.get("updateChannels", ()))

    def say(name: str, asked: dict[str, Any]) -> None:
        try:
            answer = saleor.change(name, asked)
        except TokenRefused:
            raise
        except SaleorRefuses as error:
            problems.append(sentence(error.code, field=error.field, message=str(error)))
            return
        errors = [one for result in answer.get("results") or () for one in result["errors"] or ()]
        problems.extend([sentence_of(errors)] if errors else [])

    if wanted.listing and hides:
        say("CatalogueListingChange", {"id": product_id, "input": wanted.listing})
    if wanted.fields:
        say("CatalogueProductChange", {"id": product_id, "input": wanted.fields})
    if wanted.listing and not hides:
        say("CatalogueListingChange", {"id": product_id, "input": wanted.listing})
    if wanted.changed_variants:
        say("CatalogueVariantsChange", {"product": product_id, "variants": wanted.changed_variants})
    if wanted.new_variants:
        _expect_stock(installation, free, now=now)
        say("CatalogueVariantsMake", {"product": product_id, "variants": wanted.new_variants})
        _learn_variants(saleor, installation, product_id)
    return " ".join(dict.fromkeys(problems))


def _expect_stock(installation: Installation, free: dict[int, int], *, now: datetime) -> None:
    StockThere.objects.bulk_create(
        [
            StockThere(installation=installation, variant_id=variant_id, quantity=quantity, seen_at=now)
            for variant_id, quantity in free.items()
        ],
        ignore_conflicts=True,
    )


def _learn_variants(saleor: Patient, installation: Installation, product_id: str) -> None:
    told = saleor.ask("CatalogueProduct", {"id": product_id})["product"]
    if told is not None:
        keep_found(installation, [told])
