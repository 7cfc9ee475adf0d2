import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Lease',
            fields=[
                ('name', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('holder', models.UUIDField(default=uuid.uuid4)),
                ('expires_at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='ClientRequest',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('action', models.CharField(max_length=64)),
                ('client_id', models.UUIDField()),
                ('owner', models.CharField(max_length=80)),
                ('answer', models.CharField(max_length=200)),
                ('fingerprint', models.CharField(max_length=64)),
                ('made_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['made_at'], name='client_request_by_age')],
                'constraints': [models.UniqueConstraint(fields=('action', 'owner', 'client_id'), name='client_request_once')],
            },
        ),
        migrations.CreateModel(
            name='JournalEvent',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=64)),
                ('aggregate_type', models.CharField(max_length=32)),
                ('aggregate_id', models.CharField(max_length=64)),
                ('actor_id', models.BigIntegerField(null=True)),
                ('on_behalf_of_id', models.BigIntegerField(null=True)),
                ('happened_at', models.DateTimeField()),
                ('day', models.DateField(null=True)),
                ('data', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['aggregate_type', 'aggregate_id', 'id'], name='journal_by_aggregate'), models.Index(fields=['kind', 'id'], name='journal_by_kind'), models.Index(condition=models.Q(('day__isnull', False)), fields=['day', 'id'], name='journal_by_day')],
            },
        ),
        migrations.CreateModel(
            name='SecurityCounter',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=80)),
                ('day', models.DateField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'subject', 'day'), name='security_counter_once')],
            },
        ),
        migrations.CreateModel(
            name='JournalDelivery',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('subscriber', models.CharField(max_length=64)),
                ('aggregate', models.CharField(max_length=100)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('not_before', models.DateTimeField()),
                ('problem', models.CharField(blank=True, max_length=200)),
                ('event', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='deliveries', to='core.journalevent')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'done'), _negated=True), fields=['subscriber', 'aggregate', 'event'], name='delivery_in_order'), models.Index(fields=['state', 'event', 'id'], name='delivery_by_state')],
                'constraints': [models.UniqueConstraint(fields=('event', 'subscriber'), name='delivery_once_a_subscriber')],
            },
        ),
    ]
