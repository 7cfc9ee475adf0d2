"""A statement from the moment its owner brings it until it may be imported: read, completed, confirmed, forgotten.

The file is kept here between the steps, so that what is confirmed is what was shown, whatever a browser sends.
"""

from __future__ import annotations

import hashlib
import secrets
import uuid
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.core.errors import Conflict, InvalidInput, NotFound
from marketplace.core.requests_once import once
from payments.models import Feed, Statement, StatementFile, StatementLayout, StatementSource
from payments.providers.reading import DAYS_AHEAD_MAX
from payments.services.notices import BODY_RETENTION_DAYS
from payments.services.permissions import asker
from payments.statements.errors import BadRow, StatementRefused, UnknownLayout
from payments.statements.layouts import Column, Layout, is_enough, likely_header, own_layout, recognise, signature
from payments.statements.lines import ReadStatement, pack
from payments.statements.reading import KINDS, read_statement, read_table
from payments.statements.tabular import Row, Table
from vendors.access import require_owner
from vendors.models import BankAccount, Vendor

DRAFTS_MAX: Final = 5
DRAFT_HOURS_MAX: Final = 24
OWN_LAYOUTS_MAX: Final = 50
SOURCES_MAX: Final = 100
FORGOTTEN_AT_MOST: Final = 100
ACCOUNTS_MAX: Final = 100
OWN_KIND: Final = "tu-chon-cot"
"""The kind of a layout that a person made."""
SECRET_BYTES: Final = 32


class AccountNotYours(StatementRefused):
    """The file is about an account that is not the vendor's, or about another of theirs than was said."""


class UnknownKind(InvalidInput):
    """No layout has this name."""


class BadColumns(InvalidInput):
    """The chosen columns are not in the file, are chosen twice, or do not tell when, how much and what for."""


class NotReady(Conflict):
    """The account or the columns were not said yet."""


class NoDraft(Conflict):
    """The statement was confirmed already."""


class TooManyKept(Conflict):
    """The vendor has as many layouts or kinds of files as one may have."""


def bring_statement(
    *,
    actor: Actor,
    vendor: Vendor,
    content: bytes,
    now: datetime,
    account_number: str = "",
    kind: str = "",
    client_id: uuid.UUID | None = None,
) -> Statement:
    """Read a file and keep it as a draft. Owner only; nothing is booked.

    `account_number` says whose it is where the file does not; `kind` insists on one of `KINDS`. A table whose
    columns are unknown is kept too, without lines: `choose_columns` comes next. The oldest of more than
    `DRAFTS_MAX` drafts goes. Raises `NotFound`, `NotAllowed`, `UnknownKind`, `AccountNotYours`,
    `TooManyReadsAtOnce` and the errors of `payments.statements.errors`.
    """
    require_owner(actor, vendor)
    if kind and kind not in KINDS:
        raise UnknownKind(_("Chợ không có mẫu sao kê này."), field="kind")
    digest = hashlib.sha256(content).hexdigest()
    read = _read_or_ask(content, vendor=vendor, kind=kind, now=now)
    account = _account_of(vendor, said_by_file=read.account_number if read else "", said_by_person=account_number)

    def keep() -> str:
        draft = Statement(
            vendor=vendor, actor_id=actor.user_id, made_at=now, file_sha256=digest, account_number=account
        )
        _describe(draft, read)
        draft.save(force_insert=True)
        packed = pack(read.lines) if read else None
        StatementFile.objects.create(statement=draft, content=content, packed_lines=packed, kept_at=now)
        others = Statement.objects.filter(vendor=vendor, state=Statement.State.DRAFT).exclude(pk=draft.pk)
        older = others.order_by("-made_at", "-pk").values_list("pk", flat=True)
        _delete(list(older[DRAFTS_MAX - 1 : 2 * DRAFTS_MAX]))
        return str(draft.pk)

    asked = {"sha256": digest, "vendor": vendor.pk, "account": account_number, "kind": kind}
    answer = once(
        keep, action="payments.bring_statement", owner=asker(actor), client_id=client_id, asked=asked, now=now
    )
    return statement_of(actor=actor, vendor=vendor, statement_id=uuid.UUID(answer))


def choose_account(*, actor: Actor, statement: Statement, account_number: str) -> Statement:
    """Say which of the vendor's accounts a draft is about, where its file does not.

    Raises `NotFound`, `NotAllowed`, `NoDraft`, `AccountNotYours`.
    """
    require_owner(actor, statement.vendor)
    with transaction.atomic():
        draft = _lock_draft(statement)
        if not draft.account_number:
            draft.account_number = _account_of(draft.vendor, said_by_file="", said_by_person=account_number)
            draft.save(update_fields=["account_number"])
    return draft


def choose_columns(
    *, actor: Actor, statement: Statement, header_row: int, columns: Mapping[Column, int], now: datetime
) -> Statement:
    """Say what the columns (counted from 0) under a header row mean; the next file with this header is read so too.

    Raises `NotFound`, `NotAllowed`, `NoDraft`, `BadColumns`, `TooManyKept`, and the errors of
    `payments.statements.errors` when the lines cannot be read by these columns.
    """
    require_owner(actor, statement.vendor)
    # Read before anything is locked: a large spreadsheet takes seconds.
    content = _content_of(statement)
    header = next((row for row in read_table(content) if row.number == header_row), None)
    if header is None:
        raise BadColumns(_("Tệp không có dòng này."), field="header_row")
    heads = _heads(header, columns)
    layout = own_layout(OWN_KIND, heads)
    if recognise(layout, header) is None:
        raise BadColumns(_("Hai cột có cùng tiêu đề, hoặc tiêu đề trống. Bạn chọn lại giúp."), field="columns")
    read = read_statement(content, own={signature(header): layout}, kind=OWN_KIND)
    _refuse_future(read, now=now)
    with transaction.atomic():
        draft = _lock_draft(statement)
        draft.account_number = _account_of(
            draft.vendor, said_by_file=read.account_number, said_by_person=draft.account_number
        )
        _keep_layout(draft.vendor, header=header, heads=heads, now=now)
        _describe(draft, read)
        draft.save()
        StatementFile.objects.filter(pk=draft.pk).update(packed_lines=pack(read.lines))
    return draft


def confirm_statement(*, actor: Actor, statement: Statement, now: datetime) -> Statement:
    """Let a draft be imported; the worker goes on from here. Answers the same for one that was confirmed before.

    If the same file of the same account was imported before, or is being imported, the draft goes and that one is
    the answer. Raises `NotFound`, `NotAllowed`, `NotReady`, `TooManyKept`.
    """
    require_owner(actor, statement.vendor)
    with transaction.atomic():
        vendor = Vendor.objects.select_for_update(no_key=True).get(pk=statement.vendor_id)
        draft = Statement.objects.select_for_update(no_key=True).filter(pk=statement.pk).first()
        if draft is None:
            raise NotFound(_("Không tìm thấy sao kê này."))
        if draft.state != Statement.State.DRAFT:
            return draft
        require_ready(draft)
        same = Statement.objects.filter(
            vendor=vendor,
            file_sha256=draft.file_sha256,
            account_number=draft.account_number,
            source_key=draft.source_key,
        ).exclude(state=Statement.State.DRAFT)
        if (before := same.order_by("confirmed_at", "pk").first()) is not None:
            _delete([draft.pk])
            return before
        draft.feed = _feed_of(vendor, draft.source_key, now=now)
        draft.state = Statement.State.RUNNING
        draft.confirmed_at = now
        draft.actor_id = actor.user_id
        draft.save()
    return draft


def require_ready(statement: Statement) -> None:
    """Raises `NotReady`, saying what is missing, while a draft lacks its columns or its account."""
    if not statement.source_key:
        raise NotReady(_("Chợ chưa biết các cột của tệp này. Bạn chọn từng cột trước đã."))
    if not statement.account_number:
        raise NotReady(_("Tệp không ghi số tài khoản. Bạn nói rõ là tài khoản nào."))


def discard_draft(*, actor: Actor, statement: Statement) -> None:
    """Throw a draft away. Raises `NotFound`, `NotAllowed`, `NoDraft`."""
    require_owner(actor, statement.vendor)
    with transaction.atomic():
        _delete([_lock_draft(statement).pk])


def statement_of(*, actor: Actor, vendor: Vendor, statement_id: uuid.UUID) -> Statement:
    """A statement of the vendor. Owner only. Raises `NotFound`, `NotAllowed`."""
    require_owner(actor, vendor)
    found = Statement.objects.select_related("vendor").filter(vendor=vendor, pk=statement_id).first()
    if found is None:
        raise NotFound(_("Không tìm thấy sao kê này."))
    return found


def accounts_of(vendor: Vendor) -> list[str]:
    """The numbers of all accounts that the vendor is or was paid into, the present one first."""
    accounts = BankAccount.objects.filter(vendor=vendor).order_by("-is_active", "pk")
    return list(dict.fromkeys(accounts.values_list("account_number", flat=True)[:ACCOUNTS_MAX]))


def table_of(statement: Statement) -> tuple[Table, Row | None]:
    """The rows of a draft's file, and the row that most looks like its header.

    Raises `NotFound` when the file was erased.
    """
    table = read_table(_content_of(statement))
    return table, likely_header(table)


def forget_old_statements(*, now: datetime, at_most: int = FORGOTTEN_AT_MOST) -> int:
    """Delete drafts that nobody confirmed and the files of statements that ended long ago. Returns how many."""
    drafts = Statement.objects.filter(
        state=Statement.State.DRAFT, made_at__lt=now - timedelta(hours=DRAFT_HOURS_MAX)
    ).order_by("made_at")
    old = StatementFile.objects.filter(
        kept_at__lt=now - timedelta(days=BODY_RETENTION_DAYS), statement__state=Statement.State.DONE
    ).order_by("kept_at")
    with transaction.atomic():
        abandoned = list(drafts.values_list("pk", flat=True)[:at_most])
        erased = list(old.values_list("pk", flat=True)[:at_most])
        _delete(abandoned)
        StatementFile.objects.filter(pk__in=erased).delete()
    return len(abandoned) + len(erased)


def _content_of(statement: Statement) -> bytes:
    file = StatementFile.objects.filter(pk=statement.pk).only("content").first()
    if file is None:
        raise NotFound(_("Không tìm thấy sao kê này."))
    return bytes(file.content)


def _read_or_ask(content: bytes, *, vendor: Vendor, kind: str, now: datetime) -> ReadStatement | None:
    """The statement in a file; None where a person has to say what its columns mean."""
    try:
        read = read_statement(content, own=_own_layouts(vendor), kind=kind)
    except UnknownLayout:
        if kind or likely_header(read_table(content)) is None:
            raise
        return None
    _refuse_future(read, now=now)
    return read


def _refuse_future(read: ReadStatement, *, now: datetime) -> None:
    latest = vietnam_date(now + timedelta(days=DAYS_AHEAD_MAX))
    for line in read.lines:
        if line.happened_at.date() > latest:
            raise BadRow(_("ngày này chưa tới. Bạn xem lại tệp giúp."), row=line.row)


def _describe(statement: Statement, read: ReadStatement | None) -> None:
    if read is None:
        return
    first, last = read.days
    statement.kind, statement.source_key = read.kind, read.source_key
    statement.first_day, statement.last_day = first.date(), last.date()
    statement.lines_count = len(read.lines)
    statement.in_vnd, statement.out_vnd, statement.gap_vnd = read.in_vnd, read.out_vnd, read.gap_vnd


def _account_of(vendor: Vendor, *, said_by_file: str, said_by_person: str) -> str:
    """Whose account it is: one of the vendor's, former ones too; "" where neither file nor person says."""
    accounts = accounts_of(vendor)
    named = [_own_account(number, accounts) for number in (said_by_file, said_by_person) if number]
    if "" in named:
        raise AccountNotYours(_("Sao kê này của tài khoản không phải của gian hàng."), field="account_number")
    if len(set(named)) > 1:
        raise AccountNotYours(_("Trong tệp ghi tài khoản khác với tài khoản bạn chọn."), field="account_number")
    return named[0] if named else ""


def _own_account(number: str, accounts: list[str]) -> str:
    """The vendor's account that `number` means; spreadsheets drop the zeros in front. "" for none of theirs."""
    if number in accounts:
        return number
    alike = [own for own in accounts if own.lstrip("0") == number.lstrip("0")]
    return alike[0] if len(alike) == 1 else ""


def _own_layouts(vendor: Vendor) -> dict[str, Layout]:
    """The vendor's saved layouts by the signature of their header."""
    kept = StatementLayout.objects.filter(vendor=vendor).order_by("-made_at", "-pk")[:OWN_LAYOUTS_MAX]
    return {
        layout.signature: own_layout(OWN_KIND, {Column(name): head for name, head in layout.heads.items()})
        for layout in kept
    }


def _heads(header: Row, columns: Mapping[Column, int]) -> dict[Column, str]:
    texts = header.texts
    places = list(columns.values())
    if not all(0 <= place < len(texts) for place in places) or len(set(places)) < len(places):
        raise BadColumns(_("Mỗi cột chỉ chọn một lần, và phải có trong tệp."), field="columns")
    if not is_enough(columns):
        raise BadColumns(
            _("Cần chọn cột ngày, cột nội dung, và tiền vào cùng tiền ra (hoặc một cột số tiền)."), field="columns"
        )
    return {column: texts[place] for column, place in columns.items()}


def _keep_layout(vendor: Vendor, *, header: Row, heads: Mapping[Column, str], now: datetime) -> None:
    others = StatementLayout.objects.filter(vendor=vendor).exclude(signature=signature(header))
    if others.count() >= OWN_LAYOUTS_MAX:
        raise TooManyKept(_("Gian hàng đã lưu đủ số mẫu sao kê."))
    StatementLayout.objects.update_or_create(
        vendor=vendor,
        signature=signature(header),
        defaults={"heads": {str(column): head for column, head in heads.items()}, "made_at": now},
    )


def _feed_of(vendor: Vendor, source_key: str, *, now: datetime) -> Feed:
    """The feed of this vendor's files of this kind, made if there is none. The vendor is locked."""
    source = StatementSource.objects.select_related("feed").filter(vendor=vendor, source_key=source_key).first()
    if source is not None:
        return source.feed
    if StatementSource.objects.filter(vendor=vendor).count() >= SOURCES_MAX:
        raise TooManyKept(_("Gian hàng đã dùng quá nhiều kiểu tệp sao kê."))
    # Nobody sends to it and nobody signs for it: it is never active, and its secret is thrown away here.
    feed = Feed.objects.create(
        provider=Feed.Provider.STATEMENT,
        vendor=vendor,
        secret=secrets.token_urlsafe(SECRET_BYTES),
        is_active=False,
        made_at=now,
    )
    StatementSource.objects.create(feed=feed, vendor=vendor, source_key=source_key)
    return feed


def _lock_draft(statement: Statement) -> Statement:
    drafts = Statement.objects.select_for_update(no_key=True, of=("self",)).select_related("vendor")
    draft = drafts.filter(pk=statement.pk).first()
    if draft is None:
        raise NotFound(_("Không tìm thấy sao kê này."))
    if draft.state != Statement.State.DRAFT:
        raise NoDraft(_("Sao kê này đã được nhập rồi."))
    return draft


def _delete(drafts: list[uuid.UUID]) -> None:
    StatementFile.objects.filter(statement__in=drafts, statement__state=Statement.State.DRAFT).delete()
    Statement.objects.filter(pk__in=drafts, state=Statement.State.DRAFT).delete()
