import catalog.slug_fields
from catalog.slug_fields import slug_of_text
from django.db import connection, migrations

ROWS_AT_ONCE = 10_000
UPDATE = 'UPDATE catalog_productvariant SET kind_slug = %s, unit_slug = %s WHERE id = %s'
"""One statement for many rows: Django's `bulk_update` takes forty times as long, a quarter of an hour for a million."""


def fill(apps, schema_editor):
    """Give every variant that is there the slugs of its words; each later one gets them when it is written."""
    variants = apps.get_model('catalog', 'ProductVariant').objects.order_by('pk').values_list('pk', 'name', 'unit')
    last = 0
    while rows := list(variants.filter(pk__gt=last)[:ROWS_AT_ONCE]):
        slugs = [(slug_of_text(name or unit), slug_of_text(unit), key) for key, name, unit in rows]
        with connection.cursor() as cursor:
            cursor.executemany(UPDATE, slugs)
        last = rows[-1][0]


class Migration(migrations.Migration):

    dependencies = [
        ('catalog', '0008_listing_elsewhere'),
    ]

    operations = [
        migrations.AddField(
            model_name='productvariant',
            name='kind_slug',
            field=catalog.slug_fields.SlugOfText(blank=True, editable=False, max_length=60, of=('name', 'unit')),
        ),
        migrations.AddField(
            model_name='productvariant',
            name='unit_slug',
            field=catalog.slug_fields.SlugOfText(blank=True, editable=False, max_length=60, of=('unit',)),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
