"""How many catalogue requests a second the GraphQL API answers, and what each costs.

    python -m tools.bench.api [--database postgresql|sqlite] [--products 150 2000] [--seconds 5] [--runs 3] …
    python -m tools.bench.api --products 1000000 --search-only

Starts a database of its own and the real `market serve`, seeds goods, and lets eight clients in a process of their
own read: a list of 20 with prices, a product by its slug, a search with facets. Each is asked in three ways: `answers
kept` repeats itself, so that whole answers may come from the cache; `documents kept` repeats its document while the
server keeps no answers (MARKET_ANSWER_CACHE_MIB=0); `nothing kept` names its operation otherwise in every request.
Everything shares this machine's processors. With `--search-only` the search is timed in one process (search_speed).
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tools.bench import databases, machine
from tools.bench.market import ROOT, Market, environment_of, program, serving, spent

ANSWER_CACHE = "MARKET_ANSWER_CACHE_MIB"
WAYS = {
    "answers kept": ({}, "same"),
    "documents kept": ({ANSWER_CACHE: "0"}, "same"),
    "nothing kept": ({ANSWER_CACHE: "0"}, "other"),
}
"""What is asked how: the server's variables, and whether operations are named the same every time."""
QUESTIONS = ("list", "product", "search")
OPENERS = {"postgresql": databases.postgresql, "sqlite": databases.sqlite}


def measure(options: argparse.Namespace, folder: Path, products: int) -> tuple[list[dict[str, Any]], str]:
    """All questions in all ways, each `options.runs` times; a row each, with the medians."""
    rows = []
    with OPENERS[options.database](folder) as database:
        environment = environment_of(folder, database)
        goods, asked = folder / "goods.json", folder / "questions.json"
        program("goods", products, goods, environment=environment)
        statements = json.loads(program("reads", goods, asked, environment=environment))
        questions = json.loads(asked.read_text(encoding="utf-8"))
        for variables in ({}, {ANSWER_CACHE: "0"}):
            with serving(environment | variables, folder) as market:
                for way, (needed, names) in WAYS.items():
                    for key in QUESTIONS if needed == variables else ():
                        runs = [
                            run(options, market, database, file=asked, key=key, names=names)
                            for _ in range(options.runs)
                        ]
                        aim = questions[key]["aim_kept" if way == "answers kept" else "aim_unkept"]
                        row = {"question": questions[key]["title"], "way": way, "aim": aim, "products": products}
                        rows.append(
                            row | medians(runs) | {"statements": len(statements[key]), "sql": statements[key]}
                        )
                        print(f"{row['question']}, {way}: {rows[-1]['a_second']:.0f}/s", file=sys.stderr)
        return rows, database.version


def run(
    options: argparse.Namespace, market: Market, database: databases.Database, *, file: Path, key: str, names: str
) -> dict[str, Any]:
    """One run of one question: warm up, then measure."""
    asks = ("readers", file, market.base_url, key, options.clients)
    program(*asks, options.warm_up, names, environment=market.environment)
    pace_ms = machine.million_additions_ms()
    before = spent(market, database)
    read = json.loads(program(*asks, options.seconds, names, environment=market.environment))
    used = {name: after - before[name] for name, after in spent(market, database).items()}
    if read["faults"]:
        raise SystemExit(f"bench-api: {key} was not answered: {read['statuses']} {read['faults'][0]}")
    times, answers = read["latencies_s"], read["answers"]
    shares = {f"p{per}_ms": 1000 * times[min(answers - 1, answers * per // 100)] for per in (50, 95, 99)}
    # What a client's program itself spent on starting is its own and nobody else's.
    others = used["machine"] - used["server"] - used["database"] - read["cpu_s"]
    return {
        "a_second": answers / read["seconds"],
        **shares,
        "server_cpu_ms": 1000 * used["server"] / answers,
        "database_cpu_ms": 1000 * used["database"] / answers,
        "client_cpu_ms": 1000 * read["cpu_s"] / answers,
        "bytes": read["bytes"] / answers,
        "million_additions_ms": pace_ms,
        "others_share": max(0.0, others / used["moment"] / (os.cpu_count() or 1)),
    }


def medians(runs: list[dict[str, Any]]) -> dict[str, float]:
    """The middle run of every figure."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


def table(rows: list[dict[str, Any]], database: str) -> list[str]:
    """The rows as docs/benchmarks.md shows them."""
    lines = [
        "| database, products | question | kept | a second (aim) | p50 / p95 / p99 ms | SQL"
        " | CPU ms, server + database | bytes | a million additions ms | others had |",
        "|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        times = " / ".join(f"{row[f'p{per}_ms']:.1f}" for per in (50, 95, 99))
        # A whole answer that is kept asks the database for its generation alone: counted where nothing is kept.
        counted = "" if row["way"] == "answers kept" else str(row["statements"])
        lines.append(
            f"| {database}, {row['products']:,} | {row['question']} | {row['way'].removesuffix(' kept')} |"
            f" {row['a_second']:,.0f} ({row['aim']:,}) | {times} | {counted} |"
            f" {row['server_cpu_ms']:.2f} + {row['database_cpu_ms']:.2f} | {row['bytes']:,.0f} |"
            f" {row['million_additions_ms']:.0f} | {100 * row['others_share']:.0f} % |"
        )
    return lines


def search_table(found: dict[str, Any], database: str) -> list[str]:
    """The times of the search as docs/benchmarks.md shows them."""
    lines = [
        "| database | what | p50 / p95 ms | p50 / p95 ms of CPU | found |",
        "|---|---|---|---|---|",
    ]
    for row in found["rows"]:
        clock, used = (f"{row[f'p50_{unit}']:.1f} / {row[f'p95_{unit}']:.1f}" for unit in ("ms", "cpu_ms"))
        lines.append(f"| {database} | {row['what']} | {clock} | {used} | {row['matches']} |")
    return lines


def search_speed(options: argparse.Namespace, folder: Path, products: int) -> tuple[dict[str, Any], str]:
    """Seed, then time the search in a program of its own."""
    with OPENERS[options.database](folder) as database:
        environment = environment_of(folder, database)
        goods = folder / "goods.json"
        program("goods", products, goods, environment=environment)
        found: dict[str, Any] = json.loads(program("search_speed", goods, environment=environment))
        return found, database.version


@contextmanager
def room() -> Iterator[Path]:
    """A folder of the benchmark's own, gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="market-bench-") as text:
        yield Path(text)


def commit() -> str:
    """What is measured."""
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return done.stdout.strip() or "unknown"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench-api", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--database", choices=sorted(OPENERS), default="postgresql")
    parser.add_argument("--products", type=int, nargs="+", default=[150, 2000])
    parser.add_argument("--clients", type=int, default=8)
    parser.add_argument("--seconds", type=float, default=5, help="of each measurement")
    parser.add_argument("--warm-up", type=float, default=1.5, help="seconds before each")
    parser.add_argument("--runs", type=int, default=3, help="of which the medians are shown")
    parser.add_argument("--search-only", action="store_true", help="time the search, without a server")
    parser.add_argument("--results", type=Path, default=ROOT / "results", help="folder for the JSON")
    return parser.parse_args()


def main() -> None:
    """Measure, print, keep."""
    options = _options()
    begun, rows, lines = datetime.now(UTC), [], []
    about: dict[str, Any] = {}
    for products in options.products:
        with room() as folder:
            about = about or machine.description(folder)
            if options.search_only:
                found, about["database"] = search_speed(options, folder, products)
                rows.append(found)
                lines += search_table(found, options.database)
            else:
                more, about["database"] = measure(options, folder, products)
                rows += more
    lines = lines or table(rows, options.database)
    about |= {
        "date": f"{begun:%Y-%m-%d}",
        "commit": commit(),
        "minutes": round((time.time() - begun.timestamp()) / 60),
    }
    print(", ".join(f"{name} {value}" for name, value in about.items()))
    print("\n".join(lines))
    options.results.mkdir(exist_ok=True)
    kept = options.results / f"api-{options.database}-{begun:%Y%m%dT%H%M%SZ}"
    asked = {name: str(value) for name, value in vars(options).items()}
    kept.with_suffix(".json").write_text(
        json.dumps({"begun": begun.isoformat(), "machine": about, "asked": asked, "rows": rows}, indent=2)
    )
    kept.with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
