"""Whatever is typed into an address or a form of the admin by hand is refused, and never a fault of ours."""

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from marketplace.people.models import Role
from tests.payments.factories import a_shop

pytestmark = pytest.mark.django_db
MANY = "9" * 40
WRONG = ["x", "\x00", "²", MANY, "-1", ""]
REFUSED = {200, 302, 400}


def lists() -> list[str]:
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model in admin.site._registry
    ]


@pytest.mark.parametrize(
    "query", [f"pk__in={MANY}", "pk__in=x", f"p={MANY}", "p=x", "o=x.9", f"q={MANY}", "q=%00", "id__gt=x"]
)
def test_no_list_answers_500_to_a_wrong_query(operator: Client, query: str) -> None:
    a_shop()

    answers = {address: operator.get(f"{address}?{query}").status_code for address in lists()}

    assert {address: status for address, status in answers.items() if status not in REFUSED} == {}


@pytest.mark.parametrize("page", WRONG)
def test_the_search_takes_no_page_that_is_none(operator: Client, page: str) -> None:
    assert operator.get("/admin/search/", {"s": "a", "page": page}).status_code in REFUSED


@pytest.mark.parametrize("person", WRONG)
def test_a_role_for_nobody_is_refused(operator: Client, person: str) -> None:
    answer = operator.post("/admin/people/role/add/", {"user": person, "kind": "operator"})

    assert answer.status_code in {200, 400}
    assert not Role.objects.exists()


@pytest.mark.parametrize("chosen", WRONG)
@pytest.mark.parametrize(
    ("address", "action"),
    [
        ("/admin/people/role/", "delete_selected"),
        ("/admin/core/journaldelivery/", "try_again"),
        ("/admin/people/role/", "x"),
    ],
)
def test_an_action_upon_rows_that_are_none_changes_nothing(
    operator: Client, address: str, action: str, chosen: str
) -> None:
    sent = {"action": action, "_selected_action": [chosen], "post": "yes"}

    assert operator.post(address, sent).status_code in REFUSED


def test_control_what_is_right_is_answered(operator: Client) -> None:
    assert {operator.get(address).status_code for address in lists()} == {200}
