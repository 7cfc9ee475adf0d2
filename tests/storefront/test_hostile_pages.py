"""No input makes a 500 and none that is refused changes a row: every page, every kind of visitor, hostile values.

The addresses are taken from the market's own URL configuration, so a new page is attacked without being asked.
"""

import uuid
from collections.abc import Iterator
from datetime import datetime
from functools import cache

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from marketplace.core.actors import SYSTEM
from marketplace.people.models import User
from marketplace.people.services import give_role, register_person
from marketplace.places.models import Commune
from tests.payments.factories import DAM_THUY, Shop, a_shop, an_order
from vendors.models import Membership

pytestmark = pytest.mark.django_db
COUNTERS = {"people_signinattempt", "core_securitycounter"}
"""Tables that a refusal may write to: they count refusals."""
TEXTS = (
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "1e400",
    "NaN",
    "9" * 400,
    str(2**31),
    str(2**63),
    "a" * 20_000,
    "\u202e\u0000",
    "😀",
    "'; DROP TABLE orders_order; --",
    "<script>alert(1)</script>",
    "{{ 7*7 }}",
    "../../../../etc/passwd",
    "%00",
    "not-a-uuid",
    str(uuid.UUID(int=0)),
    "Đặc sản ".encode("utf-16").decode("latin-1"),
)
FIELDS = (
    "q", "page", "province", "commune", "set", "stars", "sort", "shop", "price_min", "price_max", "in_stock", "month",
    "day", "state", "next", "language", "phone", "number", "name", "quantity", "variant", "variant_id", "client_id",
    "delivery", "street", "note", "agreed_vnd", "login", "password", "kind", "bin", "account_number", "account_name",
    "price_vnd", "unit", "ocop_set", "description", "reason", "resolution", "order", "amount_vnd", "confirmation",
    "tracking_number", "stars", "decision_number", "issued_on", "issuer", "born", "declared", "person", "vendor",
    "place", "payload", "paper", "site", "text", "outcome", "step", "address", "keep_address",
    "year", "usual", "owner_name", "owner_phone", "market_site", "takings_vnd",
    "bank_percent", "document", "code", "checked",
)  # fmt: skip
PATH_VALUES = {
    "str": ("x", "a" * 500, "%00", "9" * 30, "2026-02-31", "Đ"),
    "slug": ("x", "a" * 500, "-1", "9" * 30),
    "int": ("0", "9" * 30, "1"),
    "uuid": (str(uuid.UUID(int=0)), str(uuid.UUID(int=1))),
    "path": ("../../manage.py", "%00.jpg", "products/none.jpg"),
}


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[str]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, path)
        elif isinstance(entry, URLPattern):
            yield path


@cache
def addresses() -> list[str]:
    """Every address of the market with hostile values in its places, but the operator's admin, which is Django's."""
    found = []
    for pattern in patterns(get_resolver()):
        if pattern.startswith("admin/") or "(?P" in pattern:
            continue
        path = "/" + pattern
        parts = [part.split(">")[0] for part in path.split("<")[1:]]
        choices = [PATH_VALUES[part.partition(":")[0] if ":" in part else "str"] for part in parts]
        # Each place takes each of its values once, the places side by side: all of them together say no more.
        most = max((len(values) for values in choices), default=1)
        for number in range(most):
            concrete = path
            for part, values in zip(parts, choices, strict=True):
                concrete = concrete.replace(f"<{part}>", values[number % len(values)], 1)
            found.append(concrete)
    return found


def rows() -> dict[str, int]:
    """How many rows every table holds, but those that count refusals."""
    tables = {model._meta.db_table for model in apps.get_models()} - COUNTERS
    counts = {}
    with connection.cursor() as cursor:
        for table in sorted(tables):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            counts[table] = cursor.fetchone()[0]
    return counts


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop(quantity=5)


@pytest.fixture(params=["guest", "owner", "officer"])
def visitor(request: pytest.FixtureRequest, shop: Shop, now: datetime) -> Client:
    client = Client(raise_request_exception=False)
    if request.param == "owner":
        client.force_login(User.objects.get(pk=Membership.objects.get(vendor=shop.vendor, role="owner").user_id))
    elif request.param != "guest":
        person = register_person(name="Cán bộ", email="xa@cho.example", now=now)
        commune = Commune.objects.select_related("province").get(pk=DAM_THUY)
        give_role(actor=SYSTEM, user=person, kind="commune", commune=commune, now=now)
        give_role(actor=SYSTEM, user=person, kind="province", province=commune.province, now=now)
        client.force_login(person)
    return client


def test_hostile_addresses_and_queries_are_answered_below_500_and_change_nothing(visitor: Client, shop: Shop) -> None:
    an_order(shop)
    before = rows()
    failed = []
    for number, address in enumerate(addresses()):
        text = TEXTS[number % len(TEXTS)]
        query = dict.fromkeys(FIELDS, text)
        answer = visitor.get(address, query) if number % 2 else visitor.get(address)
        if answer.status_code >= 500:
            failed.append((address, text[:30], answer.status_code))
    assert failed == []
    assert rows() == before


def test_hostile_forms_are_answered_below_500(visitor: Client, shop: Shop) -> None:
    an_order(shop)
    failed = []
    for number, address in enumerate(addresses()):
        for text in (TEXTS[number % len(TEXTS)], TEXTS[(number * 7 + 3) % len(TEXTS)]):
            answer = visitor.post(address, dict.fromkeys(FIELDS, text))
            if answer.status_code >= 500:
                failed.append((address, text[:30], answer.status_code))
    assert failed == []


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b'{"a": 1}'),
        ("multipart/form-data; boundary=x", b"--x\r\nbroken"),
        ("multipart/form-data", b"no boundary"),
        ("application/x-www-form-urlencoded", b"a=%ff%fe&%=1"),
        ("application/x-www-form-urlencoded", b"&".join(b"a=1" for _ in range(5000))),
        ("text/plain", b"\x00" * 1000),
    ],
)
def test_bodies_that_are_no_forms_are_answered_below_500_and_change_nothing(
    shop: Shop, content_type: str, body: bytes
) -> None:
    visitor = Client(raise_request_exception=False)
    visitor.force_login(User.objects.get(pk=Membership.objects.get(vendor=shop.vendor, role="owner").user_id))
    before = rows()
    failed = []
    for address in addresses():
        answer = visitor.post(address, data=body, content_type=content_type)
        if answer.status_code >= 500:
            failed.append((address, answer.status_code))
    assert failed == []
    assert rows() == before


def test_files_that_are_no_photos_are_refused_and_no_product_is_made(shop: Shop) -> None:
    client = Client(raise_request_exception=False)
    client.force_login(User.objects.get(pk=Membership.objects.get(vendor=shop.vendor, role="owner").user_id))
    before = rows()
    for name, content in (
        ("a.jpg", b"not a picture"),
        ("a.jpg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.png", b"\x89PNG\r\n\x1a\n" + b"\x00" * 50),
        ("a.jpg", b"\xff\xd8\xff" + b"\x00" * 9_000_000),
        ("a.jpg", b""),
    ):
        answer = client.post(
            "/sell/products/new/",
            {
                "name": "Mật ong",
                "ocop_set": "4",
                "price_vnd": "125k",
                "unit": "hũ",
                "quantity": "3",
                "photo": SimpleUploadedFile(name, content, "image/jpeg"),
            },
        )
        assert answer.status_code < 500
        assert answer.status_code != 302, name
    assert rows() == before


def test_a_form_from_another_site_is_refused(shop: Shop) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    before = rows()
    assert client.post("/sign-in/", {"login": "a", "password": "b"}).status_code == 403
    assert rows() == before
