"""GraphQL's way over HTTP: what is accepted, which status and shape an answer has."""

from __future__ import annotations

import gzip
import json
import logging
import re
from typing import Any

import pytest
from django.db import DatabaseError, OperationalError, ProgrammingError
from django.test import Client
from graphql import ExecutionResult, GraphQLError
from pytest_django import Settings

from marketplace.api.graphql import view
from marketplace.api.graphql.errors import BUSY_SENTENCE, MESSAGE_CHARACTERS_MAX, SLOW_SENTENCE
from marketplace.api.graphql.execution import Plans
from marketplace.api.graphql.mutations import checkouts
from marketplace.api.graphql.queries import product_lists
from marketplace.api.graphql.reading import BODY_BYTES_MAX
from marketplace.orders.models import Checkout
from tests.api.asking import URL, post, raw
from tests.api.ids import gid
from tests.payments.factories import a_shop

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("still_clock")]

QUERY = "{ products(first: 1) { totalCount } }"


def refused(answer: Any, status: int) -> str:
    content = answer.json()
    assert (answer.status_code, content.keys()) == (status, {"errors"})
    sentence: str = content["errors"][0]["message"]
    return sentence


@pytest.mark.parametrize("method", ["get", "put", "patch", "delete", "head"])
def test_only_post_is_accepted(method: str) -> None:
    answer = getattr(Client(), method)(URL, {"query": QUERY} if method == "get" else None)

    assert answer.status_code == 405
    assert answer["Allow"] == "POST, OPTIONS"


@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "application/graphql", ""])
def test_only_json_and_forms_with_files_are_accepted(kind: str) -> None:
    assert refused(raw("query=%7Bme%7Bid%7D%7D", content_type=kind), 400) == (
        "Only application/json and multipart/form-data are accepted."
    )


@pytest.mark.parametrize("charset", ["utf-16", "latin-1", "utf-7", "UTF-8-SIG"])
def test_only_utf_8_is_accepted(charset: str) -> None:
    body = json.dumps({"query": QUERY})

    assert refused(raw(body, content_type=f"application/json; charset={charset}"), 415) == "Only UTF-8 is accepted."
    assert raw(body, content_type="application/json; charset=UTF-8").status_code == 200


def test_a_packed_body_is_refused_unopened() -> None:
    packed = gzip.compress(json.dumps({"query": QUERY}).encode())

    assert "Content-Encoding" in refused(raw(packed, headers={"Content-Encoding": "gzip"}), 415)
    assert raw(json.dumps({"query": QUERY}), headers={"Content-Encoding": "identity"}).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b'"text"',
        b"1",
        b"[1,2]",
        b"[]",
        b'[{"query":"{me{id}}"}]',
        b"{}",
        b'{"query":null}',
        b'{"query":1}',
        b'{"query":""}',
        b'{"query":"{me{id}}","variables":[]}',
        b'{"query":"{me{id}}","variables":"{}"}',
        b'{"query":"{me{id}}","operationName":7}',
        b'{"query":"{me{id}}","variables":{"a":NaN}}',
        b'{"query":"{me{id}}","variables":{"a":Infinity}}',
        b'{"query":"{me{id}}","variables":{"a":"\\u0000"}}',
        b'{"query":"{me{id}}","variables":{"\\u0000":1}}',
        b'{"query":"{me{id}}","variables":{"a":"\\ud800"}}',
        b'{"query":"{me{id}}","variables":{"a":' + b"9" * 5000 + b"}}",
        b'{"query":"{me{id}}","variables":{"a":' + b"[" * 5000 + b"]" * 5000 + b"}}",
        b'\xff\xfe{"query":"{me{id}}"}',
        '{"query":"{me{id}}"}'.encode("utf-16"),
    ],
)
def test_a_body_that_is_no_single_request_is_refused(body: bytes) -> None:
    assert refused(raw(body), 400)


def test_a_body_of_the_greatest_size_is_read_and_a_larger_one_is_not() -> None:
    content = json.dumps({"query": QUERY})

    assert raw(content + " " * (BODY_BYTES_MAX - len(content))).status_code == 200
    assert refused(raw(content + " " * (BODY_BYTES_MAX - len(content) + 1)), 413).startswith("The body is too large")


def test_a_body_that_lies_about_its_length_is_not_read_to_its_end() -> None:
    content = json.dumps({"query": QUERY}).ljust(BODY_BYTES_MAX + 1)

    answer = Client().post(URL, data=content, content_type="application/json", CONTENT_LENGTH="many")

    assert answer.status_code in {400, 413}


def test_syntax_is_told_with_its_place_and_saleors_code() -> None:
    answer = post("{ products(first: 1) { totalCount }")

    assert answer.status_code == 400
    assert answer.json() == {
        "errors": [
            {
                "message": "Syntax Error: Expected Name, found <EOF>.",
                "locations": [{"line": 1, "column": 36}],
                "extensions": {"exception": {"code": "GraphQLSyntaxError"}},
            }
        ]
    }


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("{ wallets { id } }", "Cannot query field 'wallets' on type 'Query'."),
        # Several shops may use one code: nobody asks for a variant by it (docs/decisions/0019).
        ('{ productVariant(ean: "MD-1") { id } }', "Unknown argument 'ean' on field 'Query.productVariant'."),
        ("{ products(first: true) { totalCount } }", "Int cannot represent non-integer value: true"),
        (
            "{ products(first: 99999999999) { totalCount } }",
            "Int cannot represent non 32-bit signed integer value: 99999999999",
        ),
        (
            "query($first: Int!) { products(first: $first) { totalCount } }",
            "Variable '$first' of required type 'Int!' was not provided.",
        ),
        (
            "query A { me { id } } query B { me { id } }",
            "Must provide operation name if query contains multiple operations.",
        ),
        ("subscription { me { id } }", "Schema is not configured to execute subscription operation."),
    ],
)
def test_a_document_that_does_not_fit_the_schema_is_refused_without_data(query: str, sentence: str) -> None:
    assert refused(post(query), 400) == sentence


@pytest.mark.parametrize("first", ["1", 1.5, True, [], {}, 2**31, 2**64, 1e300])
def test_a_variable_of_another_type_is_refused_without_data(first: object) -> None:
    assert refused(post("query($first: Int) { products(first: $first) { totalCount } }", first=first), 400)


def test_an_operation_is_chosen_by_its_name() -> None:
    query = "query A { provinces { code } } query B { me { id } }"

    assert raw(json.dumps({"query": query, "operationName": "B"})).json()["data"] == {"me": None}
    assert refused(raw(json.dumps({"query": query, "operationName": "C"})), 400) == "Unknown operation named 'C'."


def test_the_origin_is_echoed_and_a_preflight_is_answered() -> None:
    origin = {"Origin": "https://shop.example.vn"}

    answers = [Client().options(URL, headers=origin), post(QUERY, headers=origin), post("{", headers=origin)]

    for answer in answers:
        assert answer["Access-Control-Allow-Origin"] == "https://shop.example.vn"
        assert answer["Access-Control-Allow-Credentials"] == "true"
        allowed = answer["Access-Control-Allow-Headers"].split(", ")
        assert {"Authorization", "Authorization-Bearer", "Content-Type", "Source-Service-Name"} <= {*allowed}
        assert answer["Access-Control-Expose-Headers"] == "Retry-After"
        assert "Origin" in answer["Vary"]
    assert answers[0].status_code == 200
    assert "Access-Control-Allow-Origin" not in post(QUERY).headers


def test_a_cookie_counts_for_nothing(client: Client) -> None:
    client.cookies["sessionid"] = "stolen"

    answer = client.post(URL, data=json.dumps({"query": "{ me { id } }"}), content_type="application/json")

    assert answer.json()["data"] == {"me": None}


def test_a_key_of_the_client_that_is_no_uuid_is_refused() -> None:
    assert refused(post(QUERY, headers={"Idempotency-Key": "again"}), 400) == "Idempotency-Key must be a UUID."


def test_a_fault_of_ours_is_masked_and_found_in_the_log_by_its_number(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(product_lists, "viewer_of", _fail(RuntimeError("the secret word")))

    with caplog.at_level(logging.ERROR):
        answer = post("{ products(first: 1) { totalCount } provinces { code } }")

    content = answer.json()
    error = content["errors"][0]
    number = error["message"].removeprefix("Internal Server Error (").removesuffix(")")
    assert (answer.status_code, content["data"]["products"], len(content["data"]["provinces"])) == (200, None, 34)
    assert (error["path"], error["extensions"]) == (["products"], {"exception": {"code": "InternalServerError"}})
    assert "secret" not in answer.content.decode()
    assert any(f"incident {number}" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        (OperationalError("database is locked"), BUSY_SENTENCE),
        (DatabaseError("lock timeout"), BUSY_SENTENCE),
        (OperationalError("canceling statement due to statement timeout"), SLOW_SENTENCE),
    ],
)
def test_a_busy_database_is_503_with_a_time_to_come_back(
    monkeypatch: pytest.MonkeyPatch, problem: Exception, sentence: str
) -> None:
    monkeypatch.setattr(product_lists, "viewer_of", _fail(problem))

    answer = post(QUERY)

    assert refused(answer, 503) == sentence
    assert answer["Retry-After"] == "2"


def test_the_masked_fault_tells_no_path_no_statement_and_no_class(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    problem = ProgrammingError('relation "catalog_product" does not exist: SELECT * FROM catalog_product')
    monkeypatch.setattr(product_lists, "viewer_of", _fail(problem))

    answer = post(QUERY)

    # The id changes from time to time; everything else is fixed.
    assert re.fullmatch(r"Internal Server Error \([0-9a-f]{12}\)", answer.json()["errors"][0]["message"])
    for word in ("catalog", "SELECT", "ProgrammingError", "Traceback", ".py", "marketplace"):
        assert word not in answer.content.decode()
    # Control: the log holds what was masked.
    assert "catalog_product" in caplog.text
    assert "ProgrammingError" in caplog.text


def test_of_ten_thousand_faults_fifty_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [GraphQLError("this one") for _number in range(10_000)]
    monkeypatch.setattr(Plans, "run", lambda *_asked, **_named: ExecutionResult({"a": None}, answers))

    assert len(post(QUERY).json()["errors"]) == view.ERRORS_OF_FIELDS_SHOWN_MAX


def test_a_long_message_is_cut() -> None:
    content = post("query($a: Int) { products(first: $a) { totalCount } }", a="x" * 5000).json()

    assert {len(error["message"]) <= MESSAGE_CHARACTERS_MAX for error in content["errors"]} == {True}
    assert len(post('{ product(id: "%s") { name } }' % ("x" * 9000)).content) < 2 * MESSAGE_CHARACTERS_MAX


NEARLY_RIGHT = [
    ("{ productz(first: 1) { totalCount } }", {}),
    ("{ products(frist: 1) { totalCount } }", {}),
    ("{ products(first: 1, sortBy: {field: NAMES, direction: ASC}) { totalCount } }", {}),
    ("{ products(first: 1, filter: {serch: 1}) { totalCount } }", {}),
    ("query($f: ProductFilterInpt) { products(first: 1, filter: $f) { totalCount } }", {}),
    ("query($f: ProductFilterInput) { products(first: 1, filter: $f) { totalCount } }", {"f": {"serch": "x"}}),
    ("query($s: ProductOrder) { products(first: 1, sortBy: $s) { totalCount } }", {"s": {"field": "NAMES"}}),
    ("{ products(first: 1) { edges { node { ... on Produkt { name } } } } }", {}),
    ("{ products(first: 1) @skipp(if: true) { totalCount } }", {}),
]


@pytest.mark.parametrize(("query", "variables"), NEARLY_RIGHT)
def test_nobody_is_told_what_else_there_is(query: str, variables: dict[str, Any]) -> None:
    answer = post(query, **variables)

    assert answer.status_code == 400
    assert "Did you mean" not in answer.content.decode()


@pytest.mark.parametrize("setting", ["DEBUG", "MARKET_DEMO"])
def test_control_where_the_market_is_tried_out_developers_are_told(settings: Settings, setting: str) -> None:
    setattr(settings, setting, True)

    told = [("Did you mean" in post(query, **variables).content.decode()) for query, variables in NEARLY_RIGHT]

    # Of directives GraphQL suggests none.
    assert told == [True] * (len(NEARLY_RIGHT) - 1) + [False]


def test_of_several_mutations_the_done_ones_are_told_when_the_database_is_busy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shop = a_shop()
    line = f'{{variantId: "{gid("ProductVariant", shop.variant.pk)}", quantity: 1}}'
    from_the_second_on = iter([None, OperationalError("database is locked")])

    def sometimes(**asked: Any) -> Any:
        problem = next(from_the_second_on)
        if problem is not None:
            raise problem
        return create(**asked)

    create = checkouts.create_checkout
    monkeypatch.setattr(checkouts, "create_checkout", sometimes)
    one = f"checkoutCreate(input: {{lines: [{line}]}}) {{ checkout {{ quantity }} }}"

    answer = post(f"mutation {{ a: {one} b: {one} }}")

    content = answer.json()
    assert (answer.status_code, content["data"]) == (200, {"a": {"checkout": {"quantity": 1}}, "b": None})
    assert content["errors"][0]["extensions"]["exception"]["code"] == "DatabaseBusy"
    assert Checkout.objects.count() == 1


def _fail(problem: Exception) -> Any:
    def fail(*_given: Any, **_asked: Any) -> Any:
        raise problem

    return fail
