"""Which thing of ours is which thing at a Saleor."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from catalog.models import ProductVariant
from marketplace.saleor.models import Installation, SaleorObject


def ours(installation: Installation, kind: SaleorObject.Kind, saleor_ids: Collection[str]) -> dict[str, str]:
    """Saleor's id -> our id, for those that are known; one statement. An empty id is none: it names nothing there."""
    rows = SaleorObject.objects.filter(installation=installation, kind=kind, saleor_id__in=saleor_ids)
    return dict(rows.exclude(saleor_id="").values_list("saleor_id", "our_id"))


def theirs(installation: Installation, kind: SaleorObject.Kind, our_ids: Collection[object]) -> dict[str, str]:
    """Our id, as text -> Saleor's id, for those that Saleor has; one statement."""
    rows = SaleorObject.objects.filter(installation=installation, kind=kind, our_id__in=[str(one) for one in our_ids])
    return dict(rows.exclude(saleor_id="").values_list("our_id", "saleor_id"))


def our_variants(installation: Installation, saleor_ids: Collection[str]) -> Mapping[str, ProductVariant]:
    """Saleor's variant id -> our variant with its product and its product's vendor and commune; two statements."""
    known = ours(installation, SaleorObject.Kind.VARIANT, saleor_ids)
    rows = ProductVariant.objects.select_related("product__vendor__commune").in_bulk(
        [int(our_id) for our_id in known.values()]
    )
    return {theirs_id: rows[int(our_id)] for theirs_id, our_id in known.items() if int(our_id) in rows}
