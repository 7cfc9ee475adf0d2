"""`market saleor` and the doctor: how the operator installs the market, sees how it stands, and leaves."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import DatabaseError
from pytest_django import Settings as SettingsWrapper

from marketplace.cli.saleor import saleor as command
from marketplace.core.errors import MarketError
from marketplace.running import doctor
from marketplace.running.doctor import Finding, examine
from marketplace.saleor import installing
from marketplace.saleor.models import Installation, SaleorObject, SaleorSale, SaleorTransaction, ToFetch
from marketplace.saleor.status import reach, status
from tests.plugins.database import count_statements
from tests.saleor.join.small_saleor import APP_ID, TOKEN, SmallSaleor, an_app, answer_json

pytestmark = pytest.mark.django_db
STAFF = "a-staff-members.jwt.of-the-tests"
BEGUN = "QXBwSW5zdGFsbGF0aW9uOjE="


def market(*words: str, stdin: str = "") -> Result:
    return CliRunner().invoke(command, list(words), input=stdin)


def refused(result: Result) -> str:
    assert isinstance(result.exception, MarketError)
    return str(result.exception)


@pytest.fixture
def naps(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """How long the command would have slept."""
    slept: list[float] = []
    monkeypatch.setattr(installing.time, "sleep", slept.append)
    return slept


def test_without_a_token_it_says_what_to_paste_into_the_dashboard(
    small_saleor: SmallSaleor, settings: SettingsWrapper
) -> None:
    settings.MARKET_PUBLIC_URL = "https://cho.example"

    result = market("install", small_saleor.api_url)

    assert (result.exit_code, result.stdout) == (0, "https://cho.example/saleor/manifest.json\n")
    assert small_saleor.asked == []


@pytest.mark.parametrize("option", [(), ("--as-staff",), ("--app-token",)])
def test_a_saleor_that_is_not_listed_is_not_spoken_to(small_saleor: SmallSaleor, option: tuple[str, ...]) -> None:
    result = market("install", "https://other.example/graphql/", *option, stdin=f"{TOKEN}\n")

    assert "SALEOR_API_URLS" in refused(result)
    assert small_saleor.asked == []


def test_with_the_token_of_an_app_made_by_hand_it_joins_and_makes_the_webhooks(small_saleor: SmallSaleor) -> None:
    result = market("install", small_saleor.api_url, "--app-token", stdin=f"{TOKEN}\n")

    assert (result.exit_code, json.loads(result.stdout)) == (
        0,
        {"api_url": small_saleor.api_url, "app": APP_ID, "state": "installed"},
    )
    row = Installation.objects.get()
    assert (row.token, bool(row.webhooks_said)) == (TOKEN, True)
    assert len(small_saleor.webhooks) > 20
    assert TOKEN not in result.output


def test_a_wrong_app_token_is_refused_in_a_sentence(small_saleor: SmallSaleor) -> None:
    result = market("install", small_saleor.api_url, "--app-token", stdin="WrongTokenOfThirtyLettersAndNr\n")

    assert refused(result) == "Saleor không nhận mã của ứng dụng này."
    assert Installation.objects.count() == 0


def test_as_staff_it_asks_saleor_to_install_us_with_what_we_need(
    small_saleor: SmallSaleor, naps: list[float]
) -> None:
    small_saleor.apps[STAFF] = an_app()

    result = market("install", small_saleor.api_url, "--as-staff", stdin=f"{STAFF}\n")

    assert (result.exit_code, json.loads(result.stdout)["state"]) == (0, "installed")
    asked = small_saleor.asked[0][1]["variables"]["input"]
    assert asked["manifestUrl"].endswith("/saleor/manifest.json")
    assert "HANDLE_PAYMENTS" in asked["permissions"]
    assert (naps, STAFF in result.output) == ([], False)


def test_an_installation_that_takes_longer_is_pending(small_saleor: SmallSaleor, naps: list[float]) -> None:
    small_saleor.apps[STAFF] = an_app()
    small_saleor.installations = [{"id": BEGUN, "status": "PENDING", "message": None}]

    result = market("install", small_saleor.api_url, "--as-staff", "--wait-s", "3", stdin=f"{STAFF}\n")

    assert json.loads(result.stdout)["state"] == "pending"
    assert naps == [1.0, 1.0, 1.0]


def test_an_installation_that_failed_is_told_with_saleors_reason(
    small_saleor: SmallSaleor, naps: list[float]
) -> None:
    small_saleor.apps[STAFF] = an_app()
    small_saleor.installations = [{"id": BEGUN, "status": "FAILED", "message": "Failed to connect to app."}]

    result = market("install", small_saleor.api_url, "--as-staff", stdin=f"{STAFF}\n")

    assert refused(result) == "Saleor cài không xong: Failed to connect to app."


@pytest.mark.parametrize("stranger", [True, False])
def test_staff_who_may_not_install_are_told(small_saleor: SmallSaleor, stranger: bool) -> None:
    if not stranger:
        small_saleor.apps[STAFF] = an_app()
        small_saleor.refusal = {"field": "permissions", "message": "You can't add permission", "code": "OUT_OF_SCOPE"}

    result = market("install", small_saleor.api_url, "--as-staff", stdin=f"{STAFF}\n")

    assert refused(result).startswith("Saleor không cho cài: ")


def test_a_saleor_that_does_not_answer_is_told(small_saleor: SmallSaleor) -> None:
    small_saleor.lies["/graphql/"] = lambda handler: answer_json(handler, {}, code=500)

    result = market("install", small_saleor.api_url, "--as-staff", stdin=f"{STAFF}\n")

    assert refused(result) == "Saleor chưa trả lời. Bạn thử lại sau ít phút."


def test_a_token_is_asked_for_unseen_where_a_person_sits(
    small_saleor: SmallSaleor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "marketplace.cli.saleor.sys",
        type("Terminal", (), {"stdin": type("In", (), {"isatty": staticmethod(lambda: True)})}),
    )

    result = market("install", small_saleor.api_url, "--app-token", stdin=f"{TOKEN}\n")

    assert (result.exit_code, TOKEN in result.output) == (0, False)


def test_status_says_what_is_installed_what_waits_and_what_is_wrong(
    small_saleor: SmallSaleor, joined: Installation, settings: SettingsWrapper, now: datetime
) -> None:
    settings.SALEOR_API_URLS = (small_saleor.api_url, "https://other.example/graphql/")
    Installation.objects.update(problem="Kênh bán không còn.", webhook_key="a secret key", channel="vnd")
    ToFetch.objects.create(installation=joined, kind="order", saleor_id="1", not_before=now, asked_at=now)
    ToFetch.objects.create(
        installation=joined, kind="order", saleor_id="2", not_before=now, asked_at=now, is_given_up=True
    )
    SaleorObject.objects.create(installation=joined, kind="product", our_id="1", due_at=now, problem="Giá lẻ.")
    SaleorTransaction.objects.create(
        installation=joined,
        saleor_id="T1",
        source="order",
        source_id="O1",
        amount_vnd=1,
        made_at=now,
        problem="Thiếu 1 đồng.",
    )
    SaleorSale.objects.create(installation=joined, saleor_id="O1", number="17", taken_at=now, problem="Lệch.")

    result = market("status")

    told = json.loads(result.stdout)
    [one] = told.pop("installations")
    assert told == {"version": "0.1.0", "is_on": True, "not_installed": ["https://other.example/graphql/"]}
    assert (one["api_url"], one["state"], one["app"]) == (small_saleor.api_url, "installed", APP_ID)
    assert (one["saleor_version"], one["channel"], one["keys"]) == ("3.24.0-a.0", "vnd", 1)
    assert (one["installed_at"], one["left_at"]) == ("2026-11-22T03:00:00+00:00", None)
    assert one["waiting"] == {
        "reports_waiting": 0,
        "reports_not_read_back": 0,
        "reports_refused": 0,
        "to_fetch": 1,
        "to_fetch_given_up": 1,
        "to_tell": 0,
        "to_tell_given_up": 0,
        "goods_to_say": 1,
        "goods_refused": 1,
    }
    assert one["problems"] == ["Kênh bán không còn.", "transaction T1: Thiếu 1 đồng.", "order 17: Lệch."]
    assert TOKEN not in result.stdout
    assert "a secret key" not in result.stdout


def test_status_asks_the_same_few_statements_however_much_waits(joined: Installation, now: datetime) -> None:
    few = count_statements(status)
    for number in range(30):
        ToFetch.objects.create(installation=joined, kind="order", saleor_id=f"{number}", not_before=now, asked_at=now)

    assert count_statements(status) == few <= 14


def test_status_works_with_a_lost_field_key(joined: Installation, settings: SettingsWrapper) -> None:
    settings.MARKET_FIELD_KEYS = ["MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="]

    assert len(status()["installations"]) == 1


def test_leaving_says_whether_saleor_knows(small_saleor: SmallSaleor, joined: Installation) -> None:
    result = market("leave", small_saleor.api_url)

    assert (result.exit_code, Installation.objects.get().state) == (0, "left")
    assert "Hàng của chợ vẫn bán ở đó" in result.stderr
    assert "Saleor chưa trả lời" not in result.stderr


def test_leaving_a_saleor_that_is_away_says_so(small_saleor: SmallSaleor, joined: Installation) -> None:
    small_saleor.apps = {}

    result = market("leave", small_saleor.api_url)

    assert (result.exit_code, Installation.objects.get().state) == (0, "left")
    assert "Saleor chưa trả lời" in result.stderr


def of_saleor() -> list[Finding]:
    return [one for one in examine(now=datetime.now().astimezone()) if one.subject.startswith("saleor")]


def test_the_doctor_says_off_not_installed_and_answers(
    small_saleor: SmallSaleor, settings: SettingsWrapper, now: datetime
) -> None:
    subject = f"saleor {small_saleor.api_url}"
    said = f"not installed: `market saleor install {small_saleor.api_url}` says how"
    assert of_saleor() == [Finding(subject, True, said)]
    market("install", small_saleor.api_url, "--app-token", stdin=f"{TOKEN}\n")
    assert of_saleor() == [Finding(subject, True, "answers, version 3.24.0-a.0")]
    market("leave", small_saleor.api_url)
    assert of_saleor() == [Finding(subject, True, said)]
    settings.SALEOR_API_URLS = ()
    assert of_saleor() == [Finding("saleor", True, "off (no SALEOR_API_URLS)")]


def test_the_doctor_names_what_is_wrong(
    small_saleor: SmallSaleor, joined: Installation, settings: SettingsWrapper
) -> None:
    Installation.objects.update(problem="Kênh bán không còn.")
    assert [(one.well, one.sentence) for one in of_saleor()] == [(False, "Kênh bán không còn.")]
    small_saleor.apps = {}
    assert "không nhận mã" in of_saleor()[0].sentence
    small_saleor.lies["/graphql/"] = lambda handler: answer_json(handler, {}, code=502)
    assert of_saleor()[0].sentence == "no answer (Unreachable: 502)"
    settings.MARKET_FIELD_KEYS = ["MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDA="]
    assert "MARKET_FIELD_KEYS" in of_saleor()[0].sentence


@pytest.mark.parametrize("told", [{"app": None, "shop": {}}, {"app": {}, "shop": None}])
def test_an_answer_to_nobody_is_no_answer(small_saleor: SmallSaleor, joined: Installation, told: Any) -> None:
    small_saleor.lies["/graphql/"] = lambda handler: answer_json(handler, {"data": told})

    assert "không nhận mã" in reach(joined).problem


def test_the_doctor_leaves_a_database_that_is_away_to_the_other_findings(
    small_saleor: SmallSaleor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(_url: str, _row: object) -> Finding:
        raise DatabaseError

    monkeypatch.setattr(doctor, "_saleor", away)

    assert of_saleor() == []
