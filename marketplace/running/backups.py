"""Backups: database and pictures in one archive, the keys in another beside it, to be kept apart."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
import zlib
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, connections
from django.utils.translation import gettext_lazy as _

from marketplace.core.errors import Conflict, InvalidInput
from marketplace.running.server import running_server

SQLITE_MEMBER = "database.sqlite3"
POSTGRESQL_MEMBER = "database.pgdump"
MEDIA_MEMBER = "media"
TOOL_S_MAX = 3600


class BadBackup(InvalidInput):
    """The file is no backup of this market, or of another kind of database."""


class BadFolder(InvalidInput):
    """The backup should be written to a folder that is not there."""


class StillRunning(Conflict):
    """The market is running out of this MARKET_HOME."""


@dataclass(frozen=True)
class Made:
    """The two files that a backup wrote."""

    file: Path
    file_bytes: int
    keys_file: Path


def backup(file: Path, *, now: datetime) -> Made:
    """Write a consistent copy of the database and the pictures to `file`, and the keys to `file`.keys (mode 0600).

    The market may go on running. Both files appear whole or not at all. Raises `BadFolder`.
    """
    if not file.absolute().parent.is_dir():
        raise BadFolder(_("Không có thư mục để ghi bản sao lưu vào."), field="file")
    keys_file = _keys_file(file)
    home = Path(settings.MARKET_HOME)
    with tempfile.TemporaryDirectory(dir=file.absolute().parent) as folder:
        database = Path(folder) / _database_member()
        _dump_database(database)
        _write_archive(Path(folder) / "data", {database: database.name, home / "media": MEDIA_MEMBER}, now=now)
        _write_archive(Path(folder) / "keys", {home / "keys": "keys"}, now=now)
        (Path(folder) / "keys").replace(keys_file)
        (Path(folder) / "data").replace(file)
    return Made(file=file, file_bytes=file.stat().st_size, keys_file=keys_file)


def restore(file: Path) -> None:
    """Replace database, pictures and, where `file`.keys lies beside it, the keys.

    Everything is unpacked and looked at first, and the keys change last: a damaged backup leaves all as it was.
    Raises `StillRunning` while a server runs out of this MARKET_HOME and `BadBackup`.
    """
    if running_server() is not None:
        raise StillRunning(_("Chợ đang mở: dừng lại rồi mới khôi phục."))
    home = Path(settings.MARKET_HOME)
    with tempfile.TemporaryDirectory(dir=home) as text:
        folder = Path(text)
        _unpack(file, folder)
        database = folder / _database_member()
        if not database.is_file():
            raise BadBackup(_("Tệp sao lưu này không dùng được cho loại cơ sở dữ liệu hiện tại."), field="file")
        keys_file = _keys_file(file)
        if keys_file.is_file():
            _unpack(keys_file, folder)
        _load_database(database)
        _put_in_place(folder / MEDIA_MEMBER, home / "media")
        _put_in_place(folder / "keys", home / "keys")


def _keys_file(file: Path) -> Path:
    return file.with_name(f"{file.name}.keys")


def _database_member() -> str:
    return POSTGRESQL_MEMBER if connection.vendor == "postgresql" else SQLITE_MEMBER


def _write_archive(path: Path, members: dict[Path, str], *, now: datetime) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as raw, tarfile.open(fileobj=raw, mode="w:gz") as archive:
        for source, name in members.items():
            archive.add(source, arcname=name)
        raw.flush()
    os.utime(path, (now.timestamp(), now.timestamp()))


def _unpack(file: Path, folder: Path) -> None:
    try:
        with tarfile.open(file, mode="r:gz") as archive:
            for member in archive:
                _unpack_member(archive, member, folder)
    except (tarfile.TarError, zlib.error, OSError, EOFError) as error:
        raise BadBackup(_("Tệp này không phải bản sao lưu của chợ, hoặc đã hỏng."), field="file") from error


def _unpack_member(archive: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    """Write one file or folder. `extractall(filter="data")` would do, but Debian 12's Python 3.11.2 lacks it."""
    target = (folder / member.name).resolve()
    if not (member.isdir() or member.isfile()) or not target.is_relative_to(folder.resolve()):
        raise tarfile.ExtractError(f"{member.name} is no plain file inside the archive")
    (target if member.isdir() else target.parent).mkdir(mode=0o700, parents=True, exist_ok=True)
    content = archive.extractfile(member)
    if content is not None:
        handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with content, os.fdopen(handle, "wb") as file:
            shutil.copyfileobj(content, file)


def _put_in_place(fresh: Path, place: Path) -> None:
    if not fresh.is_dir():
        return
    old = place.with_name(f"{place.name}.before-restore")
    shutil.rmtree(old, ignore_errors=True)
    if place.exists():
        place.replace(old)
    fresh.replace(place)
    shutil.rmtree(old, ignore_errors=True)


def _dump_database(target: Path) -> None:
    if connection.vendor == "postgresql":
        _run_tool(["pg_dump", "--format=custom", "--no-owner", f"--file={target}"])
        return
    connection.ensure_connection()
    with closing(sqlite3.connect(target)) as copy:
        connection.connection.backup(copy)


def _load_database(source: Path) -> None:
    if connection.vendor == "postgresql":
        _run_tool(
            [
                "pg_restore",
                "--clean",
                "--if-exists",
                "--no-owner",
                "--single-transaction",
                "--dbname",
                "",
                str(source),
            ]
        )
        return
    _check_sqlite(source)
    name = Path(str(connection.settings_dict["NAME"]))
    connections.close_all()
    for leftover in (f"{name}-wal", f"{name}-shm"):
        Path(leftover).unlink(missing_ok=True)
    source.replace(name)


def _check_sqlite(source: Path) -> None:
    # Through Django, since the tables' checks use functions that Django gives to its connections.
    copy = connections.create_connection("default")
    copy.settings_dict = {**connection.settings_dict, "NAME": str(source)}
    try:
        with copy.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            sound = cursor.fetchone()[0] == "ok"
    except DatabaseError as error:
        raise BadBackup(_("Cơ sở dữ liệu trong bản sao lưu đã hỏng."), field="file") from error
    finally:
        copy.close()
    if not sound:
        raise BadBackup(_("Cơ sở dữ liệu trong bản sao lưu đã hỏng."), field="file")


def _run_tool(command: list[str]) -> None:
    wanted: dict[str, Any] = connection.settings_dict
    environment = {
        **os.environ,
        "PGHOST": str(wanted["HOST"] or ""),
        "PGPORT": str(wanted["PORT"] or ""),
        "PGUSER": str(wanted["USER"] or ""),
        "PGPASSWORD": str(wanted["PASSWORD"] or ""),
        "PGDATABASE": str(wanted["NAME"]),
    }
    filled = [str(wanted["NAME"]) if part == "" else part for part in command]
    try:
        subprocess.run(filled, env=environment, check=True, capture_output=True, timeout=TOOL_S_MAX)  # noqa: S603 - fixed words
    except FileNotFoundError as error:
        raise InvalidInput(_("Thiếu công cụ pg_dump/pg_restore: cài gói postgresql-client.")) from error
    except subprocess.CalledProcessError as error:
        raise BadBackup(error.stderr.decode("utf-8", "replace")[-500:]) from error
