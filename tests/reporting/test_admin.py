import pytest
from django.contrib.admin import site
from django.test import Client

from marketplace.reporting.models import ProductMonth, SalesDay, TakingsDay
from tests.reporting.factories import a_sale, a_shop, kept


@pytest.mark.parametrize("model", [TakingsDay, SalesDay, ProductMonth])
def test_the_operator_sees_figures_and_cannot_change_them(operator: Client, model: type) -> None:
    a_sale(a_shop())
    before = kept()
    base = f"/admin/reporting/{model.__name__.lower()}/"
    row = model._default_manager.get()  # type: ignore[attr-defined]  # one of the three models above

    assert site.is_registered(model)
    assert operator.get(base).status_code == 200
    assert operator.get(f"{base}{row.pk}/change/").status_code == 200
    assert operator.post(f"{base}{row.pk}/change/", {"day": "2020-01-01"}).status_code == 403
    assert operator.get(f"{base}add/").status_code == 403
    assert operator.post(f"{base}{row.pk}/delete/", {"post": "yes"}).status_code == 403
    assert kept() == before
