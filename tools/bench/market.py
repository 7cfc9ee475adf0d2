"""The market under test: `market serve` in an environment of its own, and the programs that work beside it."""

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tools.bench import databases, machine

ROOT = Path(__file__).resolve().parents[2]
START_S_MAX = 120
PROGRAM_S_MAX = 1800


@dataclass(frozen=True)
class Market:
    """The market under test: its address, its environment, the process at the root of its tree."""

    base_url: str
    environment: dict[str, str]
    pid: int


def program(module: str, *arguments: object, environment: dict[str, str]) -> str:
    """Run a program of the benchmark in the market's environment; what it printed last."""
    command = [sys.executable, "-m", f"tools.bench.{module}", *map(str, arguments)]
    done = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=PROGRAM_S_MAX
    )
    if done.returncode:
        raise SystemExit(f"bench: {module} failed:\n{done.stderr[-3000:]}")
    return (done.stdout.strip().splitlines() or [""])[-1]


@contextmanager
def serving(environment: dict[str, str], folder: Path) -> Iterator[Market]:
    """`market serve`, ready; ended afterwards with all its processes."""
    base_url = f"http://127.0.0.1:{environment['PORT']}"
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "marketplace", "serve"],
            cwd=ROOT,
            env=environment,
            start_new_session=True,
            stdout=log,
            stderr=log,
        )
        try:
            _wait_until_ready(base_url, process)
            yield Market(base_url, environment, process.pid)
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            try:
                process.wait(START_S_MAX)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)


def _wait_until_ready(base_url: str, process: "subprocess.Popen[bytes]") -> None:
    end = time.monotonic() + START_S_MAX
    while time.monotonic() < end and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{base_url}/health/ready", timeout=5) as answer:  # noqa: S310 - our own
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"bench: the market did not start (exit status {process.poll()})")


def environment_of(folder: Path, database: databases.Database) -> dict[str, str]:
    """The variables of an empty market on a free port that keeps everything in `folder`."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MARKET_")} | {
        "MARKET_HOME": str(folder / "home"),
        "DATABASE_URL": database.url,
        "HOST": "127.0.0.1",
        "PORT": str(databases.free_port()),
        "MARKET_DEMO": "0",
    }
    environment.pop("REDIS_URL", None)
    return environment


def spent(market: Market, database: databases.Database) -> dict[str, float]:
    """Processor seconds so far, of the server, of its database where that is a process, and of everybody."""
    return {
        "server": machine.cpu_of_tree_s(market.pid),
        "database": machine.cpu_of_tree_s(database.pid) if database.pid else 0.0,
        "machine": machine.cpu_of_machine_s(),
        "moment": time.monotonic(),
    }
