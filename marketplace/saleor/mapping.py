"""Which thing of ours is which thing at a Saleor."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from catalog.models import ProductVariant
from marketplace.saleor.catalogue.references import our_id_of
from marketplace.saleor.models import Installation, SaleorObject


def ours(installation: Installation, kind: SaleorObject.Kind, saleor_ids: Collection[str]) -> dict[str, str]:
    """Saleor's id -> our id, for those that are known; one statement. An empty id is none: it names nothing there."""
    rows = SaleorObject.objects.filter(installation=installation, kind=kind, saleor_id__in=saleor_ids)
    return dict(rows.exclude(saleor_id="").values_list("saleor_id", "our_id"))


def theirs(installation: Installation, kind: SaleorObject.Kind, our_ids: Collection[object]) -> dict[str, str]:
    """Our id, as text -> Saleor's id, for those that Saleor has; one statement."""
    rows = SaleorObject.objects.filter(installation=installation, kind=kind, our_id__in=[str(one) for one in our_ids])
    return dict(rows.exclude(saleor_id="").values_list("our_id", "saleor_id"))


def our_variants(
    installation: Installation, saleor_ids: Collection[str], *, called: Mapping[str, str] | None = None
) -> Mapping[str, ProductVariant]:
    """Saleor's variant id -> our variant with its product and its product's vendor and commune; two statements.

    `called` are external references by Saleor's id: a variant that was made there by a sync which died before it had
    the answer is ours already, though the mapping does not say so yet.
    """
    known = ours(installation, SaleorObject.Kind.VARIANT, saleor_ids)
    for theirs_id, told in (called or {}).items():
        our_id = our_id_of(installation.market, "variant", told)
        if our_id is not None and theirs_id in saleor_ids:
            known.setdefault(theirs_id, our_id)
    rows = ProductVariant.objects.select_related("product__vendor__commune").in_bulk(
        [int(our_id) for our_id in known.values()]
    )
    return {theirs_id: rows[int(our_id)] for theirs_id, our_id in known.items() if int(our_id) in rows}
