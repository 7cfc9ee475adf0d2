"""From a file's bytes to its lines: what kind of file it is, who reads it, and what is refused at the door. Pure."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import TooMany
from payments.statements.camt053 import KIND as CAMT053
from payments.statements.camt053 import read_camt053
from payments.statements.errors import (
    EmptyStatement,
    StatementTooLarge,
    UnknownLayout,
    UnsupportedFile,
)
from payments.statements.layouts import LAYOUTS, Layout, find_header
from payments.statements.lines import ReadStatement
from payments.statements.mt940 import KIND as MT940
from payments.statements.mt940 import is_mt940, read_mt940
from payments.statements.rows import read_rows
from payments.statements.tabular import STATEMENT_BYTES_MAX, Table, read_csv, read_xlsx

READS_AT_ONCE_MAX: Final = 2
READ_WAIT_S_MAX: Final = 20
KINDS: Final = (*(layout.kind for layout in LAYOUTS), "theo-ten-cot", MT940, CAMT053)
"""What a person may name instead of letting the file be recognised."""

_ZIP = b"PK\x03\x04"
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_PDF = b"%PDF"
_SNIFFED_BYTES: Final = 2048
_places = threading.BoundedSemaphore(READS_AT_ONCE_MAX)


class TooManyReadsAtOnce(TooMany):
    """The server is busy with the statements of others."""


def read_statement(content: bytes, *, own: Mapping[str, Layout] | None = None, kind: str = "") -> ReadStatement:
    """The statement that a file holds; `own` are the vendor's saved layouts (as in `find_header`), `kind` one of
    `KINDS` to insist on.

    At most `READS_AT_ONCE_MAX` files are read at a time, since a spreadsheet takes some 100 MB while it is read.
    Raises `TooManyReadsAtOnce` and the errors of `payments.statements.errors`.
    """
    _check(content)
    with _place():
        if _is_xml(content):
            return _insisted(read_camt053(content), kind)
        if is_mt940(content):
            return _insisted(read_mt940(content), kind)
        table = _table(content)
        found = find_header(table, own=own or {}, kind=kind)
        if found is None:
            if not table:
                raise EmptyStatement(_("Tệp này trống."))
            raise UnknownLayout(_("Chợ chưa nhận ra các cột của tệp này."))
        return read_rows(table, found)


def read_table(content: bytes) -> Table:
    """The rows of a CSV or XLSX file, for a person to say what its columns mean.

    Raises what `read_statement` raises.
    """
    _check(content)
    with _place():
        return _table(content)


def _table(content: bytes) -> Table:
    return read_xlsx(content) if content.startswith(_ZIP) else read_csv(content)


def _insisted(read: ReadStatement, kind: str) -> ReadStatement:
    if kind not in ("", read.kind):
        raise UnknownLayout(_("Tệp này không theo mẫu bạn chọn."))
    return read


def _check(content: bytes) -> None:
    if len(content) > STATEMENT_BYTES_MAX:
        raise StatementTooLarge(_("Tệp lớn quá 10 MB. Bạn tải sao kê theo từng tháng."))
    if not content.strip():
        raise EmptyStatement(_("Tệp này trống."))
    if content.startswith(_OLD_EXCEL):
        raise UnsupportedFile(
            _("Đây là tệp Excel đời cũ (.xls) hoặc có mật khẩu. Bạn mở bằng Excel, lưu lại thành .xlsx rồi gửi.")
        )
    if content.startswith(_PDF):
        raise UnsupportedFile(_("Chợ không đọc được PDF. Ở ngân hàng, bạn chọn tải sao kê dạng Excel hoặc CSV."))
    start = content[:_SNIFFED_BYTES].lower()
    if b"<html" in start or b"<table" in start or b"<!doctype html" in start:
        raise UnsupportedFile(
            _("Tệp này là trang web mang đuôi .xls. Bạn mở bằng Excel, lưu lại thành .xlsx rồi gửi.")
        )


def _is_xml(content: bytes) -> bool:
    start = content[:_SNIFFED_BYTES].removeprefix(b"\xef\xbb\xbf").lstrip()
    return start.startswith((b"<?xml", b"<Document"))


@contextmanager
def _place() -> Iterator[None]:
    if not _places.acquire(timeout=READ_WAIT_S_MAX):
        raise TooManyReadsAtOnce(
            _("Đang có nhiều người gửi sao kê. Bạn thử lại sau ít giây nhé."), retry_after_s=READ_WAIT_S_MAX
        )
    try:
        yield
    finally:
        _places.release()
