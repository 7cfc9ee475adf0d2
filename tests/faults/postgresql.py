"""A PostgreSQL of a test's own, to be restarted in the middle of things and to have its connections cut."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path

import psycopg

from tests.plugins.strictness import postgresql_programs

USER_OF_THE_PACKAGE = "postgres"
START_S_MAX = 60
# Not a secret: it listens on this machine only and is gone after the test.
PASSWORD = "market"


class OwnPostgreSQL:
    """A cluster in a temporary folder, durable as a real one: `fsync` and `synchronous_commit` stay on."""

    def __init__(self, port: int) -> None:
        programs = postgresql_programs()
        assert programs is not None
        self._programs = programs
        self._port = port
        self._folder = Path(tempfile.mkdtemp(prefix="market-postgresql-"))
        self.url = f"postgres://market:{PASSWORD}@127.0.0.1:{port}/market"

    def start(self) -> None:
        """Make the cluster and its one database, and open it."""
        if os.geteuid() == 0:  # PostgreSQL refuses to run as root
            owner = pwd.getpwnam(USER_OF_THE_PACKAGE)
            os.chown(self._folder, owner.pw_uid, owner.pw_gid)
        password = self._folder / "password"
        password.write_text(PASSWORD)
        password.chmod(0o644)
        self._run(
            "initdb", f"--pgdata={self._data}", "--username=market", f"--pwfile={password}",
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8",
        )  # fmt: skip
        self._control("start")
        with self._connection("postgres") as connection:
            connection.execute("CREATE DATABASE market")

    def restart_at_once(self) -> None:
        """End it as a power cut would (`immediate`: no farewell, recovery from its log), and open it again."""
        self._control("stop", "--mode=immediate")
        self._control("start")

    def cut(self, count: int) -> int:
        """End up to `count` connections of the market, those at work first; answers how many were ended."""
        working = """SELECT count(*) FILTER (WHERE pg_terminate_backend(pid)) FROM (
            SELECT pid FROM pg_stat_activity WHERE datname = 'market' AND pid <> pg_backend_pid()
            ORDER BY state = 'idle', random() LIMIT %s) AS chosen"""
        with self._connection("market") as connection:
            row = connection.execute(working, [count]).fetchone()
        return int(row[0]) if row else 0

    def remove(self) -> None:
        """End it and take its folder away."""
        self._control("stop", "--mode=immediate", check=False)
        shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def _data(self) -> Path:
        return self._folder / "data"

    def _connection(self, database: str) -> "psycopg.Connection[tuple[int, ...]]":
        return psycopg.connect(
            host="127.0.0.1", port=self._port, user="market", password=PASSWORD, dbname=database, autocommit=True
        )

    def _control(self, action: str, *arguments: str, check: bool = True) -> None:
        options = (
            f"-c listen_addresses=127.0.0.1 -c port={self._port} -c unix_socket_directories='' -c max_connections=100"
        )
        more = [f"--log={self._folder / 'log'}", f"--options={options}"] if action == "start" else []
        self._run(
            "pg_ctl", f"--pgdata={self._data}", "--wait", f"--timeout={START_S_MAX}", "--silent", action,
            *arguments, *more, check=check,
        )  # fmt: skip

    def _run(self, program: str, *arguments: str, check: bool = True) -> None:
        done = subprocess.run(
            [self._programs / program, *arguments],
            cwd=self._folder,
            user=USER_OF_THE_PACKAGE if os.geteuid() == 0 else None,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,  # a server that pg_ctl starts would hold a pipe open
            stderr=subprocess.DEVNULL,
            check=False,
        )
        assert not check or done.returncode == 0, f"{program} {arguments}: exit status {done.returncode}"
