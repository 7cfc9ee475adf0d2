"""How many orders a second the GraphQL API takes, by Saleor's nine requests and by five, and what each step costs.

    python -m tools.bench.api_sales [--database postgresql|sqlite] [--shops 50] [--clients 8] [--seconds 10] …

Starts a database of its own and the real `market serve`, opens shops, and lets buyers in a process of their own go
through whole checkouts, each step out of the answer before it. Everything shares this machine's processors. The
statements of each step are counted in one process before the server starts.
"""

import argparse
import json
import os
import statistics
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.bench import databases, machine
from tools.bench.api import OPENERS, commit, room
from tools.bench.market import ROOT, Market, environment_of, program, serving, spent

WAYS = {"nine": ("nine requests, as Saleor's storefront", 25), "five": ("five requests", 75)}
"""What is bought how, and how many orders a second are aimed at."""


def measure(options: argparse.Namespace, folder: Path) -> tuple[list[dict[str, Any]], str]:
    """Both ways, each `options.runs` times; a row each, with the medians."""
    with OPENERS[options.database](folder) as database:
        environment = environment_of(folder, database)
        goods = folder / "goods.json"
        steps = json.loads(program("buying", options.shops, goods, environment=environment))
        rows = []
        with serving(environment, folder) as market:
            for way, (title, aim) in WAYS.items():
                runs = [run(options, market, database, goods=goods, way=way) for _ in range(options.runs)]
                of_steps = _medians_of_steps(runs, steps[way])
                row = {name: statistics.median(one[name] for one in runs) for name in runs[0] if name != "steps"}
                rows.append({"way": title, "aim": aim, "steps": of_steps} | row)
                print(f"{title}: {row['orders_a_second']:.1f} orders/s", file=sys.stderr)
        return rows, database.version


def run(
    options: argparse.Namespace, market: Market, database: databases.Database, *, goods: Path, way: str
) -> dict[str, Any]:
    """One run: warm up, then measure."""
    asks = ("buyers", goods, market.base_url, way, options.clients)
    program(*asks, options.warm_up, environment=market.environment)
    pace_ms = machine.million_additions_ms()
    before = spent(market, database)
    bought = json.loads(program(*asks, options.seconds, environment=market.environment))
    used = {name: after - before[name] for name, after in spent(market, database).items()}
    others = used["machine"] - used["server"] - used["database"] - bought["cpu_s"]
    requests = sum(len(times) for times in bought["steps"].values())
    return {
        "orders_a_second": bought["orders"] / bought["seconds"],
        "server_cpu_ms": 1000 * used["server"] / requests,
        "database_cpu_ms": 1000 * used["database"] / requests,
        "million_additions_ms": pace_ms,
        "others_share": max(0.0, others / used["moment"] / (os.cpu_count() or 1)),
        "steps": bought["steps"],
    }


def _medians_of_steps(runs: list[dict[str, Any]], counted: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "name": step["name"],
            "statements": step["statements"],
            "cpu_ms": step["cpu_ms"],
            "p50_ms": 1000 * statistics.median(_share(one["steps"][step["name"]], 50) for one in runs),
            "p95_ms": 1000 * statistics.median(_share(one["steps"][step["name"]], 95) for one in runs),
        }
        for step in counted
    ]


def _share(times: list[float], per: int) -> float:
    return times[min(len(times) - 1, len(times) * per // 100)]


def table(rows: list[dict[str, Any]], database: str) -> list[str]:
    """The rows as docs/benchmarks.md shows them."""
    lines = [
        "| database | way | orders a second (aim) | CPU ms a request, server + database | a million additions ms"
        " | others had |",
        "|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {database} | {row['way']} | {row['orders_a_second']:.1f} ({row['aim']}) |"
        f" {row['server_cpu_ms']:.1f} + {row['database_cpu_ms']:.1f} | {row['million_additions_ms']:.0f} |"
        f" {100 * row['others_share']:.0f} % |"
        for row in rows
    ]
    lines += ["", "| way | step | SQL | CPU ms alone | p50 / p95 ms |", "|---|---|---|---|---|"]
    lines += [
        f"| {row['way'].split(',')[0]} | {step['name']} | {step['statements']} | {step['cpu_ms']:.1f} |"
        f" {step['p50_ms']:.0f} / {step['p95_ms']:.0f} |"
        for row in rows
        for step in row["steps"]
    ]
    return lines


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-api", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=sorted(OPENERS), default="postgresql")
    parser.add_argument("--shops", type=int, default=50)
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=10, help="of each measurement")
    parser.add_argument("--warm-up", type=float, default=3, help="seconds before each")
    parser.add_argument("--runs", type=int, default=3, help="of which the medians are shown")
    parser.add_argument("--results", type=Path, default=ROOT / "results", help="folder for the JSON")
    return parser.parse_args()


def main() -> None:
    """Measure, print, keep."""
    options, begun = _options(), datetime.now(UTC)
    with room() as folder:
        about = machine.description(folder)
        rows, version = measure(options, folder)
    lines = table(rows, options.database)
    minutes = round((time.time() - begun.timestamp()) / 60)
    about |= {"database": version, "date": f"{begun:%Y-%m-%d}", "commit": commit(), "minutes": minutes}
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print("\n".join(lines))
    options.results.mkdir(exist_ok=True)
    kept = options.results / f"api-sales-{options.database}-{begun:%Y%m%dT%H%M%SZ}"
    kept.with_suffix(".json").write_text(json.dumps({"machine": about, "rows": rows}, indent=2), encoding="utf-8")
    kept.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
