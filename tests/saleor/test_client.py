"""What a Saleor may answer: whatever it is, it has a name, can be kept in a row, and repeats nothing of our token."""

from __future__ import annotations

import json
import logging
from typing import Any

import pytest
from django.test import Client

from marketplace.saleor.client import Saleor, SaleorAway, SaleorRefuses, TokenRefused
from marketplace.saleor.models import Installation, SaleorReport
from marketplace.saleor.reports.sending import send_due
from marketplace.saleor.rounds import _sentence as sentence
from marketplace.saleor.status import status
from payments.apis.calling import Answer, Caller
from tests.payments.factories import NOW
from tests.saleor.sales.standin import gid

API_URL = "https://saleor.example/graphql/"
TOKEN = "SaleorsTokenOf30LettersAndNrs1"
OTHER_SHAPES: tuple[Any, ...] = (
    None,
    [],
    {},
    {"data": None},
    {"data": []},
    {"errors": 1},
    {"errors": {"message": "x"}},
    {"errors": ["x"]},
    {"errors": [{"message": "x", "extensions": "x"}]},
    {"errors": [{"message": "x", "extensions": {"exception": "x"}}]},
)


def refused(message: object, code: object = "") -> dict[str, Any]:
    return {"errors": [{"message": message, "extensions": {"exception": {"code": code}}}]}


@pytest.fixture
def answer(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Gives the bytes, or the JSON, that every Saleor answers from then on."""

    def give(told: Any) -> None:
        body = told if isinstance(told, bytes) else json.dumps(told).encode()
        monkeypatch.setattr(Caller, "post", lambda _self, _path, *, fields: Answer(200, body))

    return give


def ask() -> dict[str, Any]:
    with Saleor(API_URL, TOKEN) as saleor:
        return saleor.ask("WhoAmI", {})


@pytest.mark.parametrize("told", OTHER_SHAPES)
def test_an_answer_of_another_shape_is_none(answer: Any, told: Any) -> None:
    answer(told)

    with pytest.raises(SaleorAway):
        ask()


@pytest.mark.parametrize("body", [b"[" * 200_000, b'{"data":' * 5_000, b"\xff", b""])
def test_what_is_not_json_or_too_deep_is_no_answer(answer: Any, body: bytes) -> None:
    answer(body)

    with pytest.raises(SaleorAway, match="not JSON, or too deep"):
        ask()


@pytest.mark.parametrize("data", [{}, {"a": None}, {"a": []}, {"a": {}, "b": {}}, {"a": {"errors": ["x"]}}])
def test_a_mutation_without_its_one_answer_was_not_answered(answer: Any, data: Any) -> None:
    answer({"data": data})

    with Saleor(API_URL, TOKEN) as saleor, pytest.raises(SaleorAway):
        saleor.change("WebhookDelete", {"id": "a"})


@pytest.mark.parametrize("half", ["\ud800", "\u0000"])
def test_what_no_row_keeps_is_taken_out_of_all_that_a_saleor_says(answer: Any, half: str) -> None:
    answer({"data": {"app": {"id": f"a{half}", "names": [f"{half}b", "Chợ 💥", 7, None]}}})
    assert ask() == {"app": {"id": "a\ufffd", "names": ["\ufffdb", "Chợ 💥", 7, None]}}

    answer(refused(f"no {half}", f"C{half}"))
    with pytest.raises(SaleorRefuses) as caught:
        ask()
    assert (str(caught.value), caught.value.code) == ("no \ufffd", "C\ufffd")


def test_a_refusal_can_be_kept_whoever_made_it() -> None:
    error = SaleorRefuses("\u0000\ud800" + "x" * 400, code="\ud800" + "c" * 400, field="\u0000" + "f" * 400)

    assert str(error) == "\ufffd\ufffd" + "x" * 298
    assert (error.code, error.field) == ("\ufffd" + "c" * 79, "\ufffd" + "f" * 79)
    assert sentence(error).startswith("Saleor từ chối: \ufffd\ufffdx")


def test_nothing_that_a_saleor_says_is_our_token(answer: Any) -> None:
    answer({"data": {"app": {"name": f"App of {TOKEN}", "parts": [TOKEN]}}})
    assert ask() == {"app": {"name": "App of …", "parts": ["…"]}}

    answer(refused(f"{TOKEN} is not wanted", f"NO_{TOKEN}"))
    with pytest.raises(SaleorRefuses) as caught:
        ask()
    assert (str(caught.value), caught.value.code) == ("… is not wanted", "NO_…")

    answer({"data": {"a": {"errors": [{"field": TOKEN, "message": f"{TOKEN}?", "code": TOKEN}]}}})
    with Saleor(API_URL, TOKEN) as saleor, pytest.raises(SaleorRefuses) as caught:
        saleor.change("WebhookDelete", {"id": "a"})
    assert (str(caught.value), caught.value.code, caught.value.field) == ("… …?", "…", "…")


def test_a_refused_token_is_named_in_our_words_alone(answer: Any) -> None:
    answer(refused("Token SaleorsTokenOf30 Letters has expired", "ExpiredSignatureError"))

    with pytest.raises(TokenRefused) as caught:
        ask()
    assert (str(caught.value), caught.value.code) == ("ExpiredSignatureError", "ExpiredSignatureError")


@pytest.mark.parametrize(
    ("code", "problem"),
    [("PermissionDenied", "PermissionDenied"), ("GraphQLError", "GraphQLError: Token … has expired")],
)
def test_our_token_is_in_no_row_no_log_and_no_status(
    code: str, problem: str, db: None, settings: Any, answer: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.SALEOR_API_URLS = (API_URL,)
    caplog.set_level(logging.DEBUG)
    row = Installation.objects.create(api_url=API_URL, app_id=gid("App"), token=TOKEN, installed_at=NOW)
    transaction = row.transactions.create(
        saleor_id=gid("TransactionItem"), source="checkout", source_id="a", amount_vnd=1000, made_at=NOW
    )
    transaction.reports.create(
        type="CHARGE_SUCCESS", psp_reference="FT1", amount_vnd=1000, happened_at=NOW, not_before=NOW
    )
    answer(refused(f"Token {TOKEN} has expired", code))

    assert send_due(now=NOW) == 1

    assert SaleorReport.objects.get().problem == problem
    assert TOKEN not in json.dumps(status(), ensure_ascii=False) + caplog.text


@pytest.mark.parametrize("told", OTHER_SHAPES)
def test_registering_at_a_saleor_that_answers_oddly_can_be_tried_again(
    told: Any, db: None, settings: Any, answer: Any
) -> None:
    settings.SALEOR_API_URLS = (API_URL,)
    answer(told)

    told_us = Client(raise_request_exception=False).post(
        "/saleor/register/",
        json.dumps({"auth_token": TOKEN}),
        content_type="application/json",
        headers={"Saleor-Api-Url": API_URL},
    )

    assert told_us.status_code == 503
    assert not Installation.objects.exists()
