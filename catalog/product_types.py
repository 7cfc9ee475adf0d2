"""Product types: which rules a product is sold under. Derived from its columns, so that none is kept twice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Case, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from catalog.models import ALCOHOL_SETS, Product
from catalog.ocop_sets import all_sets
from marketplace.core.errors import InvalidInput, NotFound


class TypeWithoutSet(InvalidInput):
    """Goods were called a service, or a service goods."""


@dataclass(frozen=True, kw_only=True)
class ProductType:
    """A kind of goods by its rules."""

    no: int
    slug: str
    name: str
    is_shipping_required: bool = True
    has_variants: bool = True
    metadata: Mapping[str, str] = field(default_factory=dict, repr=False)


GOODS = ProductType(no=1, slug="goods", name="Hàng hóa")
ALCOHOL = ProductType(no=2, slug="alcohol", name="Đồ uống có cồn")
HEALTH_FOOD = ProductType(no=3, slug="health-food", name="Thực phẩm chức năng")
SERVICE = ProductType(no=4, slug="service", name="Dịch vụ du lịch", is_shipping_required=False)
PRODUCT_TYPES = {one.no: one for one in (GOODS, ALCOHOL, HEALTH_FOOD, SERVICE)}

SERVICE_SETS = tuple(one.no for one in all_sets() if one.service)
_IS_ALCOHOL = Q(is_alcohol=True)
_IS_SERVICE = ~_IS_ALCOHOL & Q(ocop_set__in=SERVICE_SETS)
_IS_HEALTH_FOOD = ~_IS_ALCOHOL & ~Q(ocop_set__in=SERVICE_SETS) & Q(is_health_food=True)
_CONDITIONS = {
    ALCOHOL.no: _IS_ALCOHOL,
    SERVICE.no: _IS_SERVICE,
    HEALTH_FOOD.no: _IS_HEALTH_FOOD,
    GOODS.no: ~_IS_ALCOHOL & ~Q(ocop_set__in=SERVICE_SETS) & Q(is_health_food=False),
}


def type_of(product: Product) -> ProductType:
    """The type of a product: alcohol is alcohol whatever else it is. Pure."""
    if product.is_alcohol or product.ocop_set in ALCOHOL_SETS:
        return ALCOHOL
    if product.ocop_set in SERVICE_SETS:
        return SERVICE
    return HEALTH_FOOD if product.is_health_food else GOODS


def gates_of(number: int, *, set_no: int) -> dict[str, bool]:
    """What a product of a set says of itself to be of this type: `is_alcohol`, `is_health_food`.

    Services come only in the sets of services. Raises `NotFound` for a number of no type, `TypeWithoutSet`.
    """
    if number not in PRODUCT_TYPES:
        raise NotFound(_("Không có loại sản phẩm này."), field="product_type")
    if (number == SERVICE.no) is not (set_no in SERVICE_SETS):
        raise TypeWithoutSet(_("Loại sản phẩm này không hợp với nhóm hàng đã chọn."), field="product_type")
    return {"is_alcohol": number == ALCOHOL.no, "is_health_food": number == HEALTH_FOOD.no}


def of_types(numbers: Iterable[int]) -> Q:
    """The condition on `Product` to be of one of these types; numbers of no type hold for none."""
    found = Q(pk__in=())
    for number in sorted(set(numbers)):
        found |= _CONDITIONS.get(number, Q(pk__in=()))
    return found


def type_number() -> Case:
    """The number of the type, to sort by."""
    whens = [When(condition, then=Value(number)) for number, condition in _CONDITIONS.items()]
    return Case(*whens, output_field=IntegerField())
