"""MT940 and camt.053: exact lines, several pages, reversals, what is pending, and what is refused."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from payments.statements.errors import (
    BadRow,
    EmptyStatement,
    ForeignCurrency,
    SeveralAccounts,
    StatementTooLarge,
    UnreadableStatement,
)
from payments.statements.mt940 import DETAILS_OF_LINE_MAX, is_mt940
from payments.statements.reading import read_statement
from tests.payments.statements.samples import sample, told

CODE = "OCZ2222222222"
HEAD = ":20:A\n:25:CHO40MT940001\n:28C:1/1\n:60F:C261120VND1000000,\n"


def test_mt940_gives_exactly_its_lines_over_two_pages() -> None:
    read = read_statement(sample("mt940.txt"))

    assert (read.kind, read.source_key, read.account_number) == ("mt940", "mt940", "CHO40MT940001")
    assert (read.opening_vnd, read.closing_vnd, read.gap_vnd) == (1_000_000, 2_190_000, 0)
    assert told(read) == [
        (1, "2026-11-20", 60_000, "FT26324000000001", f"{CODE} NGUYEN VAN THU CHUYEN TIEN", None),
        (2, "2026-11-21", -100_000, "FT26325000000002", "NOP THUE THUE112026", None),
        (3, "2026-11-22", -20_000, "FT26326000000003", "HOAN LAI LENH CHUYEN NHAM", None),
        (4, "2026-11-22", 1_250_000, "FT26326000000004", "OCZ2222222 3W3", None),
    ]
    assert [line.is_whole for line in read.lines] == [True, True, True, False]


def test_a_debit_that_was_taken_back_is_money_that_came_in() -> None:
    read = read_statement(f"{HEAD}:61:261120RD5000,NTRFNONREF\n:86:HOAN\n".encode())
    assert told(read) == [(1, "2026-11-20", 5_000, "", "HOAN", None)]
    assert read.gap_vnd is None


def test_an_entry_day_of_the_other_year_belongs_to_that_year() -> None:
    read = read_statement(f"{HEAD}:61:2612310101C5000,NTRFNONREF//NONREF\n:86:x\n".encode())
    assert told(read) == [(1, "2027-01-01", 5_000, "", "x", None)]


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (HEAD, EmptyStatement),
        (HEAD + ":61:261120C5000,NTRFNONREF\n:99:x\n", UnreadableStatement),
        (HEAD + ":61:nonsense\n", BadRow),
        (HEAD.replace("VND", "USD") + ":61:261120C5000,NTRFNONREF\n", ForeignCurrency),
        (HEAD + ":61:261120C5000,NTRFNONREF\n:62F:C261120USD1005000,\n", ForeignCurrency),
        (HEAD + ":61:261120C5000,NTRFNONREF\n" + HEAD.replace("0001", "0002"), SeveralAccounts),
        (HEAD + ":61:000120C5000,NTRFNONREF\n".replace("000120", "991301"), UnreadableStatement),
    ],
)
def test_an_mt940_that_cannot_be_taken_is_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        read_statement(text.encode())


GOOD = ":61:2611201120C25000,NTRFNONREF//BX2\n:86:tien mat\n"


@pytest.mark.parametrize(
    "line",
    [
        ":61:2611201120C60000.00NTRFNONREF//BX1",
        ":61:2611201120C60.000,00NTRFNONREF//BX1",
        ":61:2611201120C60000,00 NTRFNONREF//BX1",
        ":61:2611201120C60000,00//BX1",
        ":61:2611201120C60000NTRFNONREF//BX1",
        ":61:2611201120C60000,000NTRFNONREF//BX1",
        ":61:2611201120C100000000000000,0NTRFNONREF//BX1",
        ":61:2611201120EC60000,NTRFNONREF//BX1",
        ":61:2611201120c60000,NTRFNONREF//BX1",
        ":61:2611201120CR60000,NTRFNONREF//BX1",
        ":61:2611201120C\n60000,NTRFNONREF//BX1",
        " :61:2611201120C60000,NTRFNONREF//BX1",
    ],
)
@pytest.mark.parametrize("is_last", [False, True])
def test_a_line_that_is_not_wholly_as_swift_writes_it_refuses_the_file_and_is_never_another_lines_money(
    line: str, is_last: bool
) -> None:
    bad = f"{line}\n:86:NGUYEN A tra {CODE}\n"
    body = GOOD + bad if is_last else bad + GOOD

    with pytest.raises(BadRow) as refused:
        read_statement((HEAD + body).encode())

    assert refused.value.row == (7 if is_last else 5)
    assert ":61: không đúng mẫu MT940" in str(refused.value)


@pytest.mark.parametrize("mark", [":\n61:", ":61A:"])
def test_a_line_that_only_the_library_takes_for_one_refuses_the_file(mark: str) -> None:
    with pytest.raises(UnreadableStatement):
        read_statement(f"{HEAD}{GOOD}{GOOD.replace(':61:', mark)}".encode())


def test_what_cannot_be_read_of_a_line_is_not_written_into_the_log(caplog: pytest.LogCaptureFixture) -> None:
    line = ":61:2611201120C5000,NTRFNGUYEN THI BICH LIEN TRA TIEN HANG THANG MUOI MOT//BX1\n"
    with pytest.raises(UnreadableStatement):
        read_statement(f"{HEAD}{line}".encode())
    assert "BICH LIEN" not in caplog.text


def test_a_line_before_the_first_message_is_not_left_out() -> None:
    assert [line.amount_vnd for line in read_statement(f"{HEAD}{GOOD}".encode()).lines] == [25_000]
    with pytest.raises(UnreadableStatement):
        read_statement(f"{GOOD}{HEAD}{GOOD}".encode())


@pytest.mark.parametrize("blank", [b"\r", b"\n", b" \r\n", b"x\r"])
def test_a_short_file_of_line_ends_is_answered(blank: bytes) -> None:
    # A pattern with a line end inside a repetition needs longer than the earth is old for these.
    assert not is_mt940(b":20:" + blank * 1_000)
    assert is_mt940(b":20:A" + b"\r" * 100 + b":25:1")
    assert is_mt940(b"{1:}\r\n:20:A\r\n:21:a\r\n:25:1\r\n")


def test_more_messages_rows_or_details_than_a_statement_has_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = sample("mt940.txt")
    for name, value in (("MESSAGES_MAX", 1), ("TEXT_LINES_MAX", 10)):
        with monkeypatch.context() as bounded:
            bounded.setattr(f"payments.statements.mt940.{name}", value)
            with pytest.raises(StatementTooLarge):
                read_statement(whole)
    detail = ":86:x\n"
    assert read_statement(f"{HEAD}{GOOD}{detail}{GOOD}".encode()).in_vnd == 50_000
    with pytest.raises(BadRow) as refused:
        read_statement(f"{HEAD}{GOOD}{detail * DETAILS_OF_LINE_MAX}{GOOD}".encode())
    assert refused.value.row == 26


def test_days_before_this_century_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payments.statements.mt940.OLDEST_YEAR", 2027)
    with pytest.raises(BadRow):
        read_statement(sample("mt940.txt"))


def test_an_amount_beyond_reason_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("payments.statements.mt940.AMOUNT_DIGITS_MAX", 3)
    with pytest.raises(BadRow):
        read_statement(sample("mt940.txt"))


def test_too_many_lines_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for kind in ("mt940", "camt053"):
        monkeypatch.setattr(f"payments.statements.{kind}.STATEMENT_LINES_MAX", 3)
    for name in ("mt940.txt", "camt053.xml"):
        with pytest.raises(StatementTooLarge):
            read_statement(sample(name))


def test_a_text_that_is_the_name_of_a_file_never_opens_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os.path, "isfile", lambda _name: pytest.fail("a file was looked for"))
    assert read_statement(sample("mt940.txt")).lines


def test_camt053_gives_exactly_its_booked_lines() -> None:
    read = read_statement(sample("camt053.xml"))

    assert (read.kind, read.account_number) == ("camt053", "CHO40CAMT0001")
    assert (read.opening_vnd, read.closing_vnd, read.gap_vnd) == (1_000_000, 1_050_000, 0)
    assert told(read) == [
        (1, "2026-11-20 08:15:30", 60_000, "FT26324000000001", f"{CODE} NGUYEN VAN THU chuyen tien", None),
        (2, "2026-11-21", 10_000, "FT26325000000002", "MOT E2E1", None),
        (2, "2026-11-21", 20_000, "FT26325000000003", "HAI", None),
        (3, "2026-11-22", -40_000, "", "PHI DICH VU", None),
    ]


@pytest.mark.parametrize("version", ["001.02", "001.04", "001.13"])
def test_every_version_of_camt053_is_read(version: str) -> None:
    content = sample("camt053.xml").replace(b"camt.053.001.08", f"camt.053.{version}".encode())
    # Before version 8 the state stands in `Sts` itself.
    content = content.replace(b"<Sts><Cd>BOOK</Cd></Sts>", b"<Sts>BOOK</Sts>")
    assert len(read_statement(content).lines) == 4


def test_details_without_amounts_or_with_others_are_one_line() -> None:
    whole = sample("camt053.xml")
    for content in (
        whole.replace(b'<Amt Ccy="VND">10000</Amt><RmtInf>', b"<RmtInf>"),
        whole.replace(b'<Amt Ccy="VND">10000</Amt><RmtInf>', b'<Amt Ccy="VND">10001</Amt><RmtInf>'),
    ):
        read = read_statement(content)
        assert told(read)[1] == (2, "2026-11-21", 30_000, "", "MOT E2E1 HAI", None)
    nothing = whole.replace(b">10000<", b">0<").replace(b">20000<", b">30000<")
    assert [line.amount_vnd for line in read_statement(nothing).lines] == [60_000, 30_000, -40_000]


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        (b"camt.053.001.08", b"pain.001.001.03", UnreadableStatement),
        (b"</Document>", b"", UnreadableStatement),
        (b"UTF-8", b"no-such-encoding", UnreadableStatement),
        (b"<Document", b'<!DOCTYPE d [<!ENTITY a "b">]><Document', UnreadableStatement),
        (b"<Ccy>VND", b"<Ccy>USD", ForeignCurrency),
        (b'<Amt Ccy="VND">60000', b'<Amt Ccy="EUR">60000', ForeignCurrency),
        (b">60000<", b">sixty<", BadRow),
        (b"<CdtDbtInd>DBIT<", b"<CdtDbtInd>?<", BadRow),
        (b"<ValDt><Dt>2026-11-22", b"<ValDt><Dt>soon", BadRow),
        (b"<ValDt><Dt>2026-11-22", b"<ValDt><Dt>1926-11-22", BadRow),
        (b"<ValDt><Dt>2026-11-22</Dt></ValDt>", b"", BadRow),
        (b"Ntry>", b"Other>", EmptyStatement),
        (b"Stmt>", b"Other>", EmptyStatement),
    ],
)
def test_a_camt053_that_cannot_be_taken_is_refused(old: bytes, new: bytes, error: type[Exception]) -> None:
    content = sample("camt053.xml")
    assert old in content
    with pytest.raises(error):
        read_statement(content.replace(old, new))


def test_an_entry_of_nothing_is_no_line() -> None:
    content = sample("camt053.xml").replace(b">40000<", b">0<")
    assert len(read_statement(content).lines) == 3


def test_an_entry_without_an_amount_is_refused() -> None:
    content = sample("camt053.xml").replace(b'<Amt Ccy="VND">40000</Amt>', b"")
    with pytest.raises(BadRow):
        read_statement(content)


def test_statements_of_two_accounts_are_refused() -> None:
    content = sample("camt053.xml")
    start, end = content.index(b"<Stmt>"), content.index(b"</Stmt>") + len(b"</Stmt>")
    other = content[start:end].replace(b"CHO40CAMT0001", b"CHO40CAMT0002")
    with pytest.raises(SeveralAccounts):
        read_statement(content[:end] + other + content[end:])
    twice = content[:end] + content[start:end] + content[end:]
    assert len(read_statement(twice).lines) == 8


def test_an_overdrawn_balance_is_below_zero_and_a_broken_one_is_none() -> None:
    content = sample("camt053.xml")
    overdrawn = content.replace(
        b'<Amt Ccy="VND">1000000</Amt><CdtDbtInd>CRDT', b'<Amt Ccy="VND">1000000</Amt><CdtDbtInd>DBIT'
    )
    assert read_statement(overdrawn).opening_vnd == -1_000_000
    assert read_statement(content.replace(b">1000000<", b">much<")).gap_vnd is None


def test_a_reference_of_an_iban_account_and_of_the_entry_are_found() -> None:
    content = sample("camt053.xml").replace(b"<Othr><Id>CHO40CAMT0001</Id></Othr>", b"<IBAN>VN00CHO40CAMT0001</IBAN>")
    assert read_statement(content).account_number == "VN00CHO40CAMT0001"
