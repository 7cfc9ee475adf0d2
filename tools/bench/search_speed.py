"""Run as a program: how long the market's search takes in this process, by what is asked of it.

    python -m tools.bench.search_speed GOODS

Asks each kind of question `ASKED` times with other words, after as many that do not count, and prints the median and
the 95th percentile. Words are common where most names hold them, rare where few do: both are drawn from the goods
that were seeded.
"""

from __future__ import annotations

import json
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count, cycle
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
django.setup()

from django.db import connection  # noqa: E402 - needs Django set up
from django.test import Client  # noqa: E402

from catalog.search import (  # noqa: E402
    SearchFilters,
    Sort,
    browse_products,
    count_facets,
    ids_by_relevance,
    search_products,
    suggest_names,
)
from marketplace.core import clock  # noqa: E402
from marketplace.core.clock import vietnam_date  # noqa: E402

ASKED = 30
COMMON_WORDS = 20
SEED = 20261127
ROWS_A_PAGE = 20
TODAY = vietnam_date(clock.now())
CHANNEL = '"online"'
CLIENT = Client(HTTP_HOST="127.0.0.1")
NUMBERS = count()
PROVINCES = cycle(("01", "04", "24", "48", "79"))

Ask = Callable[[str], object]


def search(text: str = "", *, sort: Sort = Sort.RELEVANCE, **filters: Any) -> str:
    """One page of a search; how many it found."""
    page = search_products(
        today=TODAY, age_declared=False, text=text, sort=sort, filters=SearchFilters(**filters), page_size=ROWS_A_PAGE
    )
    return f"{page.total}{'' if page.total_is_exact else '+'}"


def facets(text: str) -> str:
    """The facets of a search."""
    found = count_facets(today=TODAY, age_declared=False, text=text, filters=SearchFilters())
    return f"{sum(found.provinces.values())}{'' if found.is_exact else '+'}"


def ranked(text: str) -> str:
    """What a GraphQL search asks for first."""
    return str(len(ids_by_relevance(browse_products(today=TODAY, age_declared=False), text=text)))


def listed(sort: str = "") -> str:
    """A page of a GraphQL list, asked of the API with a document that it did not see before."""
    answer = asked(
        f"products(first: {ROWS_A_PAGE}, channel: {CHANNEL}{sort}) {{ edges {{ node {{ id name slug }} }} }}"
    )
    return str(len(answer["products"]["edges"]))


def counted() -> str:
    """How many goods the API says there are."""
    return str(asked(f"products(first: 1, channel: {CHANNEL}) {{ totalCount }}")["products"]["totalCount"])


def asked(selection: str) -> dict[str, Any]:
    """The data that the API answers, in this process; each time another document, so that nothing is kept."""
    body = {"query": f"query Asked{next(NUMBERS)} {{ {selection} }}"}
    answer = CLIENT.post("/graphql/", body, content_type="application/json").json()
    if "errors" in answer:
        raise SystemExit(f"refused: {answer['errors']}")
    data: dict[str, Any] = answer["data"]
    return data


def words_of(names: Sequence[str]) -> dict[str, list[str]]:
    """Texts to search for, by kind."""
    draw = random.Random(SEED)  # noqa: S311 - words to ask for, no secret
    count = Counter(word for name in names for word in set(name.split()))
    common = [word for word, _times in count.most_common(COMMON_WORDS)]
    rare = [word for word, times in count.items() if times <= 2 and len(word) > 2] or common
    pairs = [" ".join(name.split()[:2]) for name in names]
    mixed = [" ".join(draw.sample(name.split(), 2)) for name in names if len(name.split()) > 1]
    times = 2 * ASKED

    def some(kind: Sequence[str]) -> list[str]:
        return [draw.choice(kind) for _ in range(times)]

    return {
        "one common word": some(common),
        "one rare word": some(rare),
        "two words that go together": some(pairs),
        "two words of a name": some(mixed),
        "two words of descriptions": some(["duoc cho", "ngon thom", "hop tac", "la cua", "nha lam"]),
        "a beginning": [text[: max(2, len(text) - 2)] for text in some(pairs)],
        "one letter": some(list("bcdghmnt")),
    }


def main(goods: Path) -> dict[str, Any]:
    """Every kind of question, timed."""
    seeded = json.loads(goods.read_text(encoding="utf-8"))
    words = words_of(seeded["names"])
    names = [kind for kind in words if kind != "one letter"]
    asks: list[tuple[str, Ask, Sequence[str]]] = [(kind, search, words[kind]) for kind in words]
    asks += [(f"GraphQL ids, {kind}", ranked, words[kind]) for kind in ("one common word", "two words of a name")]
    asks += [(f"facets, {kind}", facets, words[kind]) for kind in names]
    asks += [
        (f"suggestions, {kind}", lambda text: len(suggest_names(text, age_declared=False)), words[kind])
        for kind in words
    ]
    for kind in ("one common word", "two words of a name"):
        asks += [
            (
                f"{kind}, in a province",
                lambda text: search(text, province_code=next(PROVINCES)),
                words[kind],
            ),
            (f"{kind}, cheapest first", lambda text: search(text, sort=Sort.PRICE_UP), words[kind]),
            (f"{kind}, 5 stars", lambda text: search(text, stars=5), words[kind]),
            (f"{kind}, up to 25,000 đồng", lambda text: search(text, price_max_vnd=25_000), words[kind]),
            (f"{kind}, in stock", lambda text: search(text, in_stock=True), words[kind]),
        ]
    nothing = [""] * (2 * ASKED)
    asks += [
        (f"no words, {sort.value}", lambda _text, sort=sort: search(sort=sort), nothing)  # type: ignore[misc]  # a default of its own keeps the sort
        for sort in Sort
    ]
    asks += [
        ("no words, in a province", lambda _text: search(province_code=next(PROVINCES)), nothing),
        (
            "no words, in a province, cheapest first",
            lambda _text: search(province_code="04", sort=Sort.PRICE_UP),
            nothing,
        ),
        ("no words, of a set, by name", lambda _text: search(ocop_set=20, sort=Sort.NAME), nothing),
        ("no words, 5 stars", lambda _text: search(stars=5), nothing),
        ("list by slug", lambda _text: listed(), nothing),
        ("list by name", lambda _text: listed(", sortBy: {field: NAME, direction: ASC}"), nothing),
        ("list by price", lambda _text: listed(", sortBy: {field: PRICE, direction: ASC}"), nothing),
        ("list by price, dearest first", lambda _text: listed(", sortBy: {field: PRICE, direction: DESC}"), nothing),
        ("list, newest first", lambda _text: listed(", sortBy: {field: PUBLISHED_AT, direction: DESC}"), nothing),
        (
            "list by last change",
            lambda _text: listed(", sortBy: {field: LAST_MODIFIED_AT, direction: DESC}"),
            nothing,
        ),
        ("totalCount of everything", lambda _text: counted(), nothing[:6]),
    ]
    rows = [timed(what, ask, texts) for what, ask, texts in asks]
    return {"rows": rows, "seeded_s": seeded["seeded_s"], "indexed_s": seeded["indexed_s"]}


def timed(what: str, ask: Ask, texts: Sequence[str]) -> dict[str, Any]:
    """Ask everything; the second half counts."""
    times, used, answers = [], [], []
    for text in texts:
        begun, cpu = time.perf_counter(), cpu_s()
        answers.append(str(ask(text)))
        used.append(1000 * (cpu_s() - cpu))
        times.append(1000 * (time.perf_counter() - begun))
    row = shares("ms", times) | shares("cpu_ms", used)
    print(f"{what:45s}", *(f"{figure:8.1f}" for figure in row.values()), answers[-1], file=sys.stderr)
    return {"what": what, "matches": answers[-1]} | row


def shares(unit: str, figures: Sequence[float]) -> dict[str, float]:
    """The median and the 95th percentile of the second half."""
    half = sorted(figures[len(figures) // 2 :])
    return {f"p50_{unit}": half[len(half) // 2], f"p95_{unit}": half[min(len(half) - 1, len(half) * 95 // 100)]}


def cpu_s() -> float:
    """Processor seconds that this process and the one that serves it at the database have used."""
    if connection.vendor != "postgresql":
        return time.process_time()
    connection.ensure_connection()
    served_by = Path(f"/proc/{connection.connection.info.backend_pid}/schedstat")
    return time.process_time() + int(served_by.read_text().split()[0]) / 1e9


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]))))
