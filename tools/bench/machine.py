"""What the machine spent and what it is: processor time of process trees and of all others, the price of an fsync."""

import os
import platform
import statistics
import time
from pathlib import Path
from typing import Any

TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
FSYNCS = 200


def cpu_of_tree_s(root: int) -> float:
    """Processor seconds that `root` and all its descendants, the ended ones too, have used."""
    stats = dict(filter(None, (_stat(entry) for entry in Path("/proc").iterdir() if entry.name.isdigit())))
    tree, added = {root}, True
    while added:
        more = {pid for pid, (parent, _own, _ended) in stats.items() if parent in tree} - tree
        tree |= more
        added = bool(more)
    own = sum(stats[pid][1] for pid in tree if pid in stats)
    return own + sum(stats[pid][2] for pid in tree if pid in stats)


def _stat(entry: Path) -> tuple[int, tuple[int, float, float]] | None:
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None  # it ended while we looked
    parent, user, system, ended_user, ended_system = (int(fields[place]) for place in (1, 11, 12, 13, 14))
    return int(entry.name), (parent, (user + system) / TICKS_A_SECOND, (ended_user + ended_system) / TICKS_A_SECOND)


def cpu_of_machine_s() -> float:
    """Processor seconds that everybody on this machine has used, what the hypervisor took away included."""
    fields = [int(field) for field in Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    idle = fields[3] + fields[4]
    return (sum(fields[:8]) - idle) / TICKS_A_SECOND


def fsync_us(folder: Path) -> float:
    """The median time of an fsync after 8 KiB in `folder`, in microseconds."""
    times = []
    with (folder / "fsync").open("wb") as file:
        for _ in range(FSYNCS):
            file.write(b"x" * 8192)
            file.flush()
            begun = time.perf_counter()
            os.fsync(file.fileno())
            times.append(time.perf_counter() - begun)
    return statistics.median(times) * 1e6


def million_additions_ms() -> float:
    """The processor time of a million additions in Python, the best of three: how quick a thread is here and now."""
    return min(_additions_ms() for _ in range(3))


def _additions_ms() -> float:
    begun, total = time.process_time(), 0
    for number in range(1_000_000):
        total += number
    return 1000 * (time.process_time() - begun)


def description(folder: Path) -> dict[str, Any]:
    """What a reader must know to compare: processors, Python, price of an fsync, what else runs."""
    models = [line.partition(":")[2].strip() for line in _cpuinfo() if line.startswith("model name")]
    return {
        "processors": os.cpu_count(),
        "processor": models[0] if models else platform.machine(),
        "python": platform.python_version(),
        "million_additions_ms": round(million_additions_ms(), 1),
        "fsync_us": round(fsync_us(folder), 1),
        "load_average_before": os.getloadavg()[0],
    }


def _cpuinfo() -> list[str]:
    try:
        return Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return []
