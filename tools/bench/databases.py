"""A database of the benchmark's own: an SQLite file, or a PostgreSQL that is started for it and ended after it."""

import os
import secrets
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

START_S_MAX = 60


@dataclass(frozen=True)
class Database:
    """Its address, and the process whose tree works for it (0: the market's own)."""

    url: str
    pid: int
    version: str


class NoPostgresql(SystemExit):
    """PostgreSQL's programs are not on this machine; the message says what to do."""


def free_port() -> int:
    """A port on 127.0.0.1 that nobody listens on."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def sqlite(folder: Path) -> Iterator[Database]:
    """An SQLite file in `folder`."""
    yield Database(f"sqlite:///{folder / 'market.sqlite3'}", 0, "SQLite")


@contextmanager
def postgresql(folder: Path) -> Iterator[Database]:
    """A fresh PostgreSQL on 127.0.0.1 whose commits are on the disk, otherwise as it comes."""
    programs, data = _programs(), folder / "postgresql"
    data.mkdir()
    if os.getuid() == 0:
        folder.chmod(0o711)
        shutil.chown(data, "postgres")
    password, port = secrets.token_hex(8), free_port()
    (folder / "password").write_text(password)
    (folder / "password").chmod(0o644)
    initdb = [programs / "initdb", f"--pgdata={data / 'data'}", "--username=market", "--auth=scram-sha-256"]
    _run([*initdb, f"--pwfile={folder / 'password'}", "--encoding=UTF8", "--locale=C.UTF-8"], folder)
    control = [programs / "pg_ctl", f"--pgdata={data / 'data'}", "--wait", f"--timeout={START_S_MAX}", "--silent"]
    options = (
        f"-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' -c max_connections=100"
        " -c fsync=on -c synchronous_commit=on -c full_page_writes=on"
    )
    _run([*control, f"--log={data / 'log'}", f"--options={options}", "start"], folder)
    try:
        pid = int((data / "data" / "postmaster.pid").read_text().split()[0])
        url = f"postgres://market:{password}@127.0.0.1:{port}/postgres"
        yield Database(url, pid, _run([programs / "postgres", "--version"], folder).strip())
    finally:
        _run([*control, "--mode=fast", "stop"], folder)


def _programs() -> Path:
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path is None:
        raise NoPostgresql("bench: PostgreSQL is not installed (apt-get install postgresql); or DATABASE=sqlite")
    return Path(on_path).parent


def _run(command: list[object], folder: Path) -> str:
    """PostgreSQL refuses to run as root: there it runs as the user that its package made."""
    words = [str(word) for word in command]
    if os.getuid() == 0:
        words = ["runuser", "-u", "postgres", "--", *words]
    # What pg_ctl starts goes on running and must not hold our pipe open.
    with (folder / "output").open("w+") as output:
        done = subprocess.run(words, cwd=folder / "postgresql", stdout=output, stderr=output, check=False)
        output.seek(0)
        text = output.read()
    if done.returncode:
        raise SystemExit(f"bench: {words[-1]} failed:\n{text}")
    return text
