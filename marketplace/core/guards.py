"""What the database itself refuses, written once and spoken to PostgreSQL and to SQLite.

A feature declares its guards in `AppConfig.ready`; `marketplace.core.triggers` puts them into the database. Their
conditions are SQL that both databases read alike (`COALESCE` instead of `IS DISTINCT FROM`, no casts). There are
four kinds:

- `AppendOnly`: rows are never deleted, and change only in named columns;
- `WholeNumbers`: sums of money are whole, also where the database has no types;
- `Refusal`: a write that is wrong in itself is refused at once;
- `Promise`: what must be true again when the transaction commits, whatever the order of its writes.

PostgreSQL has deferred constraint triggers for a promise. SQLite has none, but its foreign keys wait for the
commit: a broken promise is a row in a table of its own that refers to nothing, and the row goes when the promise
is kept.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from django.apps import apps
from django.db.models import Model

POSTGRESQL: Final = "postgresql"
NAME_PREFIX: Final = "market_"
"""Every trigger of ours begins so, and ends in a fingerprint of its text: one of an older version is not mistaken
for the one that is wanted."""

_REFUSE: Final = (
    "CREATE OR REPLACE FUNCTION market_refuse() RETURNS trigger LANGUAGE plpgsql AS "
    "$$ BEGIN RAISE EXCEPTION '%', TG_ARGV[0] USING ERRCODE = 'integrity_constraint_violation'; END $$"
)

_IS_THERE: Final = 'EXISTS (SELECT 1 FROM "{table}" WHERE {where})'
_NOTE: Final = (
    "BEGIN INSERT INTO {owed} (id) SELECT {key} WHERE NOT {known} AND NOT ({holds}); "
    "DELETE FROM {owed} WHERE id = {key} AND ({holds}); END"
)
"""Remember that a promise is broken, and forget it when it is kept."""


@dataclass(frozen=True, slots=True)
class Trigger:
    """One trigger as the database gets it."""

    name: str
    table: str
    statements: tuple[str, ...]
    """What makes it, in order, with the functions it calls."""


class Guard(Protocol):
    """Anything that can say which triggers it wants."""

    def key(self) -> str:
        """Declaring the same key again replaces the guard, so that start-up may run twice."""

    def tables(self) -> tuple[str, ...]:
        """The tables that must exist before its triggers can be made."""

    def helpers(self, vendor: str) -> tuple[str, ...]:
        """Statements that make what its triggers write to; safe to run again."""

    def triggers(self, vendor: str) -> tuple[Trigger, ...]:
        """Its triggers in the words of a database (`connection.vendor`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AppendOnly:
    """A table whose rows are never deleted nor replaced, and change in no column but `may_change`.

    With `fixed` it is the other way round: only these columns never change.
    """

    model: str
    may_change: tuple[str, ...] = ()
    fixed: tuple[str, ...] = ()

    def key(self) -> str:
        """One rule a table."""
        return f"append_only {self.model}"

    def tables(self) -> tuple[str, ...]:
        """The table itself."""
        return (self._table,)

    def helpers(self, vendor: str) -> tuple[str, ...]:
        """None."""
        return ()

    @property
    def _model(self) -> type[Model]:
        return apps.get_model(self.model)

    @property
    def _table(self) -> str:
        return str(self._model._meta.db_table)

    @property
    def guarded_columns(self) -> tuple[str, ...]:
        """Columns that never change, in the table's order."""
        fields = self._model._meta.concrete_fields
        guarded = (f for f in fields if (f.name in self.fixed if self.fixed else f.name not in self.may_change))
        return tuple(str(field.column) for field in guarded)

    def triggers(self, vendor: str) -> tuple[Trigger, ...]:
        """No UPDATE of what is guarded, no DELETE; no TRUNCATE, or no REPLACE, which deletes without a word."""
        columns = [f'"{column}"' for column in self.guarded_columns]
        differ = "IS DISTINCT FROM" if vendor == POSTGRESQL else "IS NOT"
        change = " OR ".join(f"OLD.{column} {differ} NEW.{column}" for column in columns)
        common = (
            self._no(vendor, "update", on=f"UPDATE OF {', '.join(columns)}", when=change),
            self._no(vendor, "delete", on="DELETE"),
        )
        if vendor == POSTGRESQL:
            return (*common, self._no(vendor, "truncate", on="TRUNCATE", each="STATEMENT"))
        key = self._model._meta.pk.column
        # By its key alone: a row with another unique key is told from an honest "unless it is there" by nobody, and
        # is safe from REPLACE where `recursive_triggers` is on, as it is in every connection of the market's.
        taken = _IS_THERE.format(table=self._table, where=f'"{key}" = NEW."{key}"')
        return (*common, self._no(vendor, "replace", on="INSERT", when=taken))

    def _no(self, vendor: str, what: str, *, on: str, when: str = "", each: str = "ROW") -> Trigger:
        message = f"{self._table} is append-only"
        return _refusal(
            vendor, f"{self._table}_no_{what}", table=self._table, on=on, when=when, message=message, each=each
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class WholeNumbers:
    """A table whose sums of money are whole numbers: SQLite keeps 0.5 and "abc" in a whole number's column."""

    model: str

    def key(self) -> str:
        """One rule a table."""
        return f"whole_numbers {self.model}"

    def tables(self) -> tuple[str, ...]:
        """The table itself."""
        return (str(apps.get_model(self.model)._meta.db_table),)

    def helpers(self, vendor: str) -> tuple[str, ...]:
        """None."""
        return ()

    def triggers(self, vendor: str) -> tuple[Trigger, ...]:
        """None on PostgreSQL, whose columns have a type; one for new rows on SQLite, and one for changed ones."""
        if vendor == POSTGRESQL:
            return ()
        (table,) = self.tables()
        columns = [field.column for field in apps.get_model(self.model)._meta.concrete_fields]
        sums = [column for column in columns if column.endswith("_vnd")]
        wrong = " OR ".join(f"typeof(NEW.{column}) NOT IN ('integer', 'null')" for column in sums)
        message = f"đồng in {table} are whole numbers"
        changes = f"UPDATE OF {', '.join(sums)}"
        return (
            _refusal(vendor, f"{table}_whole_at_first", table=table, on="INSERT", when=wrong, message=message),
            _refusal(vendor, f"{table}_whole_later", table=table, on=changes, when=wrong, message=message),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A write that is refused at once: `when` is SQL over `NEW` and `OLD` that is true of what is wrong."""

    name: str
    table: str
    on: str
    """`INSERT`, `DELETE`, or `UPDATE OF` and the columns."""
    when: str
    message: str
    """For the person who reads the database's log: what is wrong, in English."""
    only: str = ""
    """SQL over `NEW` and `OLD` alone, looked at before `when`: spares most writes the reading of tables."""

    def key(self) -> str:
        """Its name."""
        return self.name

    def tables(self) -> tuple[str, ...]:
        """The table it watches."""
        return (self.table,)

    def helpers(self, vendor: str) -> tuple[str, ...]:
        """None."""
        return ()

    def triggers(self, vendor: str) -> tuple[Trigger, ...]:
        """One trigger."""
        return (
            _refusal(
                vendor,
                self.name,
                table=self.table,
                on=self.on,
                when=self.when,
                message=self.message,
                only=self.only,
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """A write after which a promise must be looked at: of which table, and which of its columns is the subject."""

    table: str
    on: str
    subject: str
    """The column that holds the key of what the promise is about."""
    when: str = ""
    """SQL over `NEW` and `OLD`, without reading tables; empty: always."""
    can_only_mend: bool = False
    """It never breaks the promise: only SQLite has to see it, to forget that the promise was broken."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Promise:
    """What must be true of a subject when a transaction commits. `holds` is SQL with `{key}` for its key."""

    name: str
    holds: str
    watches: tuple[Watch, ...]
    message: str

    def key(self) -> str:
        """Its name."""
        return self.name

    def tables(self) -> tuple[str, ...]:
        """The tables it watches."""
        return tuple(dict.fromkeys(watch.table for watch in self.watches))

    @property
    def owed(self) -> str:
        """SQLite's table of the subjects for which the promise is broken at this moment."""
        return f"{NAME_PREFIX}owed_{self.name}"

    def helpers(self, vendor: str) -> tuple[str, ...]:
        """On SQLite the table of broken promises: a row of it can never be committed."""
        if vendor == POSTGRESQL:
            return ()
        return (
            f"CREATE TABLE IF NOT EXISTS {self.owed} (id INTEGER PRIMARY KEY CHECK (id > 0), "
            "nobody INTEGER NOT NULL DEFAULT -1 CHECK (nobody = -1) "
            f"REFERENCES {self.owed} (id) DEFERRABLE INITIALLY DEFERRED)",
        )

    def triggers(self, vendor: str) -> tuple[Trigger, ...]:
        """One trigger a watch; on SQLite two more, so that what is owed is not simply struck out."""
        if vendor == POSTGRESQL:
            breaking = [watch for watch in self.watches if not watch.can_only_mend]
            return tuple(self._deferred(watch, number) for number, watch in enumerate(breaking))
        unkept = f"NOT ({self.holds.format(key='OLD.id')})"
        return (
            *(self._noted(watch, number) for number, watch in enumerate(self.watches)),
            named_trigger(
                f"{self.name}_unpaid",
                self.owed,
                f"BEFORE DELETE ON {self.owed} WHEN {unkept} {_abort(self.message)}",
            ),
            named_trigger(f"{self.name}_kept", self.owed, f"BEFORE UPDATE ON {self.owed} {_abort(self.message)}"),
        )

    def _deferred(self, watch: Watch, number: int) -> Trigger:
        name = f"{self.name}_{number}"
        wrong = f"NOT ({self.holds.format(key=f'NEW.{watch.subject}')})"
        function = _function(name, wrong=wrong, message=self.message, answer="NULL")
        when = f"WHEN ({watch.when}) " if watch.when else ""
        text = (
            f'AFTER {watch.on} ON "{watch.table}" DEFERRABLE INITIALLY DEFERRED FOR EACH ROW '
            f"{when}EXECUTE FUNCTION {NAME_PREFIX}{name}()"
        )
        return named_trigger(name, watch.table, text, functions=(function,), kind="CONSTRAINT TRIGGER")

    def _noted(self, watch: Watch, number: int) -> Trigger:
        key = f"NEW.{watch.subject}"
        holds = self.holds.format(key=key)
        when = f"WHEN {watch.when} " if watch.when else ""
        known = _IS_THERE.format(table=self.owed, where=f"id = {key}")
        noting = _NOTE.format(owed=self.owed, key=key, known=known, holds=holds)
        text = f'AFTER {watch.on} ON "{watch.table}" {when}{noting}'
        return named_trigger(f"{self.name}_{number}", watch.table, text)


def _refusal(
    vendor: str,
    name: str,
    *,
    table: str,
    on: str,
    when: str,
    message: str,
    only: str = "",
    each: str = "ROW",
) -> Trigger:
    """A trigger that refuses a write of which `only` and `when` are true (empty: always).

    PostgreSQL gets a function of its own only where the condition reads tables: its WHEN cannot.
    """
    head = f'BEFORE {on} ON "{table}"'
    if vendor != POSTGRESQL:
        both = " AND ".join(f"({part})" for part in (only, when) if part)
        condition = f" WHEN {both}" if both else ""
        return named_trigger(name, table, f"{head}{condition} {_abort(message)}")
    if "SELECT" in when:
        function = _function(name, wrong=when, message=message, answer="NEW")
        condition = f" WHEN ({only})" if only else ""
        text = f"{head} FOR EACH ROW{condition} EXECUTE FUNCTION {NAME_PREFIX}{name}()"
        return named_trigger(name, table, text, functions=(function,))
    condition = f" WHEN ({when})" if when else ""
    text = f"{head} FOR EACH {each}{condition} EXECUTE FUNCTION market_refuse({_text(message)})"
    return named_trigger(name, table, text, functions=(_REFUSE,))


def named_trigger(
    name: str, table: str, text: str, *, functions: Sequence[str] = (), kind: str = "TRIGGER"
) -> Trigger:
    """A trigger of ours: its name ends in a fingerprint of what it does and of the functions that it calls."""
    fingerprint = zlib.crc32(" ".join([*functions, text]).encode())
    full = f"{NAME_PREFIX}{name}_{fingerprint:08x}"
    return Trigger(full, table, (*functions, f'CREATE {kind} "{full}" {text}'))


def _function(name: str, *, wrong: str, message: str, answer: str) -> str:
    return (
        f"CREATE OR REPLACE FUNCTION {NAME_PREFIX}{name}() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN IF {wrong} THEN RAISE EXCEPTION {_text(message)} "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {answer}; END $$"
    )


def _abort(message: str) -> str:
    return f"BEGIN SELECT RAISE(ABORT, {_text(message)}); END"


def _text(words: str) -> str:
    quoted = words.replace("'", "''")
    return f"'{quoted}'"
