"""What a file of goods would do to a shop: which products are new, which are changed, which stay, which cannot be."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

from catalog.imports.reading import GoodsRead, KindRead
from catalog.models import Product, ProductVariant
from catalog.search.words import folded_words
from vendors.models import Vendor


class Action(StrEnum):
    """What is done with one product of a file."""

    ADD = "add"
    CHANGE = "change"
    SKIP = "skip"
    ERROR = "error"


@dataclass
class Step:
    """One product of a file and what is done with it; `words` say why it is passed over or refused."""

    row: int
    name: str
    action: str
    words: list[str] = field(default_factory=list)
    goods: dict[str, Any] = field(default_factory=dict)
    """The fields of `GoodsRead`, for what is added or changed."""
    product_id: int | None = None

    @property
    def kinds(self) -> list[KindRead]:
        """Its sizes and kinds."""
        return [KindRead(**kind) for kind in self.goods.get("kinds", [])]


def plan_of(vendor: Vendor, read: Sequence[GoodsRead]) -> list[Step]:
    """The steps for what was read, in its order; three statements, however long the file is.

    A row names a variant of the shop by the market's own number or by the shop's code: then price, words and count
    of it are changed. A product whose name the shop has already stays, so that a file brought twice adds nothing.
    """
    known = _known(vendor, read)
    names = dict(Product.objects.filter(vendor=vendor).values_list("folded_name", "pk"))
    seen: dict[str, int] = {}
    return [_step(goods, known, names, seen) for goods in read]


@dataclass(frozen=True)
class _Known:
    """The variants of the shop that the file names, by number and by code. Other shops' codes are no matter."""

    by_id: dict[int, ProductVariant]
    by_sku: dict[str, ProductVariant]


def _known(vendor: Vendor, read: Iterable[GoodsRead]) -> _Known:
    kinds = [kind for goods in read for kind in goods.kinds]
    ids = {kind.variant_id for kind in kinds if kind.variant_id is not None}
    skus = {kind.sku for kind in kinds if kind.sku is not None}
    own = ProductVariant.objects.filter(vendor=vendor).select_related("product")
    by_sku = {str(one.sku): one for one in own.filter(sku__in=skus)}
    return _Known({one.pk: one for one in own.filter(pk__in=ids)}, by_sku)


def _step(goods: GoodsRead, known: _Known, names: dict[str, int], seen: dict[str, int]) -> Step:
    variants = [_variant(goods, kind, known, seen) for kind in goods.kinds]
    found = {one.product_id for one in variants if one is not None}
    if len(found) > 1:
        sentence = _("Dòng {row}: các dòng này đang thuộc nhiều sản phẩm khác nhau trên chợ.")
        goods.problems.append(sentence.format(row=goods.row))
    if goods.problems:
        return Step(goods.row, goods.name, Action.ERROR, goods.problems)
    if not goods.kinds:
        return Step(goods.row, goods.name, Action.SKIP, goods.notes)
    for kind, variant in zip(goods.kinds, variants, strict=True):
        kind.variant_id = variant.pk if variant is not None else None
    if found:
        return Step(goods.row, goods.name, Action.CHANGE, goods.notes, asdict(goods), found.pop())
    if _name_key(goods.name) in names:
        return Step(goods.row, goods.name, Action.SKIP, [_("gian hàng đã có sản phẩm tên này, giữ nguyên")])
    names[_name_key(goods.name)] = 0
    return Step(goods.row, goods.name, Action.ADD, goods.notes, asdict(goods))


def _name_key(name: str) -> str:
    """A name as `Product.folded_name` keeps it."""
    return " ".join(folded_words(name))


def _variant(goods: GoodsRead, kind: KindRead, known: _Known, seen: dict[str, int]) -> ProductVariant | None:
    """The shop's variant that a row names, if it names one."""
    if kind.variant_id is not None:
        variant = known.by_id.get(kind.variant_id)
        if variant is None:
            sentence = _("Dòng {row}: gian hàng không có món nào mang “Mã của chợ” này.")
            goods.problems.append(sentence.format(row=kind.row))
        return variant
    if kind.sku is None:
        return None
    if kind.sku in seen:
        sentence = _("Dòng {row}: mã {sku} đã có ở dòng {other}.")
        goods.problems.append(sentence.format(row=kind.row, sku=kind.sku, other=seen[kind.sku]))
    seen[kind.sku] = kind.row
    return known.by_sku.get(kind.sku)
