"""How many bank notices a second the market confirms, and what each costs.

    python -m tools.bench.notices [--database postgresql|sqlite] [--notices 10000] [--connections 16] [--rate 0] …

Starts a database of its own and the real `market serve`, seeds unpaid orders over many shops, lets a bank in a
process of its own pay them, and then holds the books against what the bank was told. Everything shares this
machine's processors: server, database, the worker that hands on the journal, and the bank.
"""

import argparse
import json
import os
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.bench import databases, machine
from tools.bench.market import ROOT, environment_of, program, serving, spent

COUNTED_NOTICES = 20
"""After one of every shop: the first notice of a feed in a minute also writes down that the feed is alive."""
WARM_UP_NOTICES = 400
AIMS = {"postgresql": (560, 100), "sqlite": (350, None)}
"""Notices a second, and the 99th percentile in milliseconds where one is asked for."""


def measure(options: argparse.Namespace, folder: Path, database: databases.Database) -> dict[str, Any]:
    """One run: seed, count statements, warm up, measure, verify."""
    environment = environment_of(folder, database)
    file, counted = folder / "payments.json", options.shops + COUNTED_NOTICES
    first = counted + WARM_UP_NOTICES
    last = first + options.notices
    program("seed", last, options.shops, file, environment=environment)
    found: dict[str, Any] = json.loads(program("statements", file, counted, COUNTED_NOTICES, environment=environment))
    with serving(environment, folder) as market:
        pays = ("bank", file, market.base_url)
        program(*pays, counted, first, options.connections, 0, environment=environment)
        before = spent(market, database)
        bank = json.loads(program(*pays, first, last, options.connections, options.rate, environment=environment))
        used = {name: after - before[name] for name, after in spent(market, database).items()}
        verdict = json.loads(program("verdict", environment=environment))
        drained = {name: after - before[name] for name, after in spent(market, database).items()}
    found |= _figures(bank, used, drained) | verdict
    found["violations"] += _wrong(found, last, bank, file)
    return found


def _figures(bank: dict[str, Any], spent: dict[str, float], drained: dict[str, float]) -> dict[str, Any]:
    times, posted = bank.pop("latencies_s"), bank["posted"]
    share = {
        f"p{percent}_ms": 1000 * times[min(len(times) - 1, len(times) * percent // 100)] for percent in (50, 95, 99)
    }
    others = spent["machine"] - spent["server"] - spent["database"] - bank["cpu_s"]
    return {
        "notices_a_second": bank["statuses"].get("200", 0) / bank["seconds"],
        **share,
        "max_ms": 1000 * times[-1],
        "server_cpu_ms_a_notice": 1000 * spent["server"] / posted,
        "database_cpu_ms_a_notice": 1000 * spent["database"] / posted,
        "bank_cpu_ms_a_notice": 1000 * bank["cpu_s"] / posted,
        "with_draining_cpu_ms_a_notice": 1000 * (drained["server"] + drained["database"]) / posted,
        "others_share_of_the_machine": others / spent["moment"] / (os.cpu_count() or 1),
        "statuses": bank["statuses"],
        "seconds": bank["seconds"],
    }


def _wrong(found: dict[str, Any], paid: int, bank: dict[str, Any], file: Path) -> list[str]:
    """What the books say otherwise than the bank."""
    seeded = json.loads(file.read_text(encoding="utf-8"))
    expected_vnd = sum(payment["amount"] for payment in seeded["payments"])
    expected = {
        "notices": paid,
        "booked": paid,
        "charges": paid,
        "orders_full": paid,
        "charged_vnd": expected_vnd,
        "deliveries_open": 0,
        "differences": [],
    }
    wrong = [
        f"{name} is {found[name]} and should be {value}" for name, value in expected.items() if found[name] != value
    ]
    return wrong if bank["statuses"] == {"200": bank["posted"]} else [*wrong, f"answers: {bank['statuses']}"]


def report(runs: list[dict[str, Any]], options: argparse.Namespace) -> list[str]:
    """The runs as a table, a run a column."""
    columns = {
        "notices_a_second": "confirmed a second",
        "p50_ms": "p50 ms",
        "p95_ms": "p95 ms",
        "p99_ms": "p99 ms",
        "max_ms": "slowest ms",
        "statements_a_notice": "SQL statements a notice",
        "server_cpu_ms_a_notice": "server CPU ms a notice",
        "database_cpu_ms_a_notice": "database CPU ms a notice",
        "bank_cpu_ms_a_notice": "bank CPU ms a notice",
        "with_draining_cpu_ms_a_notice": "server + database, journal handed on",
        "deliveries_waiting_at_the_end": "deliveries waiting at the end",
        "drain_s": "seconds until all were handed on",
        "others_share_of_the_machine": "share of the machine others had",
    }
    lines = [
        f"{title:38s}" + "".join(f"{run[name]:>12.2f}" if run[name] < 100 else f"{run[name]:>12.0f}" for run in runs)
        for name, title in columns.items()
    ]
    per_second, p99_ms = AIMS[options.database]
    aim = f"{per_second}/s" + (f" with p99 <= {p99_ms} ms" if p99_ms else "")
    wrong = [sentence for run in runs for sentence in run["violations"]]
    return [*lines, f"aim: {aim}", "books: " + ("; ".join(wrong) if wrong else "every notice booked exactly once")]


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-notices", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=sorted(AIMS), default="postgresql")
    parser.add_argument("--notices", type=int, default=10_000)
    parser.add_argument("--shops", type=int, default=200)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--rate", type=float, default=0, help="notices a second; 0: as fast as they are answered")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--results", type=Path, default=ROOT / "results", help="folder for the JSON")
    parser.add_argument("--show-statements", action="store_true")
    return parser.parse_args()


def main() -> int:
    """Run, print, keep. Exit status 1 when the books are wrong; never for being slow."""
    options = _options()
    begun = datetime.now(UTC)
    runs = []
    about: dict[str, Any] = {}
    for number in range(1, options.runs + 1):
        with tempfile.TemporaryDirectory(prefix="market-bench-") as text:
            folder = Path(text)
            about = about or machine.description(folder)
            opened = databases.postgresql if options.database == "postgresql" else databases.sqlite
            with opened(folder) as database:
                about["database"] = database.version
                runs.append(measure(options, folder, database))
        print(f"run {number}: {runs[-1]['notices_a_second']:.0f}/s, p99 {runs[-1]['p99_ms']:.0f} ms", file=sys.stderr)
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print(
        f"{options.notices} notices, {options.connections} connections, {options.shops} shops, rate {options.rate:g}"
    )
    print("\n".join(report(runs, options)))
    if options.show_statements:
        print("\n".join(runs[-1]["statements"]))
    options.results.mkdir(exist_ok=True)
    kept = options.results / f"notices-{options.database}-{begun:%Y%m%dT%H%M%SZ}.json"
    asked = {name: str(value) for name, value in vars(options).items()}
    kept.write_text(
        json.dumps({"begun": begun.isoformat(), "machine": about, "asked": asked, "runs": runs}, indent=2)
    )
    return int(any(run["violations"] for run in runs))


if __name__ == "__main__":
    sys.exit(main())
