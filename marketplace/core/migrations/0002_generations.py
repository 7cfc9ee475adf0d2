from django.db import migrations, models

SHARDS = 16
NAMES = ("catalogue", "stock")


def lay_out(apps, schema_editor):
    Generation = apps.get_model("core", "Generation")
    Generation.objects.bulk_create(
        Generation(name=name, shard=shard) for name in NAMES for shard in range(SHARDS)
    )


class Migration(migrations.Migration):

    dependencies = [
        ('core', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Generation',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=32)),
                ('shard', models.PositiveSmallIntegerField()),
                ('number', models.PositiveBigIntegerField(default=0)),
                ('raised_by', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('name', 'shard'), name='generation_once_a_shard')],
            },
        ),
        migrations.RunPython(lay_out, migrations.RunPython.noop),
    ]
