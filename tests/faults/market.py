"""A market of its own process, to be killed: started, killed -9 with all its processes, and started again."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path
from typing import Any

from tests.source import ROOT

START_S_MAX = 180
PAUSE_S = 0.05


class KillableMarket:
    """`market serve` in a process group of its own; `program` is what stands for `market`."""

    def __init__(self, environment: dict[str, str], *, program: str = "marketplace", demo: bool = False) -> None:
        self.environment = {**environment, "MARKET_DEMO": str(int(demo))}
        self._program = program
        self.port = int(environment["PORT"])
        self.base_url = f"http://{environment['HOST']}:{environment['PORT']}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Start it and wait until it answers."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", self._program, "serve"],
            cwd=ROOT,
            env=self.environment,
            start_new_session=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        end = time.monotonic() + START_S_MAX
        while not self.answers():
            if time.monotonic() > end or self._process.poll() is not None:
                raise AssertionError(f"the market did not start (exit status {self._process.poll()})")
            time.sleep(PAUSE_S)

    def kill(self) -> None:
        """kill -9 to every process of it."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """Ask it to end."""
        self._end(signal.SIGTERM)

    def processes(self) -> list[int]:
        """The ids of the processes it consists of now, the first the one that started the others."""
        if self._process is None or self._process.poll() is not None:
            return []
        first = self._process.pid
        children = Path(f"/proc/{first}/task/{first}/children").read_text(encoding="ascii").split()
        return [first, *map(int, children)]

    def kill_one(self, process: int) -> None:
        """kill -9 to one of its processes. Without the first the others are nothing: they are killed with it."""
        if self._process is not None and process == self._process.pid:
            self.kill()
            return
        with contextlib.suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)

    def run(self, module: str, *arguments: str) -> Any:
        """Run a program of the tests in the market's environment; answers the JSON it printed last."""
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return json.loads(done.stdout.strip().splitlines()[-1])

    def _end(self, number: signal.Signals) -> None:
        if self._process is not None and self._process.poll() is None:
            os.killpg(self._process.pid, number)
            self._process.wait(START_S_MAX)

    def answers(self) -> bool:
        """Whether it is ready."""
        try:
            with urllib.request.urlopen(f"{self.base_url}/health/ready", timeout=5) as answer:
                return bool(answer.status == 200)
        except OSError:
            return False
