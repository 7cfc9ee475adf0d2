import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('places', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='Vendor',
            fields=[
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('private_metadata', models.JSONField(blank=True, default=dict)),
                ('translations', models.JSONField(blank=True, default=dict)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('slug', models.SlugField(max_length=80, unique=True)),
                ('name', models.CharField(max_length=160)),
                ('kind', models.CharField(choices=[('household', 'Household'), ('cooperative', 'Cooperative'), ('enterprise', 'Enterprise')], max_length=12)),
                ('stall_label', models.CharField(blank=True, max_length=40)),
                ('address_line', models.CharField(blank=True, max_length=200)),
                ('phone', models.CharField(max_length=16)),
                ('registration_number', models.CharField(blank=True, max_length=40)),
                ('alcohol_licence_number', models.CharField(blank=True, max_length=60)),
                ('story', models.TextField(blank=True)),
                ('verification', models.CharField(choices=[('none', 'None'), ('declared', 'Declared'), ('verified_by_staff', 'Verified By Staff'), ('vneid', 'Vneid')], default='none', max_length=20)),
                ('verified_at', models.DateTimeField(blank=True, null=True)),
                ('refusal_reason', models.CharField(blank=True, max_length=300)),
                ('folded', models.CharField(max_length=200)),
                ('sort_key', models.CharField(max_length=400)),
                ('is_demo', models.BooleanField(default=False)),
                ('made_at', models.DateTimeField()),
                ('commune', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='vendors', to='places.commune')),
                ('market_site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='vendors', to='places.marketsite')),
                ('verified_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['commune', 'verification'], name='vendor_by_commune'), models.Index(fields=['sort_key', 'id'], name='vendor_by_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('verification', 'verified_by_staff'), _negated=True), models.Q(('verified_at__isnull', False), ('verified_by__isnull', False)), _connector='OR'), name='vendor_verified_when_and_by_whom')],
            },
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('seller', 'Seller')], max_length=8)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to='vendors.vendor')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('vendor', 'user'), name='member_once')],
            },
        ),
        migrations.CreateModel(
            name='BankAccount',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('bin', models.CharField(max_length=6)),
                ('account_number', models.CharField(max_length=19)),
                ('account_name', models.CharField(max_length=60)),
                ('memo_prefix', models.CharField(blank=True, max_length=6)),
                ('is_active', models.BooleanField(default=True)),
                ('confirmed_at', models.DateTimeField(blank=True, null=True)),
                ('made_at', models.DateTimeField()),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='bank_accounts', to='vendors.vendor')),
            ],
            options={
                'indexes': [models.Index(fields=['account_number', 'bin'], name='account_by_number')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('is_active', True)), fields=('vendor',), name='one_active_account'), models.UniqueConstraint(fields=('vendor', 'bin', 'account_number'), name='account_once_a_vendor')],
            },
        ),
        migrations.CreateModel(
            name='Warehouse',
            fields=[
                ('metadata', models.JSONField(blank=True, default=dict)),
                ('private_metadata', models.JSONField(blank=True, default=dict)),
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('kind', models.CharField(choices=[('shop', 'Shop'), ('stall', 'Stall'), ('ocop_point', 'Ocop Point')], default='shop', max_length=10)),
                ('name', models.CharField(max_length=120)),
                ('address_line', models.CharField(blank=True, max_length=200)),
                ('pick_up', models.BooleanField(default=True)),
                ('is_active', models.BooleanField(default=True)),
                ('market_site', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, to='places.marketsite')),
                ('vendor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='warehouses', to='vendors.vendor')),
            ],
            options={
                'indexes': [models.Index(fields=['vendor', 'is_active'], name='warehouse_by_vendor')],
            },
        ),
    ]
