import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.plugins import furniture
from tests.plugins.database import at_once
from tests.plugins.furniture import Furniture, KeptFile, furniture_key, is_postgresql
from tests.plugins.servers import an_own_database

MIGRATION = "payments/migrations/0001_initial.py"
PLACES = "marketplace/places/data/admin_units_2025.csv"
GUARDS = "vendors/guards.py"
VIEW = "storefront/shop/views/basket.py"


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A tree with one file of each kind in it."""
    for name in (*furniture.OTHERS, MIGRATION, PLACES, GUARDS, VIEW):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("as it was", encoding="utf-8")
    return tmp_path


def numbers(url: str, *questions: str) -> list[int]:
    """What the database at `url` answers."""
    if is_postgresql(url):
        with psycopg.connect(url) as database:
            return [next(iter(database.execute(question)))[0] for question in questions]
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
        return [file.execute(question).fetchone()[0] for question in questions]


def test_a_copy_has_tables_places_and_the_first_legal_texts(tmp_path: Path) -> None:
    with an_own_database(tmp_path) as url:
        communes, texts, people = numbers(
            url,
            "SELECT COUNT(*) FROM places_commune",
            "SELECT COUNT(*) FROM legal_legalversion",
            "SELECT COUNT(*) FROM people_user",
        )

    assert (communes, people) == (3321, 0)
    assert texts > 0


def write(url: str, statement: str) -> None:
    """Run `statement` in the database at `url`, and commit."""
    if is_postgresql(url):
        with psycopg.connect(url) as database:
            database.execute(statement)
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as file:
        file.execute(statement)
        file.commit()


def test_what_one_writes_into_a_copy_is_not_in_the_next(tmp_path: Path) -> None:
    for folder in (tmp_path / "first", tmp_path / "second"):
        folder.mkdir()
        with an_own_database(folder) as url:
            write(url, "CREATE TABLE a_note (words text)")

            with pytest.raises((sqlite3.OperationalError, psycopg.errors.DuplicateTable)):
                write(url, "CREATE TABLE a_note (words text)")


@pytest.mark.parametrize("name", [MIGRATION, PLACES, GUARDS, "requirements-dev.lock"])
def test_furniture_is_made_anew_when_what_goes_into_it_changed(sources: Path, name: str) -> None:
    before = furniture_key(sources)
    (sources / name).write_text("otherwise", encoding="utf-8")
    assert furniture_key(sources) != before


def test_a_file_that_goes_in_anew_counts_too(sources: Path) -> None:
    before = furniture_key(sources)
    (sources / MIGRATION).with_name("0002_more.py").write_text("", encoding="utf-8")
    assert furniture_key(sources) != before


def test_control_what_does_not_go_in_leaves_it_as_it_is(sources: Path) -> None:
    before = furniture_key(sources)
    (sources / VIEW).write_text("otherwise", encoding="utf-8")
    assert furniture_key(sources) == before


class Counted(Furniture):
    """Furniture that counts how often it was made."""

    def __init__(self) -> None:
        self.made = 0

    def is_there(self) -> bool:
        return self.made > 0

    def make(self) -> None:
        threading.Event().wait(0.05)  # long enough that the others stand before the door
        self.made += 1

    def copy(self, url: str) -> None:
        raise NotImplementedError


def test_who_needs_furniture_at_once_makes_it_once() -> None:
    counted = Counted()
    assert at_once([counted.made_once] * 4) == [None] * 4
    assert counted.made == 1


def test_older_furniture_is_thrown_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(furniture, "_furnish", lambda url: Path(url.removeprefix("sqlite:///")).write_text("made"))
    (tmp_path / "older.sqlite3").touch()

    KeptFile(tmp_path).make()

    assert [path.read_text() for path in tmp_path.iterdir()] == ["made"]
