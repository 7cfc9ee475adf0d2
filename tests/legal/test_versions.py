"""Texts that bind the market: versions follow each other, and what was published stays as it was."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from marketplace.core.actors import SYSTEM, Actor
from marketplace.core.errors import InvalidInput, NotAllowed, NotFound
from marketplace.core.models import JournalEvent
from marketplace.core.text import BadText
from marketplace.legal.models import BODY_CHARACTERS_MAX, Kind, LegalVersion
from marketplace.legal.selectors import version_in_force, version_numbered, versions_in_force, versions_of
from marketplace.legal.services import BadDay, PublishedMeanwhile, publish_first_versions, publish_version

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 22)
WORDS = {
    "title_vi": "Quy chế",
    "title_en": "Rules",
    "body_vi": "Điều mới.",
    "body_en": "A new rule.",
    "changes_vi": "Thêm một điều.",
    "changes_en": "One rule more.",
}


def publish(now: datetime, *, actor: Actor = SYSTEM, **more: Any) -> LegalVersion:
    return publish_version(**{"actor": actor, "kind": "rules", "effective_on": TODAY, "now": now, **WORDS, **more})


def test_every_text_comes_with_the_market_in_both_languages(now: datetime) -> None:
    texts = versions_in_force(today=TODAY)

    assert [text.kind for text in texts] == Kind.values
    assert [text.number for text in texts] == [1] * len(Kind.values)
    assert publish_first_versions(now=now) == 0
    for text in texts:
        assert text.published_by is None
        assert len(text.body_vi) > 200
        assert text.body_vi.count("\n## ") == text.body_en.count("\n## ")
        assert text.body_vi.count("[?] ") == text.body_en.count("[?] ") > 0
        assert text.body_vi.count("\n- ") == text.body_en.count("\n- ")


def test_a_new_version_takes_the_place_of_the_one_before_which_stays_readable(now: datetime) -> None:
    operator = Actor(user_id=None, is_operator=True)

    version = publish(now, actor=operator)

    assert version.number == 2
    assert version_in_force("rules", today=TODAY) == version
    assert version_numbered("rules", 1).title_en == "Operating rules of Chợ 4.0"
    assert [row.number for row in versions_of("rules")] == [2, 1]
    event = JournalEvent.objects.get(kind="legal.published")
    assert event.data == {"version": version.pk, "kind": "rules", "number": 2}


def test_an_announced_version_binds_from_its_own_day_on(now: datetime) -> None:
    version = publish(now, effective_on=TODAY + timedelta(days=30))

    assert version_in_force("rules", today=TODAY + timedelta(days=29)).number == 1
    assert version_in_force("rules", today=TODAY + timedelta(days=30)) == version


def test_the_same_words_again_are_no_new_version(now: datetime) -> None:
    version = publish(now)

    assert publish(now + timedelta(minutes=1)) == version
    assert LegalVersion.objects.filter(kind="rules").count() == 2
    assert JournalEvent.objects.filter(kind="legal.published").count() == 1


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (TODAY - timedelta(days=1), "trong quá khứ"),
        (TODAY + timedelta(days=367), "xa quá"),
        (date.max, "xa quá"),
        (TODAY + timedelta(days=9), "Bản trước chưa có hiệu lực"),
    ],
)
def test_a_day_that_binds_nobody_or_overtakes_an_announced_version_is_refused(
    day: date, words: str, now: datetime
) -> None:
    publish(now, effective_on=TODAY + timedelta(days=10))

    with pytest.raises(BadDay, match=words):
        publish(now, effective_on=day, body_vi="Điều khác.")

    assert LegalVersion.objects.filter(kind="rules").count() == 2


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"kind": "recipes"}, InvalidInput),
        ({"title_vi": " "}, BadText),
        ({"body_en": ""}, BadText),
        ({"changes_en": ""}, BadText),
        ({"body_vi": "\x00"}, BadText),
        ({"body_vi": "a" * (BODY_CHARACTERS_MAX + 1)}, BadText),
        ({"actor": Actor(user_id=None, commune_codes=frozenset({"01293"}))}, NotAllowed),
        ({"actor": Actor()}, NotAllowed),
    ],
)
def test_incomplete_words_and_strangers_publish_nothing(
    fields: dict[str, Any], error: type[Exception], now: datetime
) -> None:
    before = LegalVersion.objects.count()

    with pytest.raises(error):
        publish(now, **fields)

    assert LegalVersion.objects.count() == before
    assert not JournalEvent.objects.exists()


def test_two_who_publish_at_once_do_not_overwrite_each_other(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    old = version_numbered("rules", 1)
    publish(now)
    monkeypatch.setattr("marketplace.legal.services.newest_version", lambda _kind: old)

    with pytest.raises(PublishedMeanwhile):
        publish(now, body_vi="Điều của người khác.")

    assert version_in_force("rules", today=TODAY).body_vi == "Điều mới."


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows.update(body_vi="khác"),
        lambda rows: rows.update(effective_on=TODAY),
        lambda rows: rows.delete(),
    ],
)
def test_the_database_lets_nobody_rewrite_what_was_published(change: Any) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        change(LegalVersion.objects.filter(kind="rules"))


@pytest.mark.parametrize(("kind", "number"), [("recipes", 1), ("rules", 0), ("rules", 2), ("rules", 10**30)])
def test_what_there_is_not_is_not_found(kind: str, number: int) -> None:
    with pytest.raises(NotFound):
        version_numbered(kind, number)


def test_before_its_first_day_there_is_no_text() -> None:
    with pytest.raises(NotFound):
        version_in_force("rules", today=date(2025, 12, 31))
