import catalog.slug_fields
from catalog.slug_fields import slug_of_text
from django.db import migrations

ROWS_AT_ONCE = 1000


def fill(apps, schema_editor):
    """Give every variant that is there the slugs of its words; each later one gets them when it is written."""
    variants = apps.get_model('catalog', 'ProductVariant').objects
    last = 0
    while rows := list(variants.filter(pk__gt=last).only('pk', 'name', 'unit').order_by('pk')[:ROWS_AT_ONCE]):
        for row in rows:
            row.kind_slug, row.unit_slug = slug_of_text(row.name or row.unit), slug_of_text(row.unit)
        variants.bulk_update(rows, ['kind_slug', 'unit_slug'], batch_size=200)
        last = rows[-1].pk


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
