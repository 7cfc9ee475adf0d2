"""What the attack corpus costs: CPU time and memory of each request, in this process, on a fresh small market.

    python -m tools.bench.attacks [--slowest N]

Every document is met as new: what was learned of it before is forgotten. Aim: refused in 5 ms of CPU, answered in
50 ms and 20 MB. Memory is what Python allocated at most beyond what it held before.
"""

import argparse
import gc
import os
import tempfile
import time
import tracemalloc
from dataclasses import dataclass
from statistics import median

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")
os.environ["MARKET_HOME"] = tempfile.mkdtemp(prefix="bench-attacks-")
os.environ["MARKET_ALLOWED_HOSTS"] = "testserver"

import django

django.setup()

import logging  # noqa: E402

from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

from marketplace.api.graphql.documents import documents  # noqa: E402
from marketplace.places.loading import load_places  # noqa: E402
from tests.api.attacks.corpus import Attack, corpus  # noqa: E402
from tests.payments.factories import a_shop, goods  # noqa: E402

ROUNDS = 5
REFUSED_MS_MAX = 5
ANSWERED_MS_MAX = 50
MEBIBYTE = 1024 * 1024
PRODUCTS = 20


@dataclass(frozen=True)
class Met:
    """How one attack went."""

    name: str
    status: int
    cpu_ms: float
    peak_mib: float
    answer_bytes: int

    @property
    def is_within(self) -> bool:
        """Whether it kept to the aim."""
        return self.cpu_ms <= (ANSWERED_MS_MAX if self.status == 200 else REFUSED_MS_MAX)


def furnish() -> None:
    """A shop with things on its shelf."""
    call_command("migrate", verbosity=0)
    load_places()
    shop = a_shop()
    for _number in range(PRODUCTS - 1):
        goods(shop.vendor)


def measured(attack: Attack) -> Met:
    """The median CPU time of some rounds, and the memory of one more."""
    client, times = Client(), []
    for _round in range(ROUNDS):
        documents.forget()
        gc.collect()
        began = time.process_time()
        answer = sent(client, attack)
        times.append((time.process_time() - began) * 1000)
    documents.forget()
    tracemalloc.start()
    sent(client, attack)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return Met(attack.name, answer.status_code, median(times), peak / MEBIBYTE, len(answer.content))


def sent(client: Client, attack: Attack):
    """The answer to an attack."""
    return client.generic(
        attack.method, "/graphql/", attack.body, content_type=attack.content_type, headers=attack.headers
    )


def main() -> None:
    """Print a table, the slowest first."""
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--slowest", type=int, default=1000, help="how many rows to print")
    logging.disable(logging.CRITICAL)
    furnish()
    sent(Client(), corpus()[0])
    found = sorted((measured(attack) for attack in corpus()), key=lambda met: met.cpu_ms, reverse=True)
    print(f"{'CPU ms':>8} {'peak MiB':>9} {'bytes':>8} status  attack")
    for met in found[: arguments.parse_args().slowest]:
        mark = " " if met.is_within else "!"
        print(f"{met.cpu_ms:8.1f} {met.peak_mib:9.1f} {met.answer_bytes:8} {met.status:>6} {mark} {met.name}")
    print(f"{len(found)} attacks, {sum(not met.is_within for met in found)} beyond the aim")


if __name__ == "__main__":
    main()
