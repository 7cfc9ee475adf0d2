"""The operator looks at products and changes nothing there."""

import pytest
from django.test import Client

from catalog.models import Product
from tests.catalog.factories import a_shop, on_sale, with_stars

pytestmark = pytest.mark.django_db


def test_the_operator_finds_a_product_typed_without_marks(operator: Client) -> None:
    shop = a_shop()
    product = on_sale(shop, "Miến dong Phia Đén")
    with_stars(shop, product)

    assert "Miến dong Phia Đén" in operator.get("/admin/catalog/product/?q=phia den").content.decode()
    assert "Miến dong Phia Đén" in operator.get("/admin/catalog/product/?q=Phia Đén").content.decode()
    assert "Miến dong Phia Đén" not in operator.get("/admin/catalog/product/?q=khac").content.decode()
    page = operator.get(f"/admin/catalog/product/{product.pk}/change/").content.decode()
    assert "125/QĐ-UBND" in page
    assert operator.get("/admin/catalog/stock/").status_code == 200


def test_the_operator_changes_nothing_by_hand(operator: Client) -> None:
    product = on_sale(a_shop())

    assert operator.get("/admin/catalog/product/add/").status_code == 403
    assert operator.post(f"/admin/catalog/product/{product.pk}/change/", {"name": "Khác"}).status_code == 403
    assert operator.post(f"/admin/catalog/product/{product.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Product.objects.get().name == product.name
