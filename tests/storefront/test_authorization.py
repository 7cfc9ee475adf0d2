"""Every address of the pages for every kind of person: who is let in, who is not, and that no refusal writes a row.

The addresses are the URL configuration's own: a new one without a row in `rooms` fails, and so does one whose places
nothing in `things` fills.
"""

import uuid
from collections.abc import Mapping
from typing import Any

import pytest
from django.db import connection, transaction
from django.http import HttpResponse
from django.test import Client

from marketplace.core.actors import SYSTEM
from marketplace.places.models import Commune
from marketplace.places.services import create_market_site
from tests.payments.factories import DAM_THUY, NOW, a_shop
from tests.storefront.rooms import GET, POST
from tests.storefront.things import ROLES, address_of, named_patterns, one_of_everything, visitors
from tests.storefront.working import a_person

pytestmark = pytest.mark.django_db

LETTERS = {403: "r", 404: "h", 405: "m"}
NOTED = ("core_clientrequest", "core_securitycounter")
"""A form's id is noted before its work and goes with it; refusals are counted."""


class Writes:
    """The statements that wrote rows, but those that note forms and refusals."""

    def __init__(self) -> None:
        self.seen: list[str] = []

    def __call__(self, execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        """One statement on its way."""
        writes = sql.lstrip().upper().startswith(("INSERT", "UPDATE", "DELETE"))
        if writes and not any(table in sql for table in NOTED):
            self.seen.append(sql)
        return execute(sql, params, many, context)


def letter_of(answer: HttpResponse) -> str:
    where = str(answer.headers.get("Location", ""))
    if where.startswith("/sign-in/"):
        return "i"
    if where in {"/sell/open/", "/sell/help/"}:
        return "l"
    assert answer.status_code < 500
    return LETTERS.get(answer.status_code, "o")


def ask(client: Client, method: str, address: str) -> tuple[str, list[str]]:
    """Ask, with the id that every form of ours carries; what was done is undone. The letter, and what was written."""
    cookies, writes = dict(client.cookies), Writes()
    with transaction.atomic(), connection.execute_wrapper(writes):
        answer = client.get(address) if method == "GET" else client.post(address, {"client_id": str(uuid.uuid4())})
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.update(cookies)
    return letter_of(answer), writes.seen


def row_of_each(table: Mapping[str, str]) -> dict[str, str]:
    rows = {name: letters for letters, names in table.items() for name in names.split()}
    assert len(rows) == sum(len(names.split()) for names in table.values()), "an address stands in two rows"
    return rows


@pytest.mark.parametrize(("method", "table"), [("GET", GET), ("POST", POST)])
def test_each_address_lets_in_whom_the_table_names_and_a_refusal_writes_nothing(
    method: str, table: Mapping[str, str]
) -> None:
    commune = Commune.objects.get(pk=DAM_THUY)
    site = create_market_site(
        actor=SYSTEM, commune=commune, kind="market", slug="cho-dam-thuy", name="Chợ Đàm Thủy", now=NOW
    )
    shop, buyer = a_shop(site=site), a_person("Người mua")
    people, things = visitors(shop, buyer=buyer), one_of_everything(shop, buyer=buyer)
    found, wrote = {}, []
    for pattern in named_patterns():
        answers = [ask(people[role], method, address_of(pattern, things)) for role in ROLES]
        found[pattern.name] = "".join(letter for letter, _ in answers)
        refused = [(role, sql) for role, (letter, sql) in zip(ROLES, answers, strict=True) if letter != "o"]
        wrote += [(pattern.name, role, sql) for role, sql in refused if sql]

    assert found == row_of_each(table)
    assert wrote == []


def test_control_a_write_of_somebody_who_is_refused_would_be_seen() -> None:
    shop = a_shop()
    writes = Writes()

    with connection.execute_wrapper(writes):
        shop.vendor.save(update_fields=["name"])

    assert len(writes.seen) == 1
