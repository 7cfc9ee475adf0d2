"""The furnished database: made once by migrations and the shipped places, then copied for whoever needs one.

To walk through all migrations takes a quarter of a minute, and every worker and every server that a test starts
would walk. What came out is kept under the hash of what went in: on SQLite as a file, on PostgreSQL as a database
next to the one that DATABASE_URL names.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

ROOT = Path(__file__).resolve().parents[2]
KEPT = ROOT / ".pytest_cache" / "furnished"
PROGRAM = "tests.plugins.furnishing"
GOES_IN = (
    "**/migrations/*.py",
    "**/models.py",
    "**/models/*.py",
    "**/guards.py",
    "**/apps.py",
    "core/**/*.py",
    "places/**/*",
    "legal/**/*",
)
PACKAGES = ("marketplace", "vendors", "catalog", "payments", "storefront")
OTHERS = ("requirements-dev.lock", "tests/plugins/furniture.py", "tests/plugins/furnishing.py")
KEY_CHARACTERS = 12


class Furniture(ABC):
    """Where the furnished database is kept, and how a copy is made."""

    @abstractmethod
    def is_there(self) -> bool:
        """Whether it was made already, out of what goes in today."""

    @abstractmethod
    def make(self) -> None:
        """Make it, and throw away what older sources made."""

    @abstractmethod
    def copy(self, url: str) -> None:
        """Put a copy at `url`, over what is there."""

    def made_once(self) -> None:
        """Make it unless somebody made it already; while somebody does, wait."""
        with _one_at_a_time():
            if not self.is_there():
                self.make()


def furniture(url: str) -> Furniture:
    """That for databases of the kind that `url` names; for PostgreSQL on its server, beside DATABASE_URL's."""
    return KeptDatabase(os.environ["DATABASE_URL"]) if is_postgresql(url) else KeptFile(KEPT)


def is_postgresql(url: str) -> bool:
    """Whether `url` names a database of PostgreSQL."""
    return url.startswith("postgres")


def put_furnished(url: str) -> None:
    """Put a furnished database at `url`, over what is there. The first who needs one makes it, the others wait."""
    kept = furniture(url)
    kept.made_once()
    kept.copy(url)


def begin_to_furnish() -> subprocess.Popen[bytes] | None:
    """Let a process of its own begin now, if furniture for DATABASE_URL is missing: who needs it waits for less."""
    if furniture(os.environ.get("DATABASE_URL", "")).is_there():
        return None
    return subprocess.Popen([sys.executable, "-m", "tests.plugins.furniture"], cwd=ROOT)


def furniture_key(root: Path = ROOT) -> str:
    """What the furniture is kept under: another key whenever a file that goes into it is another."""
    paths = {path for package in PACKAGES for pattern in GOES_IN for path in (root / package).glob(pattern)}
    paths |= {path for package in PACKAGES for pattern in GOES_IN for path in (root / package).glob(f"*/{pattern}")}
    paths |= {root / name for name in OTHERS}
    digest = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file() and path.suffix != ".pyc"):
        digest.update(f"{path.relative_to(root)} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()[:KEY_CHARACTERS]


class KeptFile(Furniture):
    """Furniture of SQLite, a file in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.path = folder / f"{furniture_key()}.sqlite3"

    def is_there(self) -> bool:
        return self.path.exists()

    def make(self) -> None:
        for older in self._folder.glob("*.sqlite3*"):
            older.unlink()
        with tempfile.TemporaryDirectory() as making:
            made = Path(making) / "made.sqlite3"
            _furnish(f"sqlite:///{made}")
            shutil.copyfile(made, self._folder / "half")
        (self._folder / "half").rename(self.path)

    def copy(self, url: str) -> None:
        shutil.copyfile(self.path, url.removeprefix("sqlite:///"))


class KeptDatabase(Furniture):
    """Furniture of PostgreSQL, a database on the server of `given`, named after the one given."""

    def __init__(self, given: str) -> None:
        self._given = given
        self._prefix = f"furnished_{_name(given)}_"
        self._name = f"{self._prefix}{furniture_key()}"

    def is_there(self) -> bool:
        return self._name in self._all()

    def make(self) -> None:
        half = f"half_{self._name}"
        with self._server() as server:
            for older in [half, *self._all()]:
                server.execute(_drop(older))
            server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(half)))
            _furnish(_named(self._given, half))
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(half), sql.Identifier(self._name))
            )

    def copy(self, url: str) -> None:
        with self._server() as server:
            server.execute(_drop(_name(url)))
            server.execute(
                sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(
                    sql.Identifier(_name(url)), sql.Identifier(self._name)
                )
            )

    def _all(self) -> list[str]:
        with self._server() as server:
            found = server.execute(
                "SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [self._prefix]
            ).fetchall()
        return [name for (name,) in found if len(name) == len(self._name)]

    def _server(self) -> psycopg.Connection[tuple[str]]:
        return psycopg.connect(_named(self._given, "postgres"), autocommit=True)


def make_empty_database(url: str) -> None:
    """Make the database of PostgreSQL at `url`, with nothing in it."""
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(_name(url))))


def drop_database(url: str) -> None:
    """Remove the database of PostgreSQL at `url`, if it is there."""
    with psycopg.connect(_named(url, "postgres"), autocommit=True) as server:
        server.execute(_drop(_name(url)))


def _drop(name: str) -> sql.Composed:
    return sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name))


def _name(url: str) -> str:
    return urlsplit(url).path.removeprefix("/")


def _named(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


def _furnish(url: str) -> None:
    with tempfile.TemporaryDirectory() as home:
        environment = os.environ | {
            "DATABASE_URL": url,
            "MARKET_HOME": home,
            "DJANGO_SETTINGS_MODULE": "marketplace.settings",
        }
        subprocess.run([sys.executable, "-m", PROGRAM], cwd=ROOT, env=environment, check=True)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    KEPT.mkdir(parents=True, exist_ok=True)
    with (KEPT / "turn").open("w") as turn:
        fcntl.flock(turn, fcntl.LOCK_EX)
        yield


if __name__ == "__main__":
    furniture(os.environ.get("DATABASE_URL", "")).made_once()
