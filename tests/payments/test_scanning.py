"""Whether a poster still pays the right account: the shop's, an earlier one, somebody's who pasted theirs over it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from marketplace.cli.group import market
from marketplace.orders.models import Order, PaymentCode
from payments.models import Feed, PaymentLink
from payments.services.requesting import payment_for_order
from payments.services.scanning import Scan, Verdict, check_scan
from payments.services.stands import stand_of, stand_payload
from payments.vietqr.crc import crc_of
from payments.vietqr.fields import join_field
from payments.vietqr.writer import TO_CARD, write_vietqr
from tests.payments.factories import NOW, Shop, a_shop, an_order, code_of, pay, rows
from vendors.services import set_bank_account

VECTORS = json.loads((Path(__file__).parent / "data" / "vietqr_vectors.json").read_text(encoding="utf-8"))


@pytest.fixture
def shop(db: None) -> Shop:
    return a_shop()


def scan(shop: Shop, payload: str) -> Scan:
    before = rows()
    found = check_scan(vendor=shop.vendor, payload=payload)
    assert rows() == before
    return found


def sealed(body: str) -> str:
    return f"{body}6304{crc_of(f'{body}6304')}"


def moved_on(shop: Shop, number: str = "CHO40NEW1") -> None:
    set_bank_account(
        actor=shop.owner, vendor=shop.vendor, bin="970418", account_number=number, account_name="MOI", now=NOW
    )


def test_the_shops_own_stand_pays_the_shop(shop: Shop) -> None:
    stand = stand_of(actor=shop.owner, vendor=shop.vendor, now=NOW)

    found = scan(shop, stand_payload(stand))

    assert found == Scan(
        verdict=Verdict.RIGHT,
        bin="970436",
        account_number=shop.account,
        bank=found.bank,
        stand=stand,
    )
    assert found.pays_this_shop
    assert found.bank is not None
    assert found.bank.short_name == "Vietcombank"


def test_any_code_of_the_shops_account_pays_the_shop_also_the_banks_own(shop: Shop) -> None:
    for payload in (
        write_vietqr(bin="970436", account=shop.account),
        write_vietqr(bin="970436", account=shop.account, memo="MUAHANG"),
        sealed(f"00020101021138{len(template(shop.account)):02d}{template(shop.account)}53037045802VN"),
        f" {write_vietqr(bin='970436', account=shop.account)}\r\n",
    ):
        found = scan(shop, payload)
        assert (found.verdict, found.stand, found.order) == (Verdict.RIGHT, None, None)


def template(account: str) -> str:
    """The receiver as a bank may write it: no service, the account in small letters."""
    return "0010A000000727" + join_field("01", "0006970436" + join_field("01", account.lower()))


def test_a_sticker_of_somebody_elses_account_is_shown_with_bank_and_account(shop: Shop) -> None:
    stranger = write_vietqr(bin="970422", account="0334455667", memo="CHUYENTIEN")

    found = scan(shop, stranger)

    assert (found.verdict, found.pays_this_shop) == (Verdict.OTHER, False)
    assert found.bank is not None
    assert (found.bin, found.account_number, found.bank.short_name) == ("970422", "0334455667", "MBBank")


def test_the_same_number_at_another_bank_is_not_the_shops(shop: Shop) -> None:
    assert scan(shop, write_vietqr(bin="970422", account=shop.account)).verdict is Verdict.OTHER


def test_a_sticker_that_copies_the_stands_code_does_not_pass(shop: Shop) -> None:
    stand = stand_of(actor=shop.owner, vendor=shop.vendor, now=NOW)
    found = scan(shop, write_vietqr(bin="970422", account="0334455667", memo=stand.code))
    assert (found.verdict, found.stand) == (Verdict.OTHER, stand)


def test_another_shop_of_this_market_is_somebody_else_and_stays_unnamed(shop: Shop) -> None:
    other = a_shop("Hộ bên cạnh")
    stand = stand_of(actor=other.owner, vendor=other.vendor, now=NOW)

    found = scan(shop, stand_payload(stand))

    assert (found.verdict, found.stand, found.order) == (Verdict.OTHER, None, None)
    assert "Hộ bên cạnh" not in json.dumps(found.as_fields(), ensure_ascii=False)


def test_a_stand_of_the_account_before_is_told_apart(shop: Shop) -> None:
    stand = stand_of(actor=shop.owner, vendor=shop.vendor, now=NOW)
    moved_on(shop)
    stand_of(actor=shop.owner, vendor=shop.vendor, now=NOW)

    found = scan(shop, stand_payload(stand))

    assert (found.verdict, found.pays_this_shop) == (Verdict.FORMER, False)
    assert found.stand is not None
    assert found.stand.replaced_at == NOW


def test_a_code_with_an_amount_says_for_which_order_it_is(shop: Shop) -> None:
    order = an_order(shop)
    payload = payment_for_order(order=order, now=NOW).payload

    unpaid = scan(shop, payload)
    pay(shop, code_of(order), order.total_vnd)
    paid = scan(shop, payload)

    assert (unpaid.verdict, unpaid.amount_vnd, unpaid.order) == (Verdict.RIGHT, order.total_vnd, order)
    assert [found.order.status for found in (unpaid, paid) if found.order] == [
        Order.Status.UNCONFIRMED, Order.Status.UNFULFILLED,
    ]  # fmt: skip


def test_an_order_of_another_shop_is_not_shown(shop: Shop) -> None:
    order = an_order(a_shop())
    found = scan(shop, write_vietqr(bin="970436", account=shop.account, amount=1000, memo=code_of(order)))
    assert (found.verdict, found.order, found.amount_vnd) == (Verdict.RIGHT, None, 1000)


def test_a_virtual_account_that_a_provider_made_for_an_order_of_the_shop_is_the_shops(shop: Shop) -> None:
    order = an_order(shop)
    feed = Feed.objects.create(provider="payos", vendor=shop.vendor, secret="x" * 16, made_at=NOW)
    PaymentLink.objects.create(
        feed=feed,
        payment_code=PaymentCode.objects.get(order=order),
        order_code=1,
        provider_link_id="link",
        amount_vnd=order.total_vnd,
        bin="970422",
        account_number="VQRQ0001ABCD",
        account_name="PAYOS",
        memo="CSABC",
        qr_payload="x",
        made_at=NOW,
    )
    payload = write_vietqr(bin="970422", account="VQRQ0001ABCD", amount=order.total_vnd, memo="CSABC")

    assert (scan(shop, payload).verdict, scan(shop, payload).order) == (Verdict.RIGHT, order)
    assert scan(a_shop(), payload).verdict is Verdict.OTHER


def test_a_code_that_pays_a_card_is_not_the_shops_account(shop: Shop) -> None:
    set_bank_account(
        actor=shop.owner,
        vendor=shop.vendor,
        bin="970436",
        account_number="9704361234567890",
        account_name="A",
        now=NOW,
    )
    card = write_vietqr(bin="970436", account="9704361234567890", service=TO_CARD)

    assert scan(shop, card).verdict is Verdict.CARD
    assert scan(shop, write_vietqr(bin="970436", account="9704361234567890")).verdict is Verdict.RIGHT


def test_a_bank_that_is_in_no_table_is_shown_by_its_number(shop: Shop) -> None:
    receiver = "0010A000000727" + join_field("01", "0006970488" + join_field("01", "1234"))
    found = scan(shop, sealed(f"000201010211{join_field('38', receiver)}53037045802VN"))
    assert (found.verdict, found.bin, found.bank) == (Verdict.OTHER, "970488", None)


@pytest.mark.parametrize("service", ["QRPUSH", "QRCASH"])
def test_a_code_for_a_merchant_or_a_cash_machine_is_another_networks(shop: Shop, service: str) -> None:
    receiver = "0010A000000727" + join_field("01", "0006970436" + join_field("01", shop.account))
    receiver += join_field("02", service)
    found = scan(shop, sealed(f"000201010212{join_field('38', receiver)}5303704540410005802VN"))
    assert (found.verdict, found.amount_vnd) == (Verdict.OTHER_SCHEME, 1000)


@pytest.mark.parametrize("vector", VECTORS["valid_other_scheme"], ids=lambda vector: vector["note"])
def test_codes_of_other_networks_name_no_account(shop: Shop, vector: dict[str, Any]) -> None:
    assert scan(shop, vector["payload"]).verdict is Verdict.OTHER_SCHEME


@pytest.mark.parametrize(
    ("currency", "country"), [("116", "KH"), ("764", "TH"), ("418", "LA"), ("704", "KH"), ("840", "VN")]
)
def test_a_code_of_another_country_or_currency_is_called_so(shop: Shop, currency: str, country: str) -> None:
    receiver = join_field("29", "0016" + "A000000677010111")
    found = scan(shop, sealed(f"000201010211{receiver}5303{currency}5802{country}"))
    assert (found.verdict, found.bin) == (Verdict.ABROAD, None)


@pytest.mark.parametrize("payload", ["", "https://example.vn/", "000201", "x" * 100_000, "\x00", "\ud800"])
def test_what_is_no_code_is_called_unreadable_and_why(shop: Shop, payload: str) -> None:
    found = scan(shop, payload)
    assert (found.verdict, found.bin, found.pays_this_shop) == (Verdict.UNREADABLE, None, False)
    assert found.reason


@pytest.mark.parametrize("vector", VECTORS["valid"], ids=lambda vector: vector["id"])
def test_no_code_of_the_world_is_taken_for_the_shops(shop: Shop, vector: dict[str, Any]) -> None:
    assert not scan(shop, vector["payload"]).pays_this_shop


@settings(
    deadline=None, derandomize=True, max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.text(st.characters(codec=None), max_size=200))
def test_whatever_is_pasted_has_a_verdict(shop: Shop, payload: str) -> None:
    assert json.dumps(check_scan(vendor=shop.vendor, payload=payload).as_fields())


# The command


def run(*arguments: str) -> tuple[int, dict[str, Any]]:
    result = CliRunner().invoke(market, ["vietqr", "scan", *arguments])
    return result.exit_code, json.loads(result.stdout)


def test_the_command_answers_as_json_and_its_status_says_whether_the_account_is_right(shop: Shop) -> None:
    stand = stand_of(actor=shop.owner, vendor=shop.vendor, now=NOW)

    right = run("--vendor", shop.vendor.slug, stand_payload(stand))
    wrong = run("--vendor", shop.vendor.slug, write_vietqr(bin="970422", account="0334455667"))
    broken = run("--vendor", shop.vendor.slug, "000201")

    nothing = dict.fromkeys(("amount", "order", "order_status", "reason"))
    assert right == (
        0,
        nothing
        | {
            "verdict": "right",
            "pays_this_shop": True,
            "bin": "970436",
            "bank": "Vietcombank",
            "account_number": shop.account,
            "stand": stand.code,
            "stand_is_replaced": False,
        },
    )
    assert (wrong[0], wrong[1]["verdict"], wrong[1]["account_number"]) == (1, "other", "0334455667")
    assert (broken[0], broken[1]["verdict"], broken[1]["reason"]) == (1, "unreadable", "too_short")


def test_the_command_names_the_order_of_an_amount_code(shop: Shop) -> None:
    order = an_order(shop)
    status, answer = run("--vendor", shop.vendor.slug, payment_for_order(order=order, now=NOW).payload)
    assert (status, answer["order"], answer["order_status"]) == (0, order.number, order.status)
    assert answer["amount"] == order.total_vnd


def test_a_shop_that_is_not_there_is_refused(db: None) -> None:
    result = CliRunner().invoke(market, ["vietqr", "scan", "--vendor", "khong-co", "000201"])
    assert result.exit_code == 1
    assert "không có gian hàng khong-co" in result.output


def test_the_command_writes_a_code_that_pays_a_card() -> None:
    result = CliRunner().invoke(
        market, ["vietqr", "write", "--bin", "970403", "--account", "9704031101234567", "--card"]
    )
    assert result.stdout.strip().endswith("QRIBFTTC53037045802VN63044F52")
