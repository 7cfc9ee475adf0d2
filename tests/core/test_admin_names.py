"""The operator's lists and pages name their columns and filters in Vietnamese."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.utils.encoding import force_str

from marketplace.core.column_names import COLUMN_NAMES
from tests.payments.factories import a_shop, an_order

pytestmark = pytest.mark.django_db


def test_every_column_and_filter_of_every_list_has_a_name_of_ours(operator: Client) -> None:
    nameless = []
    for model, page in admin.site._registry.items():
        for column in (*page.list_display, *page.list_filter):
            known = not isinstance(column, str) or column in COLUMN_NAMES or hasattr(page, column)
            nameless += [] if known else [f"{model._meta.label}.{column}"]

    assert nameless == []


def test_a_list_shows_the_names_and_sorts_by_its_columns(operator: Client) -> None:
    an_order(a_shop())
    page = operator.get("/admin/orders/order/?o=1").content.decode()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))

    for name in ("gian hàng", "kênh", "trạng thái", "đã trả", "tổng tiền (₫)", "đặt lúc"):
        assert force_str(name).lower() in words.lower()
    assert operator.get("/admin/vendors/vendor/?verification__exact=declared").status_code == 200
