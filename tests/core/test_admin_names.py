"""The operator's lists and pages name their columns and filters in Vietnamese."""

import re

import pytest
from django.contrib import admin
from django.test import Client
from django.utils.encoding import force_str

from marketplace.core.column_names import COLUMN_NAMES
from marketplace.core.value_names import words_of
from marketplace.people.models import User
from tests.payments.factories import a_shop, an_order

pytestmark = pytest.mark.django_db


def test_every_column_and_filter_of_every_list_has_a_name_of_ours(operator: Client) -> None:
    nameless = []
    for model, page in admin.site._registry.items():
        for column in (*page.list_display, *page.list_filter):
            known = not isinstance(column, str) or column in COLUMN_NAMES or hasattr(page, column)
            nameless += [] if known else [f"{model._meta.label}.{column}"]

    assert nameless == []


def test_every_field_of_every_row_has_a_name_of_ours(operator: Client) -> None:
    nameless = []
    for model, page in admin.site._registry.items():
        shown = page.fields or [
            field.name for field in model._meta.fields if field.editable and not field.primary_key
        ]
        for name in set(map(str, shown)) - {*(page.exclude or ()), *COLUMN_NAMES}:
            own = hasattr(page, name) or not str(model._meta.get_field(name).verbose_name).isascii()
            nameless += [] if own else [f"{model._meta.label}.{name}"]

    assert nameless == []


def test_every_value_of_every_choice_has_a_name_that_is_no_program_word() -> None:
    names = {"casso": "Casso", "vneid": "VNeID", "sepay": "SePay", "payos": "payOS", "vietqrvn": "VietQR.vn"}
    wordless = []
    for model, page in admin.site._registry.items():
        for one in (model, *(inline.model for inline in page.inlines)):
            for field in one._meta.fields:
                for value, _label in field.flatchoices:
                    words = words_of(field, value)
                    own = words != str(value).replace("_", " ").title() or names.get(str(value)) == words
                    wordless += [] if own else [f"{one._meta.label}.{field.name}: {value}"]

    assert wordless == []


def test_a_row_shows_choices_and_money_in_words_and_nothing_of_the_buyer(operator: Client) -> None:
    order = an_order(a_shop())
    order.user = User.objects.create_user(phone="+84977123456")
    order.save()

    page = operator.get(f"/admin/orders/order/{order.pk}/change/").content.decode()

    assert "Chờ thanh toán" in page
    assert "60.000\u00a0₫" in page
    assert order.phone
    assert order.phone not in page
    assert "977123456" not in page


def test_a_person_without_a_name_is_called_by_a_number_and_not_by_the_phone(operator: Client) -> None:
    person = User.objects.create_user(phone="+84977123456")

    page = operator.get("/admin/people/user/").content.decode()

    assert f"#{person.pk}" in page
    assert "977123456" not in page


def test_a_filter_names_the_values_it_offers(operator: Client) -> None:
    a_shop()

    page = operator.get("/admin/vendors/vendor/").content.decode()

    assert "Cán bộ đã xác minh" in page
    assert "Verified By Staff" not in page


def test_a_list_shows_the_names_and_sorts_by_its_columns(operator: Client) -> None:
    an_order(a_shop())
    page = operator.get("/admin/orders/order/?o=1").content.decode()
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))

    for name in ("gian hàng", "kênh", "trạng thái", "đã trả", "tổng tiền", "đặt lúc", "60.000 ₫", "Trên mạng"):
        assert force_str(name).lower() in words.lower()
    assert operator.get("/admin/vendors/vendor/?verification__exact=declared").status_code == 200
