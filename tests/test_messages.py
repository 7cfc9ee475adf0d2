"""Every text is written in Vietnamese and has its English translation, compiled as it is written."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from django.utils.translation import gettext, override

from tools.messages import (
    LANGUAGES,
    collected,
    po_file,
    stale_files,
    translated,
    untranslated,
    write,
)

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w*\}|%[sd]")
PYTHON = 'from x import gettext_lazy as _\nA = _("Giỏ hàng")\nB = ngettext("{n} món", "{n} món", 2)\n'
TEMPLATE = "{% load i18n %}{% blocktranslate %}Chào {{ name }}{% endblocktranslate %} {% translate 'Tìm' %}"


@pytest.fixture(scope="module")
def texts() -> Catalog:
    return collected()


@pytest.fixture
def small(tmp_path: Path) -> Catalog:
    """The texts of a project with one Python file and one template."""
    templates = tmp_path / "storefront" / "templates"
    templates.mkdir(parents=True)
    (templates / "page.html").write_text(TEMPLATE, encoding="utf-8")
    (tmp_path / "storefront" / "views.py").write_text(PYTHON, encoding="utf-8")
    return collected(tmp_path)


def wrong_placeholders(catalogue: Catalog) -> list[str]:
    return [
        str(message.id)
        for message in catalogue
        if message.id and message.string and _placeholders(message.id) != _placeholders(message.string)
    ]


def _placeholders(text: str | tuple[str, ...] | list[str]) -> set[str]:
    return set(PLACEHOLDER.findall(text if isinstance(text, str) else " ".join(text)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_is_translated(language: str, texts: Catalog) -> None:
    assert list(untranslated(translated(language, texts=texts))) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_translations_are_compiled_as_they_are_written(language: str, texts: Catalog) -> None:
    assert stale_files(language, texts=texts) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_keep_the_places_where_values_go(language: str, texts: Catalog) -> None:
    assert wrong_placeholders(translated(language, texts=texts)) == []


def test_texts_of_code_and_templates_are_found(small: Catalog) -> None:
    assert {message.id for message in small if message.id} == {
        "Giỏ hàng",
        ("{n} món", "{n} món"),
        "Chào %(name)s",
        "Tìm",
    }


def test_control_a_text_without_translation_and_files_that_are_not_there_are_found(
    small: Catalog, tmp_path: Path
) -> None:
    assert len(list(untranslated(translated("en", texts=small, folder=tmp_path)))) == 4
    assert len(stale_files("en", texts=small, folder=tmp_path)) == 2


def test_a_translation_survives_the_next_collection(small: Catalog, tmp_path: Path) -> None:
    write("en", texts=small, folder=tmp_path)
    path = po_file("en", tmp_path)
    path.write_text(
        path.read_text("utf-8").replace('msgid "Tìm"\nmsgstr ""', 'msgid "Tìm"\nmsgstr "Search"'), "utf-8"
    )

    again = write("en", texts=small, folder=tmp_path)

    found = again.get("Tìm")
    assert found is not None
    assert found.string == "Search"
    assert stale_files("en", texts=small, folder=tmp_path) == []


def test_a_text_that_learns_its_plural_is_to_be_translated_anew(tmp_path: Path) -> None:
    one, many = Catalog(), Catalog()
    one.add("%(count)s đơn")
    many.add(("%(count)s đơn", "%(count)s đơn"))
    path = po_file("en", tmp_path)
    write("en", texts=one, folder=tmp_path)
    path.write_text(path.read_text("utf-8").replace('đơn"\nmsgstr ""', 'đơn"\nmsgstr "Orders: %(count)s"'), "utf-8")
    assert list(untranslated(translated("en", texts=one, folder=tmp_path))) == []

    assert len(list(untranslated(write("en", texts=many, folder=tmp_path)))) == 1


def test_a_text_that_is_gone_from_the_project_leaves_the_files(small: Catalog, tmp_path: Path) -> None:
    write("en", texts=small, folder=tmp_path)

    write("en", texts=Catalog(), folder=tmp_path)

    assert "Tìm" not in po_file("en", tmp_path).read_text("utf-8")


def test_control_a_translation_that_lost_a_value_is_found() -> None:
    catalogue = Catalog(locale="en")
    catalogue.add("Còn {count} món", "Some left")

    assert wrong_placeholders(catalogue) == ["Còn {count} món"]


def test_the_market_speaks_english_to_those_who_ask() -> None:
    with override("en"):
        assert gettext("Giỏ") == "Basket"


def test_cancelling_is_spelled_in_one_way(texts: Catalog) -> None:
    """The tone stands on the first vowel: "hủy"; a page that writes it both ways looks like two people's."""
    assert [str(message.id) for message in texts if "hu\u1ef7" in str(message.id).lower()] == []
    assert "Đã hủy" in {str(message.id) for message in texts}
