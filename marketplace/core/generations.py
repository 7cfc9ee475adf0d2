"""Generations: numbers that every write raises, so that a kept answer is known to be stale the moment it is.

Whoever keeps an answer reads the generations first, then computes; the answer counts as long as they stay the same.
The database raises them itself, by triggers, in the transaction of the write: what was acknowledged is never hidden
by what was kept, whoever wrote it (decision 0026).

On PostgreSQL a generation is spread over `SHARDS` rows, and a transaction raises one of them at its commit, when it
has done all that it was written for: writers meet there only for the length of a commit. Those who share a shard take
turns at all of its generations, since one that wrote prices and then stock and one that wrote stock and then prices
would lock each other out. SQLite has one writer at a time and needs neither.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from django.apps import apps
from django.db.models import F

from marketplace.core.guards import POSTGRESQL, Trigger, named_trigger
from marketplace.core.statements import Plain
from marketplace.core.triggers import guard

SHARDS: Final = 16
TABLE: Final = "core_generation"
TURNS_OF_SHARDS: Final = 4_701
"""The first half of the advisory locks by which transactions take turns at a shard; the second is its number."""


class Generation(StrEnum):
    """What has a generation of its own. Stock changes with every sale, the rest with what people write."""

    CATALOGUE = "catalogue"
    STOCK = "stock"


_READ: Final = Plain("SELECT name, SUM(number) FROM core_generation GROUP BY name")
_RAISE: Final = (
    "CREATE OR REPLACE FUNCTION market_raise_generation() RETURNS trigger LANGUAGE plpgsql AS "  # noqa: S608
    f"$$ BEGIN PERFORM pg_advisory_xact_lock({TURNS_OF_SHARDS}, pg_backend_pid() % {SHARDS}); "
    f"UPDATE {TABLE} SET number = number + 1, raised_by = txid_current() "
    f"WHERE name = TG_ARGV[0] AND shard = pg_backend_pid() % {SHARDS} AND raised_by <> txid_current(); "
    "RETURN NULL; END $$"
)

_tables: dict[str, Generation] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class RaisesGeneration:
    """A table whose every new, changed or deleted row raises a generation when its transaction commits."""

    model: str
    generation: Generation

    def key(self) -> str:
        """One rule a table."""
        return f"generation {self.model}"

    @property
    def table(self) -> str:
        """The table's name."""
        return str(apps.get_model(self.model)._meta.db_table)

    def tables(self) -> tuple[str, ...]:
        """The table itself, and that of the generations."""
        return (self.table, TABLE)

    def helpers(self, vendor: str) -> tuple[str, ...]:
        """None."""
        return ()

    def triggers(self, vendor: str) -> tuple[Trigger, ...]:
        """On PostgreSQL one that waits for the commit, on SQLite one for each kind of write."""
        name = f"{self.table}_generation"
        if vendor == POSTGRESQL:
            text = (
                f'AFTER INSERT OR UPDATE OR DELETE ON "{self.table}" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW '
                f"EXECUTE FUNCTION market_raise_generation('{self.generation}')"
            )
            return (named_trigger(name, self.table, text, functions=(_RAISE,), kind="CONSTRAINT TRIGGER"),)
        row = f"name = '{self.generation}' AND shard = 0"
        raised = f"BEGIN UPDATE {TABLE} SET number = number + 1 WHERE {row}; END"  # noqa: S608 - names of our own
        return tuple(
            named_trigger(f"{name}_{write.lower()}", self.table, f'AFTER {write} ON "{self.table}" {raised}')
            for write in ("INSERT", "UPDATE", "DELETE")
        )


def raised_by(generation: Generation, *models: str) -> None:
    """Declare that writes to the tables of `models` raise a generation; called from `AppConfig.ready`."""
    for model in models:
        rule = RaisesGeneration(model=model, generation=generation)
        _tables[rule.table] = generation
        guard(rule)


def read_generations() -> dict[str, int]:
    """The generations as every transaction that has committed by now left them; one statement."""
    return {str(name): int(number) for name, number in _READ.rows()}


def raise_all() -> None:
    """Make every kept answer stale, whatever it shows: for writes that no trigger saw."""
    apps.get_model("core", "Generation").objects.filter(shard=0).update(number=F("number") + 1)


def generations_of(tables: Iterable[str]) -> frozenset[str] | None:
    """Which generations watch all of these tables; None where a table has none, so that nothing could be kept."""
    known = [_tables.get(table) for table in tables]
    return None if None in known else frozenset(str(one) for one in known)


def watched(generations: Mapping[str, int], names: Collection[str]) -> tuple[tuple[str, int], ...]:
    """Of what was read, the generations of these names, in one order."""
    return tuple(sorted((name, generations.get(name, 0)) for name in names))
