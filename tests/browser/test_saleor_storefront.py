"""What a shopper sees of our gateway in a storefront of Saleor: the element that anyone can put into it."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.source import ROOT

pytestmark = pytest.mark.browser

MODULE = ROOT / "integrations" / "saleor-storefront" / "market40-vietqr.js"
CODE = {
    "type": "vietqr",
    "reference": "OCZ23456789AB",
    "memo": "SEVQR OCZ23456789AB",
    "amount": 125_000,
    "bank": {"bin": "970436", "short_name": "Vietcombank"},
    "account_number": "0011001234567",
    "account_name": "NGUYEN THI LAN",
    "qr_svg_url": "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'/>",
    "expires_at": "2026-11-22T10:30:00+07:00",
    "state": "waiting",
    "vendor": {"slug": "co-so-lan", "name": "Cơ sở Lan"},
}
OTHER = {
    **CODE,
    "reference": "OCZBA98765432",
    "memo": "OCZBA98765432",
    "amount": 60_000,
    "vendor": {"name": "HTX Nếnh"},
}
PAID = {"state": "paid", "amount": 0}


def told(state: str, *codes: dict[str, Any], outstanding: int = 0) -> dict[str, Any]:
    """A payload of transactionInitialize or transactionProcess."""
    return {"errors": [], "data": {**codes[0], "state": state, "outstanding": outstanding, "codes": list(codes)}}


def put(page: Page, answers: list[Any], *, lang: str = "vi") -> None:
    """The element on an empty page.

    `answers` are those of initialize and then of each process; a text is a failure, and a list with a text is what
    Saleor answers out of its own record, and the checkout's charge status then.
    """
    page.clock.install()
    page.set_content(
        f'<html lang="vi"><body><main><market40-vietqr lang="{lang}"></market40-vietqr></main></body></html>'
    )
    page.add_script_tag(type="module", content=MODULE.read_text(encoding="utf-8"))
    page.evaluate(
        """async (answers) => {
            await customElements.whenDefined("market40-vietqr");
            window.asked = [];
            const next = (name) => async () => {
              window.asked.push(name);
              const answer = answers.length > 1 ? answers.shift() : answers[0];
              if (typeof answer === "string") throw new Error(answer);
              if (!Array.isArray(answer)) return answer;
              window.chargeStatus = answer[0];
              return { errors: [], transactionEvent: { type: "CHARGE_SUCCESS" }, data: null };
            };
            const element = document.querySelector("market40-vietqr");
            element.addEventListener("market40-paid", (event) => (window.placed = event.detail));
            element.payment = {
              initialize: next("initialize"),
              process: next("process"),
              chargeStatus: async () => window.chargeStatus,
              complete: async () => { window.asked.push("complete"); return "T3JkZXI6MQ=="; },
            };
        }""",
        answers,
    )


def test_two_shops_show_two_codes_and_the_order_is_placed_when_both_are_paid(empty_page: Page) -> None:
    put(
        empty_page,
        [
            told("waiting", CODE, OTHER, outstanding=185_000),
            told("partial", {**CODE, **PAID}, OTHER, outstanding=60_000),
            told("paid", {**CODE, **PAID}, {**OTHER, **PAID}),
        ],
    )
    codes = empty_page.locator("market40-vietqr section")
    expect(codes).to_have_count(2)
    expect(codes.nth(0)).to_contain_text("Cơ sở Lan")
    expect(codes.nth(0)).to_contain_text("125.000 ₫")
    expect(codes.nth(0)).to_contain_text("SEVQR OCZ23456789AB")
    expect(codes.nth(0).get_by_role("img")).to_have_attribute("alt", "Mã VietQR, nội dung SEVQR OCZ23456789AB")

    empty_page.clock.run_for(3_100)
    expect(empty_page.get_by_role("status")).to_have_text("Đã nhận một phần. Còn thiếu 60.000 ₫.")
    expect(codes.nth(0)).to_contain_text("Đã nhận đủ tiền.")
    empty_page.clock.run_for(3_100)

    expect(empty_page.get_by_role("status")).to_have_text("Đã đặt hàng.")
    assert empty_page.evaluate("[window.asked, window.placed]") == [
        ["initialize", "process", "process", "complete"],
        "T3JkZXI6MQ==",
    ]


def test_what_saleor_answers_out_of_its_own_record_is_measured_by_the_checkouts_charge_status(
    empty_page: Page,
) -> None:
    put(empty_page, [told("waiting", CODE, OTHER, outstanding=185_000), ["PARTIAL"], ["FULL"]])
    codes = empty_page.locator("market40-vietqr section")
    expect(codes).to_have_count(2)

    empty_page.clock.run_for(3_100)
    expect(empty_page.get_by_role("status")).to_have_text("Đã nhận một phần. Bạn chuyển tiếp cho các mã còn lại.")
    expect(codes.nth(1)).to_contain_text("OCZBA98765432")
    empty_page.clock.run_for(3_100)

    expect(empty_page.get_by_role("status")).to_have_text("Đã đặt hàng.")
    assert empty_page.evaluate("window.asked") == ["initialize", "process", "process", "complete"]


def test_trouble_is_waited_out_and_the_codes_stay(empty_page: Page) -> None:
    put(empty_page, [told("waiting", CODE), "502", told("waiting", CODE), told("paid", {**CODE, **PAID})])
    expect(empty_page.locator("market40-vietqr section")).to_have_count(1)

    empty_page.clock.run_for(3_100)
    expect(empty_page.get_by_role("status")).to_have_text("Chưa hỏi được. Đang thử lại…")
    expect(empty_page.locator("market40-vietqr section")).to_contain_text("0011001234567")
    empty_page.clock.run_for(6_100)
    expect(empty_page.get_by_role("status")).to_have_text("Đang chờ ngân hàng báo tiền về. Bạn cứ để trang này mở.")
    empty_page.clock.run_for(3_100)

    expect(empty_page.get_by_role("status")).to_have_text("Đã đặt hàng.")


def test_a_part_that_the_market_tells_of_is_no_order_though_the_checkout_is_gone(empty_page: Page) -> None:
    rest = {**CODE, "amount": 25_000, "state": "partial", "outstanding": 25_000, "charged": 100_000}
    event = {"type": "CHARGE_ACTION_REQUIRED"}
    put(empty_page, [told("waiting", CODE), {"errors": [], "transactionEvent": event, "data": rest}, [None]])
    codes = empty_page.locator("market40-vietqr section")
    expect(codes).to_have_count(1)

    empty_page.clock.run_for(3_100)
    expect(empty_page.get_by_role("status")).to_have_text("Đã nhận một phần. Còn thiếu 25.000 ₫.")
    expect(codes).to_contain_text("25.000 ₫")
    assert empty_page.evaluate("[window.asked, window.placed ?? null]") == [["initialize", "process"], None]

    empty_page.clock.run_for(3_100)
    expect(empty_page.get_by_role("status")).to_have_text("Đã đặt hàng.")


def test_an_order_that_was_called_off_after_a_part_came_is_not_called_paid(empty_page: Page) -> None:
    ended = {"type": "vietqr", "reference": "OCZ23456789AB", "amount": 0, "state": "canceled", "outstanding": 25_000}
    event = {"type": "CHARGE_SUCCESS"}
    put(empty_page, [told("waiting", CODE), {"errors": [], "transactionEvent": event, "data": ended}])
    expect(empty_page.locator("market40-vietqr section")).to_have_count(1)

    empty_page.clock.run_for(3_100)

    expect(empty_page.get_by_role("status")).to_have_text("Lần thanh toán này đã hủy. Bạn bấm để lấy mã mới.")
    expect(empty_page.locator("market40-vietqr section")).to_have_count(0)
    assert empty_page.evaluate("window.asked") == ["initialize", "process"]


@pytest.mark.parametrize(
    "refusal",
    [
        "Payments are switched off here.",
        {"errors": [{"message": "Payments are switched off here."}], "data": None},
    ],
    ids=["by the storefront", "by the gateway"],
)
def test_a_refusal_that_stays_is_said_in_its_own_words_after_three_tries(empty_page: Page, refusal: Any) -> None:
    put(empty_page, [told("waiting", CODE), refusal, refusal, refusal, told("waiting", OTHER)], lang="en")
    state, again = empty_page.get_by_role("status"), empty_page.get_by_role("button", name="New code")
    expect(empty_page.locator("market40-vietqr section")).to_have_count(1)

    empty_page.clock.run_for(3_100)
    expect(state).to_have_text("No answer yet. Trying again…")
    empty_page.clock.run_for(6_100)
    expect(state).to_have_text("No answer yet. Trying again…")
    expect(again).to_be_hidden()
    empty_page.clock.run_for(12_100)
    expect(state).to_have_text("Still no answer: “Payments are switched off here.” Trying again…")
    expect(empty_page.locator("market40-vietqr section")).to_contain_text("0011001234567")
    expect(again).to_be_visible()

    empty_page.clock.run_for(24_100)
    expect(state).to_have_text("Waiting for the bank. Please keep this page open.")
    expect(again).to_be_hidden()


def test_a_code_that_ended_is_made_anew_by_one_press(empty_page: Page) -> None:
    put(empty_page, [told("waiting", CODE), told("expired", CODE), told("waiting", OTHER)])
    expect(empty_page.locator("market40-vietqr section")).to_have_count(1)
    empty_page.clock.run_for(3_100)
    expect(empty_page.get_by_role("status")).to_have_text("Mã đã hết hạn. Bạn bấm để lấy mã mới.")

    empty_page.get_by_role("button", name="Lấy mã mới").click()

    expect(empty_page.locator("market40-vietqr section")).to_contain_text("OCZBA98765432")
    assert empty_page.evaluate("window.asked") == ["initialize", "process", "initialize"]


def test_a_code_that_ran_out_at_the_gateway_is_made_anew_too(empty_page: Page) -> None:
    ended = {
        "errors": [],
        "transactionEvent": {"type": "CHARGE_FAILURE"},
        "data": {"type": "vietqr", "exception": "EXPIRED", "message": "Hết giờ trả tiền."},
    }
    put(empty_page, [told("waiting", CODE), ended, told("waiting", OTHER)])
    expect(empty_page.locator("market40-vietqr section")).to_have_count(1)
    empty_page.clock.run_for(3_100)
    expect(empty_page.get_by_role("status")).to_have_text("Mã đã hết hạn. Bạn bấm để lấy mã mới.")
    expect(empty_page.locator("market40-vietqr section")).to_have_count(0)

    empty_page.get_by_role("button", name="Lấy mã mới").click()

    expect(empty_page.locator("market40-vietqr section")).to_contain_text("OCZBA98765432")


@pytest.mark.parametrize(
    "answers",
    [
        # Saleor completed the checkout by itself while the buyer was in the bank's app: there is none any more.
        [told("waiting", CODE), [None]],
        [{"errors": [], "data": {"type": "vietqr", "exception": "ALREADY_PAID", "message": "Đơn đã trả đủ."}}],
    ],
    ids=["completed by Saleor", "paid before"],
)
def test_who_paid_is_never_asked_to_pay_again(empty_page: Page, answers: list[Any]) -> None:
    put(empty_page, answers)

    empty_page.clock.run_for(3_100)

    expect(empty_page.get_by_role("status")).to_have_text("Đã đặt hàng.")
    assert empty_page.evaluate("window.asked").count("complete") == 1


def test_a_refusal_is_said_in_the_gateways_words_and_nothing_is_placed(empty_page: Page) -> None:
    refused = {
        "errors": [],
        "transactionEvent": {"type": "CHARGE_FAILURE"},
        "data": {"type": "vietqr", "exception": "NOT_FOUND", "message": "Hàng này không phải của gian hàng nào."},
    }
    put(empty_page, [refused], lang="en")

    expect(empty_page.get_by_role("status")).to_have_text("Hàng này không phải của gian hàng nào.")
    expect(empty_page.get_by_role("button", name="New code")).to_be_visible()
    assert empty_page.evaluate("window.asked") == ["initialize"]


def test_an_element_that_is_taken_away_asks_no_more(empty_page: Page) -> None:
    put(empty_page, [told("waiting", CODE)])
    expect(empty_page.locator("market40-vietqr section")).to_have_count(1)

    empty_page.evaluate("document.querySelector('market40-vietqr').remove()")
    empty_page.clock.run_for(60_000)

    assert empty_page.evaluate("window.asked") == ["initialize"]
