"""What is secret of an installation is nowhere to be read: logs, pages of every role, GraphQL, terminal, database."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner
from django.db import connection
from django.test import Client

from marketplace.cli.group import market
from marketplace.cli.saleor import saleor as command
from marketplace.core import clock
from marketplace.core.actors import SYSTEM
from marketplace.core.log import HideSecrets
from marketplace.core.models import JournalEvent
from marketplace.people.models import User
from marketplace.people.services import give_role, register_person
from marketplace.places.models import Commune
from marketplace.running.doctor import examine
from marketplace.saleor.models import Installation
from marketplace.saleor.upkeep import agree_on_webhooks, renew_old_keys
from tests.api.asking import post as ask_graphql
from tests.payments.factories import DAM_THUY, a_shop
from tests.saleor.join.conftest import Ears
from tests.saleor.join.small_saleor import TOKEN, SmallSaleor, an_app, answer_json, body_of, post, register
from tests.storefront.test_hostile_pages import addresses
from vendors.models import Membership

pytestmark = pytest.mark.django_db
HOSTILE = re.compile(r"%00|aaa|999|\.\.|02-31|Đ|-1")
STAFF = "the-staff-members.jwt.of-the-tests"
WRONG = "AWrongTokenThatSomebodyTriesX1"


class Found(AssertionError):
    """A secret stands where people can read it."""


def look_for(secrets: set[str], text: str, *, where: str) -> None:
    """Raise `Found` for a secret in `text`, by its place: the text itself is not for the report either."""
    if any(secret in text for secret in secrets):
        raise Found(where)


class Lines(logging.Handler):
    """All that any logger would write, as the market's own handler does: tracebacks too, Stripe's keys hidden."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.addFilter(HideSecrets())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(logging.Formatter("{asctime} {levelname} {name} {message}", style="{").format(record))


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Lines]:
    """Every logger at its chattiest."""
    handler = Lines()
    for name in ("", "market", "django", "urllib3"):
        monkeypatch.setattr(logging.getLogger(name), "level", logging.DEBUG)
    logging.getLogger().addHandler(handler)
    logging.getLogger().manager._clear_cache()  # type: ignore[attr-defined] # or levels that were asked before hold
    yield handler
    logging.getLogger().removeHandler(handler)


@pytest.fixture
def secrets(small_saleor: SmallSaleor, ears: Ears, now: datetime, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The secrets of an installation that has been through everything that goes well and most that does not."""
    client = Client()
    small_saleor.apps[STAFF] = an_app()
    assert register(client, small_saleor.api_url, TOKEN)[0] == 200
    agree_on_webhooks(now)
    row = Installation.objects.get()
    known = {TOKEN, WRONG, STAFF, row.webhook_key}
    answers = [
        register(client, small_saleor.api_url, WRONG),
        register(client, "https://other.example/graphql/", TOKEN),
    ]
    answers += list(_told_by_a_saleor_that_repeats_everything(small_saleor, client, row, now))
    answers += list(_webhooks(small_saleor, client, row, ears, now, monkeypatch))
    for answer in answers:
        look_for(known, json.dumps(answer), where="an answer over HTTP")
    return known


def _told_by_a_saleor_that_repeats_everything(
    saleor: SmallSaleor, client: Client, row: Installation, now: datetime
) -> Iterator[Any]:
    """Saleor's messages repeat what they do not like: `Value "…" contains invalid character.`"""
    echoed = f'Value "{row.webhook_key}" of {TOKEN} and {STAFF} contains invalid character.'
    refusal = {"field": "customHeaders", "message": echoed, "code": "INVALID_CUSTOM_HEADERS"}
    Installation.objects.update(webhooks_said="")
    saleor.webhooks, saleor.refusal = [], refusal
    agree_on_webhooks(now)
    yield CliRunner().invoke(command, ["install", saleor.api_url, "--as-staff"], input=f"{STAFF}\n").output
    saleor.refusal = None
    for lie in (
        {"errors": [{"message": echoed, "extensions": {"exception": {"code": "GraphQLError"}}}]},
        {"errors": [{"message": echoed, "extensions": {"exception": {"code": "PermissionDenied"}}}]},
        {"data": {"app": echoed, "shop": echoed}},
        [echoed],
    ):
        saleor.lies["/graphql/"] = lambda handler, lie=lie: answer_json(handler, lie)
        saleor.lies["/.well-known/jwks.json"] = lambda handler, lie=lie: answer_json(handler, lie)
        yield register(client, saleor.api_url, TOKEN)
        agree_on_webhooks(now)
        renew_old_keys(now + timedelta(days=2))
        yield [[one.subject, one.sentence] for one in examine(now=now)]
        yield CliRunner().invoke(command, ["status"]).output
    saleor.lies.clear()


def _webhooks(
    saleor: SmallSaleor,
    client: Client,
    row: Installation,
    ears: Ears,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Any]:
    monkeypatch.setattr(clock, "now", lambda: now + timedelta(hours=1))

    def fail() -> None:
        raise RuntimeError(f"{TOKEN} {row.webhook_key}")

    for number in range(3):
        body = body_of("order_updated", number=number)
        right = saleor.headers("order_updated", body) | {"X-Market-Key": row.webhook_key}
        ears.fault = fail if number == 1 else lambda: None
        yield post(client, right, body)
        yield post(client, right | {"X-Market-Key": row.webhook_key + "x"}, body)
        yield post(client, right, body + b" ")


def test_no_log_line_holds_one(log: Lines, secrets: set[str]) -> None:
    said = "\n".join(log.lines)

    assert "market.saleor a webhook could not be done: RuntimeError" in said
    assert "urllib3.connectionpool" in said
    look_for(secrets, said, where="the log")


def test_control_a_line_that_holds_one_is_found(log: Lines, secrets: set[str]) -> None:
    logging.getLogger("market.saleor").error("the token is %s", TOKEN)

    with pytest.raises(Found):
        look_for(secrets, "\n".join(log.lines), where="the log")


@pytest.mark.parametrize("role", ["guest", "owner", "officer", "operator"])
def test_no_page_of_any_role_holds_one(secrets: set[str], role: str, now: datetime) -> None:
    client = visitor(role, now)
    seen = 0
    # Each page once; that hostile values in its address do no harm is tested elsewhere.
    paths = [*(one for one in addresses() if not HOSTILE.search(one)), *admin_pages(client)]

    for path in paths:
        answer = client.get(path)
        seen += answer.status_code == 200
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined] # a file's
        look_for(secrets, content.decode("utf-8", "replace") + str(answer.headers), where=path)

    assert seen > 20


def test_graphql_knows_no_installation_and_answers_none(secrets: set[str]) -> None:
    for query in ("{ installations { token } }", "{ app { id } apps { id } }", "{ shop { name } }"):
        look_for(secrets, ask_graphql(query).content.decode(), where="GraphQL")


def test_the_terminal_shows_none(secrets: set[str]) -> None:
    for words in (["saleor", "status"], ["doctor"], ["app", "list"], ["--help"], ["saleor", "install", "--help"]):
        look_for(secrets, CliRunner().invoke(market, words).output, where=" ".join(words))


def test_the_journal_holds_none(secrets: set[str]) -> None:
    assert JournalEvent.objects.filter(kind="saleor.joined").exists()
    look_for(secrets, json.dumps(list(JournalEvent.objects.values_list("data", flat=True))), where="the journal")


def test_the_database_and_so_every_backup_holds_them_only_encrypted(secrets: set[str]) -> None:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            look_for(secrets, str(cursor.fetchall()), where=table)
        cursor.execute("SELECT token, webhook_key FROM saleor_installation")
        assert all(value.count(":") == 1 and len(value) > 100 for value in cursor.fetchone())


def test_none_is_in_what_a_program_prints_of_a_row(secrets: set[str]) -> None:
    row = Installation.objects.get()

    look_for(secrets, f"{row} {row!r}", where="the row's name")


def visitor(role: str, now: datetime) -> Client:
    client = Client(raise_request_exception=False)
    shop = a_shop(quantity=5)
    if role == "owner":
        client.force_login(User.objects.get(pk=Membership.objects.get(vendor=shop.vendor, role="owner").user_id))
    elif role != "guest":
        person = register_person(name="Cán bộ", email="xa@cho.example", now=now)
        commune = Commune.objects.select_related("province").get(pk=DAM_THUY)
        give_role(actor=SYSTEM, user=person, kind="commune", commune=commune, now=now)
        give_role(actor=SYSTEM, user=person, kind="province", province=commune.province, now=now)
        if role == "operator":
            User.objects.filter(pk=person.pk).update(is_staff=True, is_superuser=True)
        client.force_login(User.objects.get(pk=person.pk))
    return client


def admin_pages(client: Client) -> list[str]:
    """Every page that the operator's own links lead to, one level deep."""
    start = client.get("/admin/")
    if start.status_code != 200:
        return []
    found = {part.split('"')[0] for part in start.content.decode().split('href="/admin/')[1:]}
    assert len(found) > 10
    return [f"/admin/{one}" for one in sorted(found) if "logout" not in one and "password" not in one]
