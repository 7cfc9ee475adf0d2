"""The search table in the order of newness, with the facts that searches are narrowed by as words of its own.

A row stands under a number that grows with the time of first publication, so that the newest matches are found by
walking the index from its end, however many others match. What was never published is not in it. See
catalog/search/engines.py, which writes the same number and words; a test holds the two together.
"""

import django.db.models.functions.comparison
from django.db import migrations, models

TABLE = "catalog_product_search"
NEWNESS = {
    "sqlite": "((CAST(strftime('%s', product.published_at) AS INTEGER) - 1577836800) << 24)"
    " | (16777215 - (product.id & 16777215))",
    "postgresql": "((floor(extract(epoch FROM product.published_at))::bigint - 1577836800) << 24)"
    " | (16777215 - (product.id & 16777215))",
}
FACTS = {
    "sqlite": "char(57344) || 'p' || commune.province_id || ' ' || char(57344) || 'c' || commune.code"
    " || ' ' || char(57344) || 's' || product.ocop_set || ' ' || char(57344) || 'v' || product.vendor_id",
    "postgresql": "ARRAY[chr(57344) || 'p' || commune.province_id, chr(57344) || 'c' || commune.code,"
    " chr(57344) || 's' || product.ocop_set, chr(57344) || 'v' || product.vendor_id]",
}
PUBLISHED = (
    " FROM catalog_product AS product JOIN places_commune AS commune ON commune.code = product.commune_of_origin_id"
    " WHERE product.published_at IS NOT NULL"
)
NAME_WORDS = "array_remove(string_to_array(folded_name, ' '), '')"
ALL_WORDS = "array_remove(string_to_array(folded_name || ' ' || folded_text, ' '), '')"
FILL = {
    "sqlite": [
        f"INSERT INTO {TABLE} (rowid, product_id, name, text, facts) SELECT {NEWNESS['sqlite']} AS newness,"
        f" product.id, product.folded_name, product.folded_text, {FACTS['sqlite']}{PUBLISHED} ORDER BY newness",
    ],
    "postgresql": [
        f"INSERT INTO {TABLE} (product_id, newness, name_words, all_words) SELECT product.id, {NEWNESS['postgresql']},"
        f" array_to_tsvector({NAME_WORDS} || {FACTS['postgresql']}),"
        f" array_to_tsvector({ALL_WORDS} || {FACTS['postgresql']}){PUBLISHED}",
    ],
}
MAKE = {
    # "remove_diacritics 0": the words come folded. The prefixes are for the last word, which people have often not
    # finished typing: longer ones are few. "detail = column": nobody searches for phrases, and it halves the index.
    "sqlite": [
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5(product_id UNINDEXED, name, text, facts,"
        " tokenize = 'unicode61 remove_diacritics 0', detail = column, prefix = '1 2 3')",
    ],
    # No foreign key: rows of products that are gone are never joined, and a key would stand in the way of TRUNCATE.
    "postgresql": [
        f"CREATE TABLE {TABLE} (product_id bigint PRIMARY KEY, newness bigint NOT NULL, name_words tsvector NOT NULL,"
        " all_words tsvector NOT NULL)",
    ],
}
# A GIN index that is built over all rows takes a small part of what adding them one by one takes.
INDEX = {
    "sqlite": [f"INSERT INTO {TABLE} ({TABLE}) VALUES ('optimize')"],
    "postgresql": [
        f"CREATE INDEX {TABLE}_by_name ON {TABLE} USING gin (name_words)",
        f"CREATE INDEX {TABLE}_by_all ON {TABLE} USING gin (all_words)",
        f"CREATE INDEX {TABLE}_by_newness ON {TABLE} (newness)",
    ],
}
BEFORE = {
    "sqlite": [
        f"CREATE VIRTUAL TABLE {TABLE} USING fts5"
        "(name, text, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3')",
        f"INSERT INTO {TABLE} (rowid, name, text) SELECT id, folded_name, folded_text FROM catalog_product",
    ],
    "postgresql": [
        f"CREATE TABLE {TABLE} (product_id bigint PRIMARY KEY, name_words tsvector NOT NULL,"
        " all_words tsvector NOT NULL)",
        f"INSERT INTO {TABLE} SELECT id, array_to_tsvector({NAME_WORDS}), array_to_tsvector({ALL_WORDS})"
        " FROM catalog_product",
        f"CREATE INDEX {TABLE}_by_name ON {TABLE} USING gin (name_words)",
        f"CREATE INDEX {TABLE}_by_all ON {TABLE} USING gin (all_words)",
    ],
}


def make(apps, schema_editor):
    vendor = schema_editor.connection.vendor
    if vendor == "postgresql":
        schema_editor.execute("SET LOCAL statement_timeout = 0")  # a million products take minutes
    for statement in (f"DROP TABLE {TABLE}", *MAKE[vendor], *FILL[vendor], *INDEX[vendor]):
        schema_editor.execute(statement, None)


def drop(apps, schema_editor):
    for statement in (f"DROP TABLE {TABLE}", *BEFORE[schema_editor.connection.vendor]):
        schema_editor.execute(statement, None)


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0006_translated_slugs'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='product',
            index=models.Index(models.F('listing'), django.db.models.functions.comparison.Coalesce('price_from_vnd', 500000000), models.F('id'), name='product_by_cost'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['listing', 'updated_at', 'id'], name='product_by_change'),
        ),
        migrations.AddIndex(
            model_name='product',
            index=models.Index(fields=['listing', 'made_at', 'id'], name='product_by_making'),
        ),
        migrations.AddIndex(
            model_name='ocopcertificate',
            index=models.Index(fields=['product', 'state', 'expires_on'], name='certificate_by_product'),
        ),
        migrations.RunPython(make, drop, elidable=False),
    ]
