"""The manifest: every key as Saleor 3.24 takes it, every subscription valid in its schema, no more than needed."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from graphql import FieldNode, InlineFragmentNode, OperationDefinitionNode, parse, validate
from PIL import Image
from pytest_django import Settings as SettingsWrapper

from marketplace.saleor.client import OPERATIONS, SUBSCRIPTIONS, subscription
from marketplace.saleor.events import ASYNC_EVENTS, SYNC_EVENTS
from marketplace.saleor.identity import PERMISSIONS
from marketplace.saleor.receiving import type_of
from tests.api.contract.facts import saleor_types
from tests.api.contract.saleor_sdl import saleor_schema
from tests.source import pyproject

pytestmark = pytest.mark.django_db
HERE = "https://saleor.example/graphql/"
EVENTS = sorted({**SYNC_EVENTS, **ASYNC_EVENTS})
MOUNTS = {"NAVIGATION_CATALOG", "NAVIGATION_ORDERS", "ORDER_OVERVIEW_MORE_ACTIONS"}
"""Of the Dashboard's mounts (Saleor's documentation, "Extending Dashboard with Apps"), those that we use."""
WEBHOOK_KEYS = {
    *("name", "identifier", "targetUrl", "query", "isActive", "syncEvents", "asyncEvents"),
}
EXTENSION_KEYS = {"label", "url", "mount", "target", "permissions", "options", "identifier"}
ADDRESSES = ("appUrl", "tokenTargetUrl", "homepageUrl", "supportUrl", "dataPrivacyUrl")
BINDING = {"__typename", "issuedAt", "version", "recipient"}


@pytest.fixture(autouse=True)
def _one_saleor(settings: SettingsWrapper) -> None:
    settings.SALEOR_API_URLS = (HERE,)
    settings.MARKET_PUBLIC_URL = "https://cho.example"


@pytest.fixture
def manifest() -> dict[str, Any]:
    answer = Client().get("/saleor/manifest.json")
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/json")
    read: dict[str, Any] = answer.json()
    return read


def test_it_says_who_we_are_in_the_members_that_saleor_reads(manifest: Mapping[str, Any]) -> None:
    assert manifest.keys() == {
        *("id", "name", "version", "about", "author", "permissions", "requiredSaleorVersion", "brand"),
        *("extensions", "webhooks"),
        *ADDRESSES,
    }
    assert (manifest["id"], manifest["name"]) == ("market40.vietqr", "Chợ 4.0")
    assert manifest["version"] == pyproject()["project"]["version"]
    assert manifest["author"].strip()
    assert manifest["requiredSaleorVersion"] == "^3.24.0-0"
    assert manifest["tokenTargetUrl"] == "https://cho.example/saleor/register/"


def test_every_address_in_it_is_whole_and_ours(manifest: Mapping[str, Any]) -> None:
    told = [manifest[name] for name in ADDRESSES] + [manifest["brand"]["logo"]["default"]]
    told += [one["url"] for one in manifest["extensions"]] + [one["targetUrl"] for one in manifest["webhooks"]]

    assert {urlsplit(one)[:2] for one in told} == {("https", "cho.example")}


def test_it_asks_for_the_permissions_of_the_table_and_each_is_one_of_saleors(manifest: Mapping[str, Any]) -> None:
    known = saleor_types()["PermissionEnum"].members

    assert manifest["permissions"] == list(PERMISSIONS)
    assert set(manifest["permissions"]) <= set(known) - {"MANAGE_APPS"}
    assert all(PERMISSIONS.values())


def test_its_extensions_ask_for_no_more_and_lead_to_pages_that_are_there(manifest: Mapping[str, Any]) -> None:
    for one in manifest["extensions"]:
        assert one.keys() == EXTENSION_KEYS
        assert (one["mount"] in MOUNTS, one["target"]) == (True, "NEW_TAB")
        assert set(one["permissions"]) <= set(manifest["permissions"])
        assert Client().get(urlsplit(one["url"]).path).status_code in (200, 302)
    identifiers = [one["identifier"] for one in manifest["extensions"]]
    assert len(identifiers) == len(set(identifiers)) == 3


def test_its_logo_is_a_square_png_that_is_served(manifest: Mapping[str, Any]) -> None:
    address = manifest["brand"]["logo"]["default"]
    answer = Client().get(urlsplit(address).path)

    assert address.endswith(".png")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    with Image.open(BytesIO(answer.content)) as image:
        assert (image.format, image.size) == ("PNG", (512, 512))


def test_each_event_has_one_webhook_and_all_go_to_one_address(manifest: Mapping[str, Any]) -> None:
    webhooks = manifest["webhooks"]

    assert [one["identifier"] for one in webhooks] == EVENTS
    assert {one["targetUrl"] for one in webhooks} == {"https://cho.example/saleor/webhooks/"}
    for one in webhooks:
        assert one.keys() == WEBHOOK_KEYS
        named = [one["identifier"].upper()]
        is_sync = one["identifier"] in SYNC_EVENTS
        assert (one["syncEvents"], one["asyncEvents"]) == ((named, []) if is_sync else ([], named))
        known = saleor_types()["WebhookEventTypeSyncEnum" if is_sync else "WebhookEventTypeAsyncEnum"].members
        assert set(named) <= set(known)


def test_no_event_is_both_answered_and_heard() -> None:
    assert SYNC_EVENTS.keys() & ASYNC_EVENTS.keys() == set()


def test_every_subscription_is_of_an_event_and_every_event_has_one() -> None:
    assert sorted(path.stem for path in SUBSCRIPTIONS.glob("*.graphql")) == EVENTS


@pytest.mark.parametrize("event", EVENTS)
def test_a_subscription_is_valid_in_saleors_schema_and_says_what_binds_it(event: str) -> None:
    document = parse(subscription(event))
    [operation] = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]
    [field] = operation.selection_set.selections
    assert isinstance(field, FieldNode)
    assert field.selection_set is not None
    parts = field.selection_set.selections
    of_the_event = {one.name.value for one in parts if isinstance(one, FieldNode)}
    [fragment] = [one for one in parts if isinstance(one, InlineFragmentNode)]
    asked = of_the_event | {one.name.value for one in fragment.selection_set.selections if isinstance(one, FieldNode)}

    assert validate(saleor_schema(), document) == []
    assert (operation.operation.value, field.name.value) == ("subscription", "event")
    assert asked >= BINDING, f"{event}.graphql must ask {sorted(BINDING - asked)} too"
    # Saleor reads the events of a subscription out of its inline fragments.
    assert fragment.type_condition is not None
    assert fragment.type_condition.name.value == type_of(event)


@pytest.mark.parametrize("name", sorted(path.stem for path in OPERATIONS.glob("*.graphql")))
def test_an_operation_is_valid_in_saleors_schema_and_bears_its_files_name(name: str) -> None:
    document = parse((OPERATIONS / f"{name}.graphql").read_text(encoding="utf-8"))
    operations = [one for one in document.definitions if isinstance(one, OperationDefinitionNode)]

    assert validate(saleor_schema(), document) == []
    assert [one.name.value for one in operations if one.name] == [name]


def test_the_type_of_an_event_is_saleors_name_of_it() -> None:
    implementing = {name for name, facts in saleor_types().items() if "Event" in facts.interfaces}

    assert {type_of(event) for event in EVENTS} <= implementing


def test_the_page_in_the_dashboard_has_links_and_may_be_framed(settings: SettingsWrapper) -> None:
    answer = Client().get("/saleor/")

    assert answer.status_code == 200
    assert answer.content.decode().count('target="_blank"') == 3
    assert "frame-ancestors *" in answer["Content-Security-Policy"]
    assert "X-Frame-Options" not in answer


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["", "manifest.json", "logo.png", "register/", "webhooks/"])
def test_without_a_saleor_none_of_it_is_there(settings: SettingsWrapper, path: str, method: str) -> None:
    settings.SALEOR_API_URLS = ()

    assert getattr(Client(), method)(f"/saleor/{path}").status_code == 404
