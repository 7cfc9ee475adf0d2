"""Which thing there is which thing here, where one of the two names nothing."""

from __future__ import annotations

from marketplace.saleor.mapping import our_variants, ours
from marketplace.saleor.models import Installation, SaleorObject
from tests.payments.factories import a_shop


def test_a_variant_that_was_deleted_there_is_not_the_one_that_was_not_made_yet(installed: Installation) -> None:
    # given goods of ours that the Saleor did not make yet, and a line there whose variant is gone
    variant = a_shop().variant
    kind = SaleorObject.Kind.VARIANT
    SaleorObject.objects.create(installation=installed, kind=kind, our_id=str(variant.pk), saleor_id="")

    assert ours(installed, kind, {""}) == {}
    assert our_variants(installed, {""}) == {}
