"""The search table, which is another thing on each database and so no model (catalog/search/engines.py)."""

from django.db import migrations

TABLE = "catalog_product_search"

MAKE = {
    # "remove_diacritics 0": the words come folded, and FTS5 would leave đ as it is. The prefixes are for the
    # last word, which people have often not finished typing.
    "sqlite": [
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5"
        "(name, text, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3')",
    ],
    # No foreign key: rows of products that are gone are never joined, and a key would stand in the way of TRUNCATE.
    "postgresql": [
        f"CREATE TABLE {TABLE} (product_id bigint PRIMARY KEY, name_words tsvector NOT NULL,"
        " all_words tsvector NOT NULL)",
        f"CREATE INDEX {TABLE}_by_name ON {TABLE} USING gin (name_words)",
        f"CREATE INDEX {TABLE}_by_all ON {TABLE} USING gin (all_words)",
    ],
}


def make(apps, schema_editor):
    for statement in MAKE[schema_editor.connection.vendor]:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(make, drop, elidable=False),
    ]
