"""The played Saleor keeps to what was seen of a running 3.24."""

from __future__ import annotations

import base64
import json

import jwt
import pytest
import requests
from jwt.algorithms import RSAAlgorithm

from tests.saleor.played.apps import InstallationFailed
from tests.saleor.played.conftest import APP_URL, REPORT, SmallApp, asked, reported, sums
from tests.saleor.played.orders import CheckoutNotFullyPaid
from tests.saleor.played.saleor import PlayedSaleor
from tests.saleor.played.server import closed, html, status
from tests.saleor.played.transport import Reply
from tests.saleor.played.world import Thing


@pytest.fixture
def transaction(played: PlayedSaleor, app: Thing, small_app: SmallApp) -> Thing:
    """A checkout over 100,000 đồng whose code was shown."""
    product = played.make_product("Trà Shan tuyết", 100_000)
    checkout = played.make_checkout((product["variants"][0], 1))
    small_app.answers.append({"result": "CHARGE_ACTION_REQUIRED", "pspReference": "ours-1", "data": {"qr": "…"}})
    made, event, data = played.initialize(checkout)
    assert (event["type"], data) == ("CHARGE_ACTION_REQUIRED", {"qr": "…"})
    return made


def test_the_handshake_hands_over_a_token_of_30_characters_with_saleors_headers(
    played: PlayedSaleor, small_app: SmallApp
) -> None:
    app = played.install(f"{APP_URL}/manifest.json")

    (_get, _url, _nothing, asked_with), (method, url, body, headers) = small_app.got
    assert asked_with["Saleor-Schema-Version"] == "3.24"
    assert (method, url, json.loads(body)) == ("POST", f"{APP_URL}/register", {"auth_token": app["authToken"]})
    assert (headers["Saleor-Api-Url"], headers["Saleor-Domain"]) == (played.api_url, played.world.domain)
    assert len(app["authToken"]) == 30


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"permissions": ["MANAGE_APPS"]}, "MANAGE_APPS"),
        ({"permissions": ["MANAGE_EVERYTHING"]}, "don't exist"),
        ({"requiredSaleorVersion": "^3.24"}, "not supported"),
        ({"version": None}, "version"),
        ({"brand": {"logo": {"default": f"{APP_URL}/logo.svg"}}}, "file type"),
        ({"extensions": [{"label": "a", "url": "/a", "mount": "x"}]}, "url"),
        (
            {"webhooks": [{"name": "a", "targetUrl": APP_URL, "query": "subscription { event { nothing } }"}]},
            "Subscription query is not valid",
        ),
    ],
)
def test_a_manifest_that_saleor_would_not_take_is_not_installed(
    played: PlayedSaleor, small_app: SmallApp, change: dict[str, object], message: str
) -> None:
    small_app.manifest |= change

    with pytest.raises(InstallationFailed, match=message):
        played.install(f"{APP_URL}/manifest.json")
    assert played.world.kinds["App"] == []


def test_an_app_that_refuses_its_token_is_not_installed(played: PlayedSaleor, small_app: SmallApp) -> None:
    small_app.answers.append(Reply(403, b'{"error": {"message": "not you"}}'))

    with pytest.raises(InstallationFailed, match="not you"):
        played.install(f"{APP_URL}/manifest.json")
    assert played.world.kinds["App"] == []


def test_a_webhooks_signature_is_over_the_raw_body_with_the_published_key(
    played: PlayedSaleor, small_app: SmallApp, transaction: Thing
) -> None:
    method, url, body, headers = small_app.got[-1]
    keys = requests.get(f"{played.world.url}/.well-known/jwks.json", timeout=10).json()["keys"]
    signature = headers["Saleor-Signature"]
    header = json.loads(base64.urlsafe_b64decode(signature.partition(".")[0] + "=="))

    assert (method, url, headers["Saleor-Event"]) == ("POST", f"{APP_URL}/hooks", "transaction_initialize_session")
    assert header == {"alg": "RS256", "b64": False, "crit": ["b64"], "kid": keys[0]["kid"], "typ": "JWT"}
    key = RSAAlgorithm.from_jwk(keys[0])
    jws = jwt.PyJWS(algorithms=["RS256"])
    assert jws.decode(signature, key, algorithms=["RS256"], detached_payload=body) == body
    with pytest.raises(jwt.InvalidSignatureError):
        jws.decode(signature, key, algorithms=["RS256"], detached_payload=body + b" ")


def test_a_webhooks_body_is_the_result_of_the_apps_subscription(small_app: SmallApp, transaction: Thing) -> None:
    body = json.loads(small_app.got[-1][2])

    assert body["merchantReference"] == transaction["id"]
    assert body["action"] == {"amount": 100_000.0, "actionType": "CHARGE"}
    assert body["sourceObject"]["totalPrice"] == {"gross": {"amount": 100_000.0, "currency": "VND"}}


def test_several_credits_are_several_reports_that_add_up(played: PlayedSaleor, transaction: Thing) -> None:
    checkout = transaction["checkout"]

    first = reported(played, transaction, "CHARGE_SUCCESS", "FT1", 60_000)
    assert (first["alreadyProcessed"], checkout["chargeStatus"]) == (False, "PARTIAL")
    with pytest.raises(CheckoutNotFullyPaid):
        played.complete(checkout)
    reported(played, transaction, "CHARGE_SUCCESS", "FT2", 40_000)

    assert sums(played, transaction)["chargedAmount"] == {"amount": 100_000.0}
    order = played.complete(checkout)
    assert (order["chargeStatus"], order["totalCharged"], order["checkoutId"]) == ("FULL", 100_000, checkout["id"])
    assert played.complete(checkout) is order


def test_the_same_report_again_was_processed_already_and_another_amount_has_incorrect_details(
    played: PlayedSaleor, transaction: Thing
) -> None:
    reported(played, transaction, "CHARGE_SUCCESS", "FT1", 60_000)

    again = reported(played, transaction, "CHARGE_SUCCESS", "FT1", 60_000)
    other = reported(played, transaction, "CHARGE_SUCCESS", "FT1", 70_000)

    assert (again["alreadyProcessed"], again["errors"]) == (True, [])
    assert [error["code"] for error in other["errors"]] == ["INCORRECT_DETAILS"]
    told = sums(played, transaction)
    assert told["chargedAmount"] == {"amount": 60_000.0}
    assert [event["type"] for event in told["events"]].count("CHARGE_FAILURE") == 1


def test_an_amount_may_be_left_out_of_a_failure_and_of_no_success(played: PlayedSaleor, transaction: Thing) -> None:
    refused = reported(played, transaction, "CHARGE_SUCCESS", "FT1", None)
    reported(played, transaction, "CHARGE_SUCCESS", "FT1", 60_000)
    failed = reported(played, transaction, "CHARGE_FAILURE", "FT1", None)

    assert [error["code"] for error in refused["errors"]] == ["REQUIRED"]
    assert failed["transactionEvent"]["amount"] == {"amount": 60_000.0}
    assert sums(played, transaction)["chargedAmount"] == {"amount": 0.0}


def test_another_apps_transaction_may_not_be_reported(played: PlayedSaleor, transaction: Thing) -> None:
    other = played.add_app(permissions={"HANDLE_PAYMENTS"}, id="other")

    assert played.app is other
    variables = {"id": transaction["id"], "type": "INFO", "psp": "x"}
    answer = asked(played, REPORT, variables, token=other["authToken"])

    assert answer["errors"][0]["extensions"]["exception"]["code"] == "PermissionDenied"
    assert answer["data"] == {"transactionEventReport": None}


def test_a_death_between_event_and_effect_keeps_the_event_and_loses_the_effect_until_the_next_event(
    played: PlayedSaleor, transaction: Thing
) -> None:
    played.die_after_event()

    with pytest.raises(requests.ConnectionError):
        reported(played, transaction, "CHARGE_SUCCESS", "FT1", 100_000)
    again = reported(played, transaction, "CHARGE_SUCCESS", "FT1", 100_000)

    assert (again["alreadyProcessed"], again["transaction"]["chargedAmount"]["amount"]) == (True, 0.0)
    assert transaction["checkout"]["chargeStatus"] == "NONE"
    reported(played, transaction, "INFO", "look", 0)
    assert (transaction["chargedAmount"], transaction["checkout"]["chargeStatus"]) == (100_000, "FULL")


def test_a_final_event_is_answered_from_saleors_own_record(
    played: PlayedSaleor, small_app: SmallApp, transaction: Thing
) -> None:
    small_app.answers.append({"result": "CHARGE_ACTION_REQUIRED", "pspReference": "ours-1", "data": 1})
    assert played.process(transaction)[1] == 1
    reported(played, transaction, "CHARGE_SUCCESS", "FT1", 60_000)
    small_app.got.clear()

    event, data = played.process(transaction)

    assert (event["type"], data, small_app.got) == ("CHARGE_SUCCESS", None, [])


@pytest.mark.parametrize(
    "answer",
    [
        Reply(500, b""),
        Reply(200, b"<p>"),
        {"result": "PAID"},
        {"result": "CHARGE_SUCCESS"},
        {"result": "CHARGE_ACTION_REQUIRED", "amount": "NaN"},
        {"result": "CHARGE_ACTION_REQUIRED", "time": "yesterday"},
        {"result": "CHARGE_ACTION_REQUIRED", "externalUrl": "javascript:1"},
    ],
)
def test_an_answer_that_saleor_cannot_use_is_a_failure(
    played: PlayedSaleor, app: Thing, small_app: SmallApp, answer: object
) -> None:
    checkout = played.make_checkout((played.make_product("Mật ong", 50_000)["variants"][0], 2))
    small_app.answers.append(answer)

    transaction, event, data = played.initialize(checkout)

    assert (event["type"], event["amount"], data) == ("CHARGE_FAILURE", 100_000, None)
    assert transaction["chargedAmount"] == 0


def test_a_refund_is_asked_by_a_worker_and_is_pending_until_it_is_reported(
    played: PlayedSaleor, small_app: SmallApp, transaction: Thing
) -> None:
    reported(played, transaction, "CHARGE_SUCCESS", "FT1", 100_000)
    order = played.complete(transaction["checkout"])
    granted = played.grant_refund(order, transaction, 30_000)
    played.request(transaction, "REFUND", amount_vnd=30_000, granted=granted)
    assert (transaction["chargedAmount"], transaction["refundPendingAmount"]) == (100_000, 0)

    played.deliver_in([one for one in played.waiting if one.event != "TRANSACTION_REFUND_REQUESTED"])
    small_app.answers.append({"pspReference": "refund-1"})
    played.deliver()

    assert (transaction["chargedAmount"], transaction["refundPendingAmount"]) == (70_000, 30_000)
    reported(played, transaction, "REFUND_SUCCESS", "refund-1", 30_000)
    assert (transaction["refundedAmount"], transaction["refundPendingAmount"]) == (30_000, 0)
    assert (granted["status"], order["chargeStatus"], order["totalCharged"]) == ("SUCCESS", "FULL", 70_000)


def test_an_asynchronous_webhook_is_tried_five_times_more_and_then_lost(
    played: PlayedSaleor, small_app: SmallApp, transaction: Thing
) -> None:
    reported(played, transaction, "CHARGE_SUCCESS", "FT1", 100_000)
    played.complete(transaction["checkout"])
    small_app.got.clear()
    small_app.is_away = True
    for pause_s in (0, 10, 20, 40, 80, 160):
        played.pass_time(pause_s)
        assert played.deliver() == 1
    small_app.is_away = False
    played.pass_time(3600)

    assert played.deliver() == 0
    assert ([one.event for one in played.post.lost], small_app.got) == (["ORDER_FULLY_PAID"], [])


def test_a_webhook_that_was_refused_is_not_tried_again(
    played: PlayedSaleor, small_app: SmallApp, transaction: Thing
) -> None:
    reported(played, transaction, "CHARGE_SUCCESS", "FT1", 100_000)
    played.complete(transaction["checkout"])
    small_app.answers.append(Reply(401, b""))

    assert (played.deliver(), played.waiting) == (1, [])


def test_a_document_outside_the_schema_is_refused_and_kept_as_a_fault(played: PlayedSaleor, app: Thing) -> None:
    answer = asked(played, "query Bad { shop { weather } }")

    assert (answer["status"], "data" in answer) == (400, False)
    assert [fault for fault in played.faults if "weather" in fault] == played.faults != []
    played.faults.clear()


def test_a_variable_of_the_wrong_type_is_refused_and_kept_as_a_fault(
    played: PlayedSaleor, transaction: Thing
) -> None:
    variables = {"id": transaction["id"], "type": "PAID", "psp": "FT1", "amount": 1}
    query = "mutation R($id: ID, $type: TransactionEventTypeEnum!, $psp: String!, $amount: PositiveDecimal) {"
    query += " transactionEventReport(id: $id, type: $type, pspReference: $psp, amount: $amount) { __typename } }"

    for wrong in ({}, {"type": "INFO", "amount": -1}, {"type": "INFO", "amount": True}):
        answer = asked(played, query, variables | wrong, token=played.app["authToken"])
        assert answer["status"] == 400

    assert len(played.faults) == 3
    played.faults.clear()


def test_without_its_permission_an_app_is_refused(played: PlayedSaleor, transaction: Thing) -> None:
    nobody = asked(played, "query Q($id: ID!) { transaction(id: $id) { id } }", {"id": transaction["id"]})
    played.uninstall(played.app)
    gone = asked(played, "{ app { id } }", token=transaction["owner"]["authToken"])

    assert (nobody["status"], nobody["data"]) == (200, {"transaction": None})
    assert gone["errors"][0]["extensions"]["exception"]["code"] == "InvalidTokenError"


def test_it_fails_as_it_is_told_to(played: PlayedSaleor, app: Thing) -> None:
    played.fail_next(status(503), html, closed)
    played.limit(7)

    def ask() -> requests.Response:
        return requests.post(played.api_url, json={"query": "{ shop { name } }"}, timeout=10)

    assert ask().status_code == 503
    assert ask().text.startswith("<!doctype")
    with pytest.raises(requests.ConnectionError):
        ask()
    limited = ask()
    assert (limited.status_code, limited.headers["Retry-After"]) == (429, "7")
    played.away()
    with pytest.raises(requests.ConnectionError):
        ask()
    played.back()
    assert ask().json()["data"] == {"shop": {"name": "Chợ tỉnh"}}
