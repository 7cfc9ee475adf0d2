"""Publishing a version of a text, by the operator; the first versions come with the market."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from marketplace.core import journal
from marketplace.core.actors import Actor
from marketplace.core.clock import vietnam_date
from marketplace.core.errors import Conflict, InvalidInput, NotAllowed
from marketplace.core.text import clean_line, clean_text
from marketplace.legal.models import (
    BODY_CHARACTERS_MAX,
    CHANGES_CHARACTERS_MAX,
    TITLE_CHARACTERS_MAX,
    Kind,
    LegalVersion,
)
from marketplace.legal.selectors import newest_version

FIRST_TEXTS: Final = Path(__file__).parent / "data"
DAYS_AHEAD_MAX: Final = 366


class BadDay(InvalidInput):
    """The day from which a version shall be in force lies in the past, too far ahead, or before an announced one."""


class PublishedMeanwhile(Conflict):
    """Somebody else published a version of this text at the same moment."""


def publish_version(
    *,
    actor: Actor,
    kind: str,
    effective_on: date,
    title_vi: str,
    title_en: str,
    body_vi: str,
    body_en: str,
    changes_vi: str,
    changes_en: str,
    now: datetime,
) -> LegalVersion:
    """Publish the next version of a text. The very words of the newest one again give that one: nothing is new.

    Raises `NotAllowed` to all but the operator, `InvalidInput`, `BadText`, `BadDay`, `PublishedMeanwhile`.
    """
    if not (actor.is_operator or actor.is_system):
        raise NotAllowed(_("Chỉ người vận hành được ban hành bản mới."))
    if kind not in Kind.values:
        raise InvalidInput(_("Bạn chọn loại nội dung giúp."), field="kind")
    words = _cleaned(
        {
            "title_vi": title_vi,
            "title_en": title_en,
            "body_vi": body_vi,
            "body_en": body_en,
            "changes_vi": changes_vi,
            "changes_en": changes_en,
        }
    )
    before = newest_version(kind)
    if before is not None and all(getattr(before, name) == text for name, text in words.items()):
        return before
    refuse_bad_day(effective_on, before=before, today=vietnam_date(now))
    return _publish(kind, words, before=before, effective_on=effective_on, actor=actor, now=now)


def _cleaned(words: Mapping[str, str]) -> dict[str, str]:
    most = {"title": TITLE_CHARACTERS_MAX, "body": BODY_CHARACTERS_MAX, "changes": CHANGES_CHARACTERS_MAX}
    cleaned = {}
    for name, text in words.items():
        part = name.partition("_")[0]
        clean = clean_text if part == "body" else clean_line
        cleaned[name] = clean(text, characters_max=most[part], field=name, required=True)
    return cleaned


def refuse_bad_day(day: date, *, before: LegalVersion | None, today: date) -> None:
    """A version binds nobody in the past, and versions come into force in the order of their numbers.

    Raises `BadDay` for a `day` that breaks this after the version `before`.
    """
    if day < today:
        raise BadDay(_("Ngày hiệu lực không được ở trong quá khứ."), field="effective_on")
    if (day - today).days > DAYS_AHEAD_MAX:
        raise BadDay(_("Ngày hiệu lực xa quá: tối đa một năm nữa."), field="effective_on")
    if before is not None and day < before.effective_on:
        raise BadDay(
            _("Bản trước chưa có hiệu lực. Chọn ngày không sớm hơn ngày của bản trước."), field="effective_on"
        )


def _publish(
    kind: str,
    words: Mapping[str, str],
    *,
    before: LegalVersion | None,
    effective_on: date,
    actor: Actor,
    now: datetime,
) -> LegalVersion:
    number = before.number + 1 if before else 1
    try:
        with transaction.atomic():
            version = LegalVersion.objects.create(
                kind=kind,
                number=number,
                effective_on=effective_on,
                published_at=now,
                published_by_id=actor.user_id,
                **words,
            )
            journal.record(
                kind="legal.published",
                aggregate_type="legal_version",
                aggregate_id=version.pk,
                actor=actor,
                now=now,
                data={"version": version.pk, "kind": kind, "number": number},
            )
    except IntegrityError as error:
        raise PublishedMeanwhile(_("Vừa có người ban hành bản mới. Tải lại trang rồi xem lại.")) from error
    return version


def publish_first_versions(*, now: datetime) -> int:
    """Version 1 of every text that there is none of yet, from the files in `data/`. Returns how many were new.

    Runs at every start; two at once make them once. No journal entry: the row itself says when it came, and that
    nobody wrote it here.
    """
    known = set(LegalVersion.objects.values_list("kind", flat=True).distinct())
    first = [
        LegalVersion(kind=kind, number=1, effective_on=vietnam_date(now), published_at=now, **_first_words(kind))
        for kind in Kind.values
        if kind not in known
    ]
    if first:
        with transaction.atomic():
            LegalVersion.objects.bulk_create(first, ignore_conflicts=True)
    return len(first)


def _first_words(kind: str) -> dict[str, str]:
    words: dict[str, str] = {}
    for language in ("vi", "en"):
        title, _line_end, body = (FIRST_TEXTS / f"{kind}.{language}.txt").read_text(encoding="utf-8").partition("\n")
        words |= {f"title_{language}": title.removeprefix("# ").strip(), f"body_{language}": body.strip()}
    return words
