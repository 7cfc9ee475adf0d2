"""Addresses of products in other languages, kept among their translations and found through an index."""

from __future__ import annotations

from typing import Any

from django.db.models import CharField, Func


class EnglishSlug(Func):
    """The slug among the English translations of a row; NULL without.

    Its path stands in the statement itself and is no parameter: else no index on it would ever be used.
    """

    output_field = CharField()
    arity = 1

    def as_sqlite(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """As SQLite reads JSON."""
        return self.as_sql(compiler, connection, template="JSON_EXTRACT(%(expressions)s, '$.en.slug')", **context)

    def as_postgresql(self, compiler: Any, connection: Any, **context: Any) -> Any:
        """As PostgreSQL reads JSON."""
        return self.as_sql(compiler, connection, template="(%(expressions)s #>> '{en,slug}')", **context)
