"""Every bank's layout gives exactly its lines; any other table does by its heads, or a person says what they mean."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from payments.statements.errors import BadRow, EmptyStatement, ForeignCurrency, StatementRefused, UnknownLayout
from payments.statements.layouts import Column, find_header, likely_header, own_layout, recognise, signature
from payments.statements.reading import read_statement, read_table
from tests.payments.statements.samples import Told, csv_of, sample, told, xlsx_of

CODE, OTHER_CODE = "OCZ2222222222", "OCZ22222223W3"
VIETCOMBANK: list[Told] = [
    (9, "2026-11-20", 60_000, "5078.51136",
     f"MBVCB.2452601815.174242.{CODE}.CT tu 0000000001 toi CHO40VCB00001", None),
    (10, "2026-11-20", -11_000, "5078.51137", "THU PHI DICH VU SMS THANG 11/2026", None),
    (11, "2026-11-21", 1_250_000, "5390.69958",
     f"020097042209091712522024VHQZ187912.6995 8.171254.{OTHER_CODE}", None),
    (12, "2026-11-22", 20_000, "5216.20838", "NGUYEN VAN THU chuyen tien", None),
]  # fmt: skip
BIDV: list[Told] = [
    (6, "2026-11-20", 60_000, "", f"REM Tfr Ac:0000000001 {CODE}", 1_060_000),
    (7, "2026-11-21", -500_000, "", "RUT TIEN MAT TAI QUAY", 560_000),
    (8, "2026-11-22", 1_250_000, "", f"TKThe 0000000002 tai MB {OTHER_CODE}", 1_810_000),
]
VIETINBANK: list[Told] = [
    (6, "2026-11-20 08:15:30", 60_000, "890S26B0ABC00001", f"CT DEN:123456 {CODE}", 2_060_000),
    (7, "2026-11-22 17:40:02", -5_500, "890S26B0ABC00002", "PHI QUAN LY TAI KHOAN", 2_054_500),
]
AGRIBANK: list[Told] = [
    (6, "2026-11-20", 60_000, "FT26324000001", f"{CODE} chuyen tien", 560_000),
    (7, "2026-11-21", 123, "FT26325000002", "Tra lai tien gui", 560_123),
    (8, "2026-11-22", -200_000, "FT26326000003", "Chuyen khoan", 360_123),
]
TRACE = f"CUSTOMER {CODE} Ma giao dich Trace2 23979 Trace 223979"
MB: list[Told] = [
    (5, "2026-11-20 09:01:02", 60_000, "FT26324111111111", TRACE, 160_000),
    (6, "2026-11-20 09:01:02", 60_000, "FT26324111111112", TRACE, 220_000),
    (7, "2026-11-22 19:30:00", -20_000, "FT26326222222222", "NGUYEN VAN THU CHUYEN TIEN", 200_000),
]
TECHCOMBANK: list[Told] = [
    (9, "2026-11-20", 60_000, "FT26324000000001", f"{CODE} FT26324000000001", 1_060_000),
    (10, "2026-11-21", -100_000, "FT26325000000002", "Chuyen tien hang", 950_100),
    (11, "2026-11-22", 812, "FT26326000000003", "Tra lai so du tren tai khoan", 950_912),
]
BANKS = [
    ("vietcombank", "CHO40VCB00001", None, VIETCOMBANK),
    ("bidv", "CHO40BIDV0001", 0, BIDV),
    ("vietinbank", "CHO40VTB00001", 0, VIETINBANK),
    ("agribank", "CHO40AGRI0001", None, AGRIBANK),
    ("mb", "CHO40MB000001", None, MB),
    ("techcombank", "CHO40TCB00001", 0, TECHCOMBANK),
]


@pytest.mark.parametrize(("bank", "account", "gap", "lines"), BANKS)
def test_the_csv_of_a_bank_gives_exactly_its_lines(
    bank: str, account: str, gap: int | None, lines: list[Told]
) -> None:
    read = read_statement(sample(f"{bank}.csv"))

    assert (read.kind, read.account_number, read.gap_vnd) == (bank, account, gap)
    assert told(read) == lines


@pytest.mark.parametrize(("bank", "account", "gap", "lines"), BANKS)
def test_the_spreadsheet_of_a_bank_gives_the_same_lines(
    bank: str, account: str, gap: int | None, lines: list[Told]
) -> None:
    table = {row.number: row.cells for row in read_table(sample(f"{bank}.csv"))}
    rows = [table.get(number, (None,)) for number in range(1, max(table) + 1)]

    read = read_statement(xlsx_of(rows))

    assert (read.kind, read.account_number, read.gap_vnd) == (bank, account, gap)
    assert told(read) == lines
    assert read.source_key == read_statement(sample(f"{bank}.csv")).source_key


def test_numbers_and_dates_of_a_spreadsheet_are_read_as_what_they_are() -> None:
    rows = [
        ["Số tài khoản", 123456789],
        ["Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả"],
        [datetime.fromisoformat("2026-11-20 09:30:00"), 5078, None, 60_000, CODE],
        [datetime.fromisoformat("2026-11-21"), "5078.2", 11_000.0, None, "Phi"],
        [46348, "5078.3", None, 0.5, "Lai"],
        [46348.75, "5078.4", None, 20_000, True],
    ]

    read = read_statement(xlsx_of(rows, empty_sheets=1))

    assert read.account_number == "123456789"
    assert told(read) == [
        (3, "2026-11-20 09:30:00", 60_000, "5078", CODE, None),
        (4, "2026-11-21", -11_000, "5078.2", "Phi", None),
        (6, "2026-11-22 18:00:00", 20_000, "5078.4", "True", None),
    ]


def test_vietcombanks_counter_statement_parts_day_and_document_number() -> None:
    rows = [
        ["STT\nNo.", "Ngày1/\nTNX Date/ Số CT/ Doc No", "Ngày hiệu lực2/\nEffective date", "Số tiền ghi nợ/\nDebit",
         "Số tiền ghi có/\nCredit", "Số dư/\nBalance", "Nội dung chi tiết/\nTransactions in detail"],
        [1, "20/11/2026\n5243.65937", "20/11/2026", None, "60,000", "160,000", f"MBVCB.1.{CODE}"],
        [2, "20/11/2026\n5243.65938", "20/11/2026", "1,100", 0, "158,900", "Phi"],
    ]  # fmt: skip

    read = read_statement(xlsx_of(rows))

    assert read.kind == "vietcombank"
    assert told(read) == [
        (2, "2026-11-20", 60_000, "5243.65937", f"MBVCB.1.{CODE}", 160_000),
        (3, "2026-11-20", -1_100, "5243.65938", "Phi", 158_900),
    ]


def test_techcombanks_personal_statement_has_its_cells_merged_and_its_table_far_down() -> None:
    heads = {1: "Ngày giao dịch\nTransaction date", 7: "Đối tác\nRemitter", 24: "Diễn giải\nDetails",
             32: "Số bút toán\nTransaction no", 45: "Nợ TCB/\nDebit", 53: "Có/\nCredit",
             59: "Số dư\nBalance"}  # fmt: skip
    values = {1: "20/11/2026", 7: "NGUYEN VAN THU", 24: CODE, 33: "FT26324000000001", 55: "60,000", 59: "160,000"}
    rows = [[None]] * 32 + [[line.get(place) for place in range(60)] for line in (heads, values)]

    read = read_statement(xlsx_of(rows))

    assert read.kind == "techcombank"
    assert told(read) == [(34, "2026-11-20", 60_000, "FT26324000000001", CODE, 160_000)]


def test_bidvs_other_layout_is_bidvs_too() -> None:
    rows = [
        ["STT", "Ngày GD", "Số tham chiếu", "Mô tả", "Phát sinh Nợ", "Phát sinh Có", "Số dư"],
        [1, "20/11/2026", "BI26-1", CODE, "", "60,000", "60,000"],
    ]
    read = read_statement(csv_of(rows))
    assert (read.kind, told(read)) == ("bidv", [(2, "2026-11-20", 60_000, "BI26-1", CODE, 60_000)])


@pytest.mark.parametrize(
    ("heads", "cells", "expected"),
    [
        (["Date", "Description", "Debit", "Credit"], ["20/11/2026", "x", "", "60,000"], 60_000),
        (["Date", "Description", "Amount"], ["20/11/2026", "x", "+60,000 VND"], 60_000),
        (["Date", "Description", "Amount"], ["20/11/2026", "x", "(60,000)"], -60_000),
        (["Ngày", "Nội dung", "Số tiền", "Nợ/Có"], ["20/11/2026", "x", "60.000", "C"], 60_000),
        (["Ngày", "Nội dung", "Số tiền", "Nợ/Có"], ["20/11/2026", "x", "60.000", "Ghi nợ"], -60_000),
        (["Ngày", "Nội dung", "Số tiền", "C/D"], ["20/11/2026", "x", "60.000", "+"], 60_000),
        (["Ngày", "Nội dung", "Số tiền", "C/D"], ["20/11/2026", "x", "60.000", "-"], -60_000),
        (["Ngày", "Diễn giải", "Tiền ra", "Tiền vào", "Số tiền"], ["20/11/2026", "x", "60.000", "", "9"], -60_000),
        (["Ngày", "Diễn giải", "Nợ", "Có", "Phí/Lãi"], ["20/11/2026", "x", "", "", "-1.100"], -1_100),
    ],
)
def test_a_table_of_usual_names_is_read_by_them(heads: list[str], cells: list[str], expected: int) -> None:
    read = read_statement(csv_of([heads, cells]))
    assert [line.amount_vnd for line in read.lines] == [expected]


def test_a_layout_that_is_insisted_on_is_the_only_one_tried() -> None:
    assert read_statement(sample("bidv.csv"), kind="bidv").kind == "bidv"
    assert read_statement(sample("bidv.csv"), kind="theo-ten-cot").kind == "theo-ten-cot"
    for name in ("bidv.csv", "mt940.txt", "camt053.xml"):
        with pytest.raises(UnknownLayout):
            read_statement(sample(name), kind="mb")


def test_files_of_other_columns_are_other_sources() -> None:
    heads = ["Ngày", "Nội dung", "Số tiền"]
    one = read_statement(csv_of([heads, ["20/11/2026", "x", "1.000"]]))
    other = read_statement(csv_of([[*heads, "Số dư"], ["20/11/2026", "x", "1.000", "5.000"]]))
    assert one.source_key != other.source_key
    assert one.source_key == read_statement(csv_of([["STT", *heads], ["1", "20/11/2026", "y", "2.000"]])).source_key


UNKNOWN = [
    ["Bảng của ngân hàng lạ", "", "", ""],
    ["Lúc", "Vì sao", "Vào ra bao nhiêu", "Ghi chú"],
    ["20/11/2026", CODE, "60.000", "a"],
    ["21/11/2026", "tra", "-5.000", "b"],
]


def test_columns_that_nobody_knows_are_refused_until_a_person_says_what_they_mean() -> None:
    content = csv_of(UNKNOWN)
    with pytest.raises(UnknownLayout):
        read_statement(content)
    header = likely_header(read_table(content))
    assert header is not None
    assert (header.number, header.texts) == (2, ("Lúc", "Vì sao", "Vào ra bao nhiêu", "Ghi chú"))
    heads = {Column.DATE: "Lúc", Column.CONTENT: "Vì sao", Column.AMOUNT: "Vào ra bao nhiêu"}
    own = {signature(header): own_layout("cua-toi", heads)}

    read = read_statement(content, own=own)

    assert told(read) == [(3, "2026-11-20", 60_000, "", CODE, None), (4, "2026-11-21", -5_000, "", "tra", None)]
    assert read.kind == "cua-toi"


def test_an_own_layout_is_for_its_own_header_only() -> None:
    header = likely_header(read_table(csv_of(UNKNOWN)))
    assert header is not None
    twisted = own_layout("cua-toi", {Column.DATE: "Ngày", Column.CONTENT: "Số tham chiếu", Column.AMOUNT: "Ghi có"})
    read = read_statement(sample("bidv.csv"), own={signature(header): twisted})
    assert read.kind == "bidv"


def test_a_name_that_two_columns_have_is_not_guessed() -> None:
    rows = [["Ngày", "Nội dung", "Có", "Có", "Nợ"], ["20/11/2026", "x", "1.000", "2.000", ""]]
    with pytest.raises(UnknownLayout):
        read_statement(csv_of(rows))
    header = read_table(csv_of(rows))[0]
    assert recognise(own_layout("x", {Column.CREDIT: "Có"}), header) is None
    assert likely_header(read_table(b"1;2\n3;4")) is None
    assert find_header((), own={}) is None


HEADS = ["Ngày", "Nội dung", "Nợ", "Có", "Số dư", "Loại tiền"]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["", "x", "", "60.000"], "không có ngày"),
        (["31/02/2026", "x", "", "60.000"], "không có ngày"),
        (["20/11/2026", "x", "", "60.00.0"], "số tiền không đọc được"),
        (["20/11/2026", "x", "1.000", "60.000"], "cả tiền vào lẫn tiền ra"),
        (["20/11/2026", "x", "", "60.000", "nhiều"], "số dư không đọc được"),
        (["khong ngay 2026", "x", "", "60.0000"], "số tiền không đọc được"),
        (["", "CONG TY TNHH ABC tra OCZ2222222222", "", "60.000"], "không có ngày"),
        (["", "Cong no thang 11", "", "60.000"], "không có ngày"),
        (["", "Cộng nợ", "", "60.000"], "không có ngày"),
        (["CONG TY TNHH ABC", "x", "", "60.000"], "không có ngày"),
        (["31/02/2026", "Tổng cộng", "", "60.000"], "không có ngày"),
        (["20/11/2026", "CONG TY TNHH ABC ck", "1.100", "60.000"], "cả tiền vào lẫn tiền ra"),
        (["20/11/2026", "Tổng cộng", "1.100", "60.000"], "cả tiền vào lẫn tiền ra"),
        (["20/11/2026", "CONG TY TNHH ABC ck", "", "60.0000"], "số tiền không đọc được"),
        (["", "Total quality ltd", "", "60.000"], "không có ngày"),
    ],
)
def test_a_row_that_moved_money_and_cannot_be_read_refuses_the_file(row: list[str], problem: str) -> None:
    with pytest.raises(BadRow) as refused:
        read_statement(csv_of([HEADS, ["20/11/2026", "y", "", "1.000"], row]))
    assert refused.value.row == 3
    assert str(refused.value).startswith("Dòng 3: ")
    assert problem in str(refused.value)


def test_a_sign_that_says_nothing_refuses_the_file_but_not_in_a_total() -> None:
    heads = ["Ngày", "Nội dung", "Số tiền", "Nợ/Có"]
    fine = ["20/11/2026", "x", "1.000", "C"]
    assert len(read_statement(csv_of([heads, fine, ["Tổng cộng", "", "1.000", ""]])).lines) == 1
    with pytest.raises(BadRow, match="tiền vào hay tiền ra"):
        read_statement(csv_of([heads, ["20/11/2026", "x", "1.000", "?"]]))
    with pytest.raises(BadRow, match="tiền vào hay tiền ra"):
        read_statement(csv_of([heads, fine, ["20/11/2026", "Cong ty abc", "5.000", "?"]]))


@pytest.mark.parametrize(
    "row",
    [
        ["Tổng cộng", "", "5.000", "60.000"],
        ["", "Cộng phát sinh", "5.000", ""],
        ["Số dư cuối kỳ", "", "", "", "56.000"],
        ["20/11/2026", "Số dư đầu ngày", "", "", "56.000"],
        ["20/11/2026", "khong doi", "0", "0", "56.000"],
        ["", "Phiếu này in từ hệ thống", "", ""],
        ["", "", "Debit", "Credit"],
        ["Tổng", "", "x1234", ""],
        ["Tổng cộng/ Total:", "", "5.000", "60.000"],
        ["", "Cộng phát sinh trong kỳ", "5.000", "60.000"],
        ["Tổng số tiền ghi có", "", "", "60.000"],
        ["Số dư đầu kỳ 01/11/2026", "", "", "60.000"],
        ["Closing balance (VND)", "", "", "60.000"],
        HEADS,
    ],
)
def test_totals_balances_remarks_and_heads_again_are_no_lines(row: list[str]) -> None:
    read = read_statement(csv_of([HEADS, ["20/11/2026", "y", "", "1.000"], row]))
    assert [line.amount_vnd for line in read.lines] == [1_000]


@pytest.mark.parametrize(
    "rows",
    [
        [["Loại tiền/Currency:", "USD"], HEADS, ["20/11/2026", "x", "", "100"]],
        [["Currency: EUR"], HEADS, ["20/11/2026", "x", "", "100"]],
        [HEADS, ["20/11/2026", "x", "", "100", "", "USD"]],
        [HEADS, ["20/11/2026", "x", "", "100 USD"]],
        [["Đơn vị tiền tệ: USD"], HEADS, ["20/11/2026", "x", "", "100"]],
        [["Ccy", "THB"], HEADS, ["20/11/2026", "x", "", "100"]],
        [["Ngày", "Nội dung", "Số tiền (USD)"], ["20/11/2026", "x", "100"]],
        [["Ngày", "Nội dung", "Số tiền"], ["20/11/2026", "x", "100", "USD"]],
    ],
)
def test_foreign_money_is_refused(rows: list[list[str]]) -> None:
    with pytest.raises(ForeignCurrency):
        read_statement(csv_of(rows))


@pytest.mark.parametrize(
    "kind", ["vietcombank", "bidv", "agribank", "mb", "techcombank", "vietinbank", "tu-chon-cot"]
)
@pytest.mark.parametrize("head", ["Loại tiền", "Đơn vị tiền", "Ccy", "Currency", "Loại tiền/ Currency"])
def test_a_line_in_foreign_money_is_refused_in_every_layout(kind: str, head: str) -> None:
    heads = {
        "vietcombank": ["Ngày giao dịch", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả"],
        "bidv": ["Ngày hiệu lực", "Ghi nợ", "Ghi có", "Mô tả"],
        "agribank": ["Ngày hạch toán", "Ghi nợ", "Ghi có", "Diễn giải"],
        "mb": ["Ngày giao dịch", "Phát sinh nợ", "Phát sinh có", "Nội dung"],
        "techcombank": ["Ngày giao dịch", "Nợ TCB", "Có TCB", "Diễn giải"],
        "vietinbank": ["Ngày phát sinh", "Nợ", "Có", "Mô tả giao dịch"],
        "tu-chon-cot": ["Lúc", "Ra", "Vào", "Vì sao"],
    }[kind]
    header = read_table(csv_of([[*heads, head]]))[0]
    meant = zip((Column.DATE, Column.DEBIT, Column.CREDIT, Column.CONTENT), heads, strict=True)
    own = {signature(header): own_layout("tu-chon-cot", dict(meant))} if kind == "tu-chon-cot" else {}
    dong = ["20/11/2026", "", "1.000", "x", "VND"]

    read = read_statement(csv_of([[*heads, head], dong]), own=own)

    assert (read.kind, read.in_vnd) == (kind, 1_000)
    with pytest.raises(ForeignCurrency) as refused:
        read_statement(csv_of([[*heads, head], dong, ["20/11/2026", "", "60.000", "x", "USD"]]), own=own)
    assert refused.value.row == 3


def test_a_column_of_currencies_makes_no_other_source() -> None:
    heads = ["Ngày giao dịch", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả"]
    plain = read_statement(csv_of([heads, ["20/11/2026", "", "1.000", "x"]]))
    named = read_statement(csv_of([[*heads, "Ccy"], ["20/11/2026", "", "1.000", "x", "VND"]]))
    assert plain.source_key == named.source_key


def test_dong_named_beside_every_line_is_dong() -> None:
    assert len(read_statement(csv_of([HEADS, ["20/11/2026", "x", "", "100", "", "VND"]])).lines) == 1


def test_balances_that_do_not_fit_the_lines_are_told() -> None:
    rows = [
        ["Số dư đầu kỳ: 1.000.000 VND"],
        ["Số dư cuối kỳ", "không rõ", "1.070.000"],
        HEADS,
        ["20/11/2026", "x", "", "60.000"],
    ]
    read = read_statement(csv_of(rows))
    assert (read.opening_vnd, read.closing_vnd, read.gap_vnd) == (1_000_000, 1_070_000, 10_000)
    assert (read.in_vnd, read.out_vnd) == (60_000, 0)


@pytest.mark.parametrize(
    ("row", "account"),
    [
        (["Số tài khoản", "0011.0019-32418"], "0011001932418"),
        (["Số tài khoản 0011001932418 VND"], "0011001932418"),
        (["Sao kê tài khoản từ 20.11.2026"], ""),
        (["Tên tài khoản", "HTX 0011001932418"], ""),
        (["Số tài khoản đối ứng", "0011001932418"], ""),
        (["Số tài khoản", "không rõ"], ""),
    ],
)
def test_the_account_is_what_stands_behind_its_label(row: list[str], account: str) -> None:
    read = read_statement(csv_of([row, HEADS, ["20/11/2026", "x", "", "1.000"]]))
    assert read.account_number == account


def test_a_balance_that_is_not_said_is_none() -> None:
    read = read_statement(csv_of([["Số dư đầu kỳ", "không rõ"], HEADS, ["20/11/2026", "x", "", "1.000"]]))
    assert (read.opening_vnd, read.closing_vnd, read.gap_vnd) == (None, None, None)


def test_a_file_without_lines_says_so() -> None:
    for content in (b"", b" \n ", csv_of([HEADS]), csv_of([[], []], delimiter=","), b";;;\n;;"):
        with pytest.raises(EmptyStatement):
            read_statement(content)


def test_a_refusal_knows_its_row_and_its_field() -> None:
    refused = StatementRefused("sai", row=7)
    assert (str(refused), refused.row, refused.field, refused.status) == ("Dòng 7: sai", 7, "content", 400)


def test_what_a_spreadsheet_hands_over_is_no_float() -> None:
    (row,) = read_table(xlsx_of([[0.1, 12_152.37, 2]]))
    assert row.cells == (Decimal("0.1"), Decimal("12152.37"), 2)
