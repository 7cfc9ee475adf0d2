"""`market import-statement`: what it says, what it leaves, and its exit statuses."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from marketplace.cli import statements as command
from marketplace.cli.group import market
from marketplace.core import clock
from marketplace.core.errors import MarketError
from payments.models import BankNotice, Statement
from payments.services import booking
from tests.payments.factories import NOW, Shop, a_shop, an_order, code_of, rows
from tests.payments.statements.booklets import Entry, entries, vietcombank
from tests.payments.statements.samples import csv_of

pytestmark = pytest.mark.usefixtures("committed_db")


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: NOW)


@pytest.fixture
def shop(committed_db: None) -> Shop:
    return a_shop(quantity=100)


def run(shop: Shop, folder: Path, content: bytes, *options: str) -> Result:
    file = folder / "sao-ke.csv"
    file.write_bytes(content)
    return CliRunner().invoke(market, ["import-statement", str(file), "--vendor", shop.vendor.slug, *options])


def test_a_file_is_imported_and_again_changes_nothing(shop: Shop, tmp_path: Path) -> None:
    order = an_order(shop)
    content = vietcombank(shop, [Entry(code_of(order)), Entry("x", 30_000), Entry("phi", -1_000)])

    first = run(shop, tmp_path, content)

    assert (first.exit_code, Statement.objects.get().state) == (0, "done")
    assert "3 dòng, 3 dòng mới. Ghi vào đơn: 1 (60.000" in first.output
    assert "Cần xem: 1 (30.000" in first.output
    before = rows()
    assert run(shop, tmp_path, content).exit_code == 0
    assert (rows(), Statement.objects.count()) == (before, 1)


def test_a_dry_run_says_each_row_and_leaves_nothing(shop: Shop, tmp_path: Path) -> None:
    order = an_order(shop)
    before = rows()

    said = run(shop, tmp_path, vietcombank(shop, [Entry(code_of(order)), Entry("phi", -1_000)]), "--dry-run")

    assert said.exit_code == 0
    lines = [line.replace("\u00a0", " ") for line in said.output.splitlines()]
    assert lines == [
        f"Dòng 3, 20/11/2026, 60.000 ₫: mới – ghi vào đơn {order.number}",
        "Dòng 4, 20/11/2026, -1.000 ₫: tiền đi – bỏ qua",
        "2 dòng: chưa ghi gì vì chỉ thử.",
    ]
    assert (rows(), Statement.objects.count()) == (before, 0)


def test_balances_that_do_not_fit_are_told(shop: Shop, tmp_path: Path) -> None:
    rows_of_file = [["Số dư đầu kỳ", "0"], ["Số dư cuối kỳ", "9.000"], ["Ngày", "Nội dung", "Số tiền"]]
    content = csv_of([*rows_of_file, ["20/11/2026", "x", "5.000"]])
    for options in (["--dry-run"], []):
        said = run(shop, tmp_path, content, "--account", shop.account, *options)
        assert "lệch 4.000" in said.stderr


def test_refusals_are_sentences_and_leave_nothing(shop: Shop, tmp_path: Path) -> None:
    fine = vietcombank(shop, entries(1))
    refused = run(shop, tmp_path, b"1;2")
    assert isinstance(refused.exception, MarketError)
    no_account = csv_of([["Ngày", "Nội dung", "Số tiền"], ["20/11/2026", "x", "5.000"]])
    for options in ([], ["--dry-run"]):
        unsaid = run(shop, tmp_path, no_account, *options)
        assert "số tài khoản" in str(unsaid.exception)
    assert isinstance(run(shop, tmp_path, fine, "--layout", "bidv").exception, MarketError)
    assert run(shop, tmp_path, fine, "--layout", "no-such").exit_code == 2
    nobody = CliRunner().invoke(market, ["import-statement", str(tmp_path / "sao-ke.csv"), "--vendor", "nobody"])
    assert "không có gian hàng" in str(nobody.exception)
    assert (Statement.objects.count(), BankNotice.objects.count()) == (0, 0)


def test_lines_that_could_not_be_settled_yet_end_with_a_status(
    shop: Shop, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(booking, "charge", lambda *_, **__: 1 / 0)
    said = run(shop, tmp_path, vietcombank(shop, [Entry(code_of(an_order(shop)))]))
    assert said.exit_code == 1
    assert Statement.objects.get().state == "running"


def test_a_bar_is_drawn_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with command._Bar() as bar:
        bar.show(25, 50)
        bar.show(50, 50)
    assert capsys.readouterr().err == ""
    with command._Bar():
        pass
    monkeypatch.setattr(command.sys.stderr, "isatty", lambda: True)
    with command._Bar() as bar:
        bar.show(25, 50)
        bar.show(50, 50)
    assert "Đang nhập" in capsys.readouterr().err
